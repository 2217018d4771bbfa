"""The consent ledger, and the one answer to "may we contact this person?"."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from rapport.contact.v1 import consents_pb2 as pb
from rapport.contact.v1 import contacting_pb2
from rapport_contact.domain.consent import Consent
from rapport_contact.domain.contacting import ContactChannel, ContactVerdict, Purpose
from rapport_contact.handlers.visible_customers import check_person
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.codec import Codec
from rapport_kit.crud import Resource


@dataclass(frozen=True, kw_only=True)
class Check:
    """CheckContactRequest."""

    person_id: UUID
    purpose: Purpose
    channel: ContactChannel
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class BatchCheck:
    """BatchCheckContactRequest."""

    person_ids: list[UUID] = field(default_factory=list)
    purpose: Purpose
    channel: ContactChannel
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class WholeCheck:
    """CheckContactabilityRequest."""

    person_id: UUID
    at: datetime | None = None


checks = Codec(Check, pb.CheckContactRequest)
batch_checks = Codec(BatchCheck, pb.BatchCheckContactRequest)
whole_checks = Codec(WholeCheck, pb.CheckContactabilityRequest)
verdicts: Codec[Any] = Codec(ContactVerdict, contacting_pb2.ContactVerdict)


class Consents(Resource[Consent]):
    """ConsentService."""

    serves = pb.DESCRIPTOR.services_by_name["ConsentService"]
    entity = Consent
    message = pb.Consent

    async def admit(self, entity: Consent, uow: ContactUnitOfWork, changed: Collection[str]) -> None:
        """An entry is about somebody whom the caller may see, and dated."""
        await check_person("consent.person_id", entity.person_id, uow, part=True)
        entity.effective_time = entity.effective_time or uow.now

    async def check_contact(self, request: pb.CheckContactRequest, uow: ContactUnitOfWork) -> Any:
        """Ledger, addresses and quiet hours, in one ContactVerdict."""
        asked = checks.from_message(request)
        (reach,) = await uow.subjects.reach([asked.person_id])
        return verdicts.to_message(reach.check(asked.purpose, asked.channel, asked.at or uow.now))

    async def batch_check_contact(
        self, request: pb.BatchCheckContactRequest, uow: ContactUnitOfWork
    ) -> pb.BatchCheckContactResponse:
        """The same of many."""
        asked = batch_checks.from_message(request)
        found = await uow.subjects.reach(asked.person_ids)
        at = asked.at or uow.now
        checked: Any = [verdicts.to_message(reach.check(asked.purpose, asked.channel, at)) for reach in found]
        return pb.BatchCheckContactResponse(verdicts=checked)

    async def check_contactability(
        self, request: pb.CheckContactabilityRequest, uow: ContactUnitOfWork
    ) -> pb.CheckContactabilityResponse:
        """The same of one, whatever for and by whatever channel."""
        asked = whole_checks.from_message(request)
        (reach,) = await uow.subjects.reach([asked.person_id])
        at = asked.at or uow.now
        checked: Any = [
            verdicts.to_message(reach.check(purpose, channel, at)) for purpose in Purpose for channel in ContactChannel
        ]
        return pb.CheckContactabilityResponse(verdicts=checked)
