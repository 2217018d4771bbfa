"""What can be done with organisations."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import cast

from rapport.contact.v1 import organisations_pb2 as pb
from rapport_contact.domain.organisation import Organisation
from rapport_contact.handlers.admission import default_region, foresee_owners, settle_owner
from rapport_contact.handlers.duplicates import look_for_described, look_for_known, with_found
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.crud import Resource


class Organisations(Resource[Organisation]):
    """OrganisationService."""

    serves = pb.DESCRIPTOR.services_by_name["OrganisationService"]
    entity = Organisation
    message = pb.Organisation
    computed = ("duplicate_candidates",)

    async def foresee(self, messages: Sequence[pb.Organisation], uow: ContactUnitOfWork) -> None:
        """See `foresee_owners`."""
        await foresee_owners(messages, uow)

    async def context(self, message: pb.Organisation, uow: ContactUnitOfWork) -> dict[str, str]:
        """See `default_region`."""
        return await default_region(message.channels, uow)

    async def admit(self, entity: Organisation, uow: ContactUnitOfWork, changed: Collection[str]) -> None:
        """See `settle_owner`; and keep the tree a tree."""
        if "owner_id" in changed:
            await settle_owner(entity, uow, field="organisation")
        if "parent_id" in changed and entity.parent_id is not None:
            await uow.organisations.lock_tree()
            entity.check_place(
                above=await uow.organisations.ancestors(entity.parent_id),
                levels_below=await uow.organisations.levels_below(entity.id),
            )

    async def admit_new(
        self,
        entities: Sequence[Organisation],
        requests: Sequence[pb.CreateOrganisationRequest],
        uow: ContactUnitOfWork,
    ) -> None:
        """See `look_for_known`."""
        await look_for_known(entities, requests, uow.organisation_matching, "organisation")

    def answer(self, entity: Organisation, uow: ContactUnitOfWork) -> pb.Organisation:
        """The organisation, and which it may be."""
        return with_found(cast(pb.Organisation, super().answer(entity, uow)), entity, uow.organisation_matching)

    async def find_duplicate_organisations(
        self, request: pb.FindDuplicateOrganisationsRequest, uow: ContactUnitOfWork
    ) -> pb.FindDuplicateOrganisationsResponse:
        """See `look_for_described`."""
        matching = uow.organisation_matching
        likely, skipped = await look_for_described(self, request.organisation, "organisation", matching, uow)
        return pb.FindDuplicateOrganisationsResponse(duplicate_candidates=likely, skipped_keys=skipped)
