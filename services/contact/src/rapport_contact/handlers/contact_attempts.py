"""Attempts at contacting people, and what they say of the next one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from rapport.contact.v1 import contact_attempts_pb2 as pb
from rapport_contact.domain.contact_attempt import ContactAttempt, Responsiveness
from rapport_contact.domain.person import Person
from rapport_contact.handlers.visible_customers import check_person, require_customer
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.codec import Codec
from rapport_kit.crud import Resource

responsiveness: Codec[Any] = Codec(Responsiveness, pb.Responsiveness)


class ContactAttempts(Resource[ContactAttempt]):
    """ContactAttemptService."""

    serves = pb.DESCRIPTOR.services_by_name["ContactAttemptService"]
    entity = ContactAttempt
    message = pb.ContactAttempt

    async def admit(self, entity: ContactAttempt, uow: ContactUnitOfWork, changed: Collection[str]) -> None:
        """An attempt is at somebody whom the caller may see, and dated."""
        await check_person("contact_attempt.person_id", entity.person_id, uow, part=True)
        entity.attempt_time = entity.attempt_time or uow.now

    async def get_responsiveness(self, request: pb.GetResponsivenessRequest, uow: ContactUnitOfWork) -> Any:
        """How likely a person is to respond by each channel."""
        person_id = await require_customer(Person, request.person_id, uow, part=True)
        return responsiveness.to_message(await uow.contact_attempts.responsiveness(person_id, uow.now))
