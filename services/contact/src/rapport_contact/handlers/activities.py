"""What can be done with activities."""

from __future__ import annotations

from collections.abc import Collection

from rapport.contact.v1 import activities_pb2 as pb
from rapport_contact.domain.activity import Activity
from rapport_contact.domain.contacting import ContactChannel
from rapport_contact.domain.person import Person
from rapport_contact.handlers.admission import settle_owner
from rapport_contact.handlers.visible_customers import check_about, check_customers
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.crud import Resource


class Activities(Resource[Activity]):
    """ActivityService."""

    serves = pb.DESCRIPTOR.services_by_name["ActivityService"]
    entity = Activity
    message = pb.Activity

    async def admit(self, entity: Activity, uow: ContactUnitOfWork, changed: Collection[str]) -> None:
        """Who did it and who took part must exist; and a person who wants no more calls is heard at once."""
        if "owner_id" in changed:
            await settle_owner(entity, uow, field="activity")
        if "person_id" in changed:
            await check_about(entity, uow, field="activity")
        if "participants" in changed:
            await self._check_participants(entity, uow)
        if "call_outcome" in changed and entity.asks_for_no_calls:
            entity.request_no_calls(uow.now)
            assert entity.person_id is not None, "settle sees to that"
            uow.consents.deny(entity.person_id, channel=ContactChannel.PHONE, reason="do_not_call")

    async def _check_participants(self, activity: Activity, uow: ContactUnitOfWork) -> None:
        named = {f"activity.participants[{place}].person_id": one for place, one in enumerate(activity.participants)}
        await check_customers(Person, {path: one.person_id for path, one in named.items()}, uow)
