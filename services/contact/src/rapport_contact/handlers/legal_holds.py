"""What can be done with legal holds."""

from __future__ import annotations

from collections.abc import Collection

from rapport.contact.v1 import legal_holds_pb2 as pb
from rapport_contact.domain.legal_hold import LegalHold
from rapport_contact.handlers.visible_customers import check_person
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.crud import Resource


class LegalHolds(Resource[LegalHold]):
    """LegalHoldService."""

    serves = pb.DESCRIPTOR.services_by_name["LegalHoldService"]
    entity = LegalHold
    message = pb.LegalHold

    async def admit(self, entity: LegalHold, uow: ContactUnitOfWork, changed: Collection[str]) -> None:
        """It is of somebody, whom nobody erases meanwhile."""
        if "person_id" in changed:
            entity.person_id = await check_person("legal_hold.person_id", entity.person_id, uow, lock=True)
