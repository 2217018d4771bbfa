"""Merging people, and parting them again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import cast
from uuid import UUID

from rapport.contact.v1 import events_pb2, people_pb2
from rapport.contact.v1 import merges_pb2 as pb
from rapport_contact.domain.legal_hold import Terms
from rapport_contact.domain.lifecycle import LifecycleMove, MoveCause
from rapport_contact.domain.merge import Merge, Union
from rapport_contact.domain.person import Person
from rapport_contact.handlers.merging import Below, Merging, Repositories
from rapport_contact.handlers.milestones import keep_birthday
from rapport_contact.handlers.people import People
from rapport_contact.handlers.privacy_requests import keep_barred
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.crud import Resource
from rapport_kit.errors import Refused
from rapport_kit.jobs import Tick

FOLLOW_MERGE = "contact.merge.follow"


class MergingPeople(Merging[Person]):
    """People have a birthday, and a way through the lifecycle."""

    name, job = "person", FOLLOW_MERGE

    def repositories(self) -> Repositories:
        """See `Merging`."""
        return self.uow.merges, self.uow.following, self.uow.matching

    async def check(self, group: Sequence[Person]) -> None:
        """Keep those apart whom the law holds on different terms: an erasure of both as one would keep too much.

        Which holds these are is not for everybody who may merge.
        """
        ids = [each.id for each in group]
        holds = await self.uow.legal_holds.in_force([*ids, *await self.unions.lock_aliases(ids)])
        terms: dict[UUID, set[Terms]] = {}
        for hold in holds:
            terms.setdefault(hold.person_id, set()).add(hold.terms)
        if len({frozenset(each) for each in terms.values()}) > 1:
            raise Refused("LEGAL_HOLDS_DIFFER", "they are under different legal holds")

    async def changed(self, survivor: Person, before: Person) -> None:
        """The birthday follows the birth date; another stage is a move."""
        await keep_birthday(survivor, self.uow)
        stage, former = survivor.lifecycle_stage, before.lifecycle_stage
        if stage is not former:
            self.uow.lifecycle_moves.enter(
                LifecycleMove(person_id=survivor.id, from_stage=former, to_stage=stage, cause=MoveCause.MERGE)
            )

    async def parted(self, union: Union) -> None:
        """Whoever objected while they were one has objected for each."""
        assert union.create_time is not None, "a stored merge is dated"
        await keep_barred(union.survivor_id, union.merged_ids, union.create_time, self.uow)

    def merged(self, union: Union, gone: Collection[UUID]) -> events_pb2.PeopleMerged:
        """See `Merging`."""
        survivor = str(union.survivor_id)
        return events_pb2.PeopleMerged(merge_id=str(union.id), person_id=survivor, merged_ids=map(str, gone))

    def unmerged(self, union: Union, below: Below) -> events_pb2.PeopleUnmerged:
        """See `Merging`."""
        people = [
            events_pb2.UnmergedPerson(person_id=str(each), merged_ids=map(str, aliases))
            for each, aliases in below.items()
        ]
        return events_pb2.PeopleUnmerged(merge_id=str(union.id), person_id=str(union.survivor_id), people=people)


class Merges(Resource[Merge]):
    """MergeService."""

    serves = pb.DESCRIPTOR.services_by_name["MergeService"]
    entity = Merge
    message = pb.Merge

    async def preview_merge(self, request: pb.PreviewMergeRequest, uow: ContactUnitOfWork) -> pb.MergePreview:
        """Try the merge on a copy of the survivor."""
        outcome, union, following = await MergingPeople(uow).preview(request)
        told = cast(pb.Merge, self.resource.codec.to_message(cast(Merge, union)))
        return pb.MergePreview(
            person=cast(people_pb2.Person, People.resource.codec.to_message(outcome)),
            fields=told.fields,
            channels=told.channels,
            external_ids=told.external_ids,
            following=[pb.FollowingRecords(reference=name, count=count) for name, count in following.items()],
        )

    async def merge_people(self, request: pb.MergePeopleRequest, uow: ContactUnitOfWork) -> pb.Merge:
        """See `Merging.merge`."""
        return uow.message(await MergingPeople(uow).merge(request))  # type: ignore[return-value]

    async def unmerge_people(self, request: pb.UnmergePeopleRequest, uow: ContactUnitOfWork) -> pb.Merge:
        """See `Merging.unmerge`."""
        return uow.message(await MergingPeople(uow).unmerge(request, request.person_id))  # type: ignore[return-value]


async def follow_merge(tick: Tick, uow: ContactUnitOfWork) -> None:
    """Have the next rows follow a merge of people, or go back."""
    await MergingPeople(uow).carry_on(tick.key)
