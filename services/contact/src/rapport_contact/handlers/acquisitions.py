"""How customers found the company."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from rapport.contact.v1 import acquisitions_pb2 as pb
from rapport_contact.domain.acquisition import Acquisition
from rapport_contact.domain.person import Person
from rapport_contact.handlers.visible_customers import check_person, require_customer
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.crud import Resource
from rapport_kit.uow import not_found


class Acquisitions(Resource[Acquisition]):
    """AcquisitionService."""

    serves = pb.DESCRIPTOR.services_by_name["AcquisitionService"]
    entity = Acquisition
    message = pb.Acquisition

    async def admit(self, entity: Acquisition, uow: ContactUnitOfWork, changed: Collection[str]) -> None:
        """A touch is of somebody whom the caller may see; the first one captured is the first for good."""
        person_id = await check_person("acquisition.person_id", entity.person_id, uow, part=True, lock=True)
        if entity.referrer_person_id is not None:
            await check_person("acquisition.referrer_person_id", entity.referrer_person_id, uow, part=True)
        entity.capture_time = entity.capture_time or uow.now
        entity.first_touch = await uow.acquisitions.first(person_id) is None

    async def get_first_touch(self, request: pb.GetFirstTouchRequest, uow: ContactUnitOfWork) -> Any:
        """The touch that brought a person."""
        person_id = await require_customer(Person, request.person_id, uow, part=True)
        first = await uow.acquisitions.first(person_id)
        if first is None:
            raise not_found(Acquisition, person_id)
        return await self.reader(uow).get(uow, str(first))
