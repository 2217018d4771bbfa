"""Merging organisations, and parting them again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import cast
from uuid import UUID

from rapport.contact.v1 import events_pb2, organisations_pb2
from rapport.contact.v1 import organisation_merges_pb2 as pb
from rapport.contact.v1.merges_pb2 import FollowingRecords
from rapport_contact.domain.merge import OrganisationMerge, Union
from rapport_contact.domain.organisation import Organisation
from rapport_contact.handlers.merging import Below, Merging, Repositories
from rapport_contact.handlers.organisations import Organisations
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.crud import Resource
from rapport_kit.jobs import Tick

FOLLOW_ORGANISATION_MERGE = "contact.organisation_merge.follow"


class MergingOrganisations(Merging[Organisation]):
    """Organisations stand in a tree."""

    name, job = "organisation", FOLLOW_ORGANISATION_MERGE

    def repositories(self) -> Repositories:
        """See `Merging`."""
        return self.uow.organisation_merges, self.uow.organisation_following, self.uow.organisation_matching

    async def hold(self) -> None:
        """The tree stays as it is."""
        await self.uow.organisations.lock_tree()

    async def barred(self, group: Sequence[Organisation]) -> Collection[UUID]:
        """Those to be merged, and what is below any of them: as parents they would close a cycle."""
        ids = {each.id for each in group}
        parents = {each.parent_id for each in group if each.parent_id is not None}
        return {each for each in parents if not ids.isdisjoint(await self.uow.organisations.ancestors(each))}

    async def followed(self, records: Sequence[Organisation]) -> None:
        """Refuse what would close a cycle, or be too deep."""
        for each in records:
            if each.parent_id is not None:
                each.check_place(
                    above=await self.uow.organisations.ancestors(each.parent_id),
                    levels_below=await self.uow.organisations.levels_below(each.id),
                )

    def merged(self, union: Union, gone: Collection[UUID]) -> events_pb2.OrganisationsMerged:
        """See `Merging`."""
        return events_pb2.OrganisationsMerged(
            merge_id=str(union.id), organisation_id=str(union.survivor_id), merged_ids=map(str, gone)
        )

    def unmerged(self, union: Union, below: Below) -> events_pb2.OrganisationsUnmerged:
        """See `Merging`."""
        organisations = [
            events_pb2.UnmergedOrganisation(organisation_id=str(each), merged_ids=map(str, aliases))
            for each, aliases in below.items()
        ]
        return events_pb2.OrganisationsUnmerged(
            merge_id=str(union.id), organisation_id=str(union.survivor_id), organisations=organisations
        )


class OrganisationMerges(Resource[OrganisationMerge]):
    """OrganisationMergeService."""

    serves = pb.DESCRIPTOR.services_by_name["OrganisationMergeService"]
    entity = OrganisationMerge
    message = pb.OrganisationMerge

    async def preview_organisation_merge(
        self, request: pb.PreviewOrganisationMergeRequest, uow: ContactUnitOfWork
    ) -> pb.OrganisationMergePreview:
        """Try the merge on a copy of the survivor."""
        outcome, union, following = await MergingOrganisations(uow).preview(request)
        told = cast(pb.OrganisationMerge, self.resource.codec.to_message(cast(OrganisationMerge, union)))
        return pb.OrganisationMergePreview(
            organisation=cast(organisations_pb2.Organisation, Organisations.resource.codec.to_message(outcome)),
            fields=told.fields,
            channels=told.channels,
            external_ids=told.external_ids,
            following=[FollowingRecords(reference=name, count=count) for name, count in following.items()],
        )

    async def merge_organisations(
        self, request: pb.MergeOrganisationsRequest, uow: ContactUnitOfWork
    ) -> pb.OrganisationMerge:
        """See `Merging.merge`."""
        return uow.message(await MergingOrganisations(uow).merge(request))  # type: ignore[return-value]

    async def unmerge_organisations(
        self, request: pb.UnmergeOrganisationsRequest, uow: ContactUnitOfWork
    ) -> pb.OrganisationMerge:
        """See `Merging.unmerge`."""
        union = await MergingOrganisations(uow).unmerge(request, request.organisation_id)
        return uow.message(union)  # type: ignore[return-value]


async def follow_organisation_merge(tick: Tick, uow: ContactUnitOfWork) -> None:
    """Have the next rows follow a merge of organisations, or go back."""
    await MergingOrganisations(uow).carry_on(tick.key)
