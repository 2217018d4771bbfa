"""Merging people, and parting them again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from rapport.contact.v1 import events_pb2, people_pb2
from rapport.contact.v1 import merges_pb2 as pb
from rapport_contact.domain.lifecycle import LifecycleMove, MoveCause
from rapport_contact.domain.merge import Merge, MergeState, become, draft, part, plan, revive
from rapport_contact.domain.person import LifecycleStage, Person
from rapport_contact.handlers.milestones import keep_birthday
from rapport_contact.handlers.people import People
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.crud import Resource
from rapport_kit.errors import Invalid, NotFound, Refused, Stale
from rapport_kit.jobs import Tick, schedule

FOLLOW_MERGE = "contact.merge.follow"
AT_ONCE = 2_000
"""Rows that follow in one transaction; more of them go in slices behind it."""


class Merges(Resource[Merge]):
    """MergeService."""

    serves = pb.DESCRIPTOR.services_by_name["MergeService"]
    entity = Merge
    message = pb.Merge

    async def preview_merge(self, request: pb.PreviewMergeRequest, uow: ContactUnitOfWork) -> pb.MergePreview:
        """Try the merge on a copy of the survivor."""
        survivor, losers = await _people(request, uow)
        outcome = draft(survivor)
        merge = plan(outcome, losers, request.field_choices, await uow.profile.region())
        told = cast(pb.Merge, self.resource.codec.to_message(merge))
        following = await uow.following.count(merge.merged_ids)
        return pb.MergePreview(
            person=cast(people_pb2.Person, People.resource.codec.to_message(outcome)),
            fields=told.fields,
            channels=told.channels,
            external_ids=told.external_ids,
            following=[pb.FollowingRecords(reference=name, count=count) for name, count in following.items()],
        )

    async def merge_people(self, request: pb.MergePeopleRequest, uow: ContactUnitOfWork) -> pb.Merge:
        """The losers first: what is unique is theirs until then."""
        survivor, losers = await _people(request, uow)
        _check_etags(request.etags, [survivor, *losers])
        region, before = await uow.profile.region(), survivor.lifecycle_stage
        were = [draft(each) for each in losers]
        handed = plan(draft(survivor), were, request.field_choices, region).external_ids
        aliases = await uow.merges.lock_aliases([each.id for each in losers])
        for each in losers:
            become(each, survivor.id, handed, uow.now)
        await uow.settle()
        merge = plan(survivor, were, request.field_choices, region)
        await keep_birthday(survivor, uow)
        merge.actor_id = uow.principal.subject
        uow.merges.add(merge)
        _enter_move(survivor, before, uow)
        gone = [*merge.merged_ids, *aliases]
        survivor.record(
            events_pb2.PeopleMerged(merge_id=str(merge.id), person_id=str(survivor.id), merged_ids=map(str, gone))
        )
        await uow.settle()
        await uow.merges.point(aliases, survivor.id)
        await uow.duplicates.settle(uow.matching.of, {survivor.id, *merge.merged_ids}, uow.principal.subject)
        await uow.duplicates.withdraw(uow.matching.of, merge.merged_ids)
        await _follow(merge, survivor.id, uow)
        return uow.message(merge)  # type: ignore[return-value]

    async def unmerge_people(self, request: pb.UnmergePeopleRequest, uow: ContactUnitOfWork) -> pb.Merge:
        """The survivor first: what is unique is its until then."""
        merge = await uow.merges.get(await _asked(request, uow), etag=request.etag)
        survivor, *losers = await uow.merges.lock([merge.survivor_id, *merge.merged_ids])
        await _check_undo(merge, survivor, uow)
        below = {each.id: await uow.merges.below(each.id) for each in losers}
        await uow.merges.lock_aliases([survivor.id])
        region, before = await uow.profile.region(), survivor.lifecycle_stage
        returned = part(merge, survivor, losers, region)
        await keep_birthday(survivor, uow)
        _enter_move(survivor, before, uow)
        await uow.settle()
        for each in losers:
            revive(each, merge, returned)
        merge.undone(uow.principal.subject, uow.now)
        survivor.record(_unmerged(merge, below))
        await uow.settle()
        for loser, aliases in below.items():
            await uow.merges.point(aliases, loser)
        await _remember_difference(survivor.id, below, uow)
        await _follow(merge, survivor.id, uow)
        return uow.message(merge)  # type: ignore[return-value]


async def follow_merge(tick: Tick, uow: ContactUnitOfWork) -> None:
    """Have the next rows follow a merge, or go back."""
    merge = await uow.merges.find(tick.key)
    if merge is not None:
        await _follow(merge, await uow.subjects.current(merge.survivor_id), uow)


async def _follow(merge: Merge, survivor_id: UUID, uow: ContactUnitOfWork) -> None:
    if merge.state is MergeState.MERGED:
        moved = await uow.following.move(merge.merged_ids, survivor_id, AT_ONCE)
    else:
        people = [one for each in merge.merged_ids for one in (each, *await uow.merges.below(each))]
        moved = await uow.following.give_back(survivor_id, people, AT_ONCE)
    if moved >= AT_ONCE:
        await schedule(uow, FOLLOW_MERGE, str(merge.id), uow.now)


async def _remember_difference(survivor: UUID, parted: Collection[UUID], uow: ContactUnitOfWork) -> None:
    """Of the survivor and each other one, and of whom else the merge had settled."""
    matching = uow.matching
    known = await matching.features([survivor, *parted])
    pairs = {(min(survivor, each), max(survivor, each)) for each in parted}
    pairs |= await uow.duplicates.settled(matching.of, known)
    weighed = await matching.weigh(sorted(pairs), known)
    await uow.duplicates.part(matching.of, weighed, matching.keys(known), uow.principal.subject)


async def _people(
    request: pb.PreviewMergeRequest | pb.MergePeopleRequest, uow: ContactUnitOfWork
) -> tuple[Person, list[Person]]:
    """The survivor and the others, locked, if they can be merged.

    Raises:
        Invalid: somebody is named twice.
        Refused: somebody is merged already, or in the trash.
    """
    ids = [UUID(request.survivor_id), *map(UUID, request.ids)]
    if ids[0] in ids[1:]:
        raise Invalid.field("ids", "SELF", "nobody is merged into themselves")
    if len(set(ids)) < len(ids):
        raise Invalid.field("ids", "DUPLICATE", "names somebody twice")
    survivor, *losers = await uow.merges.lock(ids)
    for each in (survivor, *losers):
        if each.merged_into is not None:
            message = "the person was merged already: merge the one whom they became"
            raise Refused("PERSON_MERGED", message, id=each.id, merged_into=each.merged_into)
        if each.delete_time is not None:
            raise Refused("PERSON_DELETED", "the person is in the trash", id=each.id)
    return survivor, losers


def _check_etags(etags: Mapping[str, str], people: Sequence[Person]) -> None:
    versions = {str(each.id): f'"{each.version}"' for each in people}
    for id_, etag in etags.items():
        if id_ not in versions:
            raise Invalid.field("etags", "NOT_IN_MERGE", "must be of the people to be merged")
        if etag != versions[id_]:
            raise Stale("ETAG_MISMATCH", "the resource changed since it was read", id=id_, etag=etag)


async def _asked(request: pb.UnmergePeopleRequest, uow: ContactUnitOfWork) -> UUID:
    """The merge that is to be undone."""
    if bool(request.merge_id) == bool(request.person_id):
        raise Invalid.field("merge_id", "REQUIRED", "must be set, or person_id, and not both")
    if request.merge_id:
        return UUID(request.merge_id)
    found = await uow.merges.of_loser(UUID(request.person_id))
    if found is None:
        raise NotFound("MERGE_NOT_FOUND", "no such merge", person_id=request.person_id)
    return found


async def _check_undo(merge: Merge, survivor: Person, uow: ContactUnitOfWork) -> None:
    latest = await uow.merges.latest(survivor.id)
    if survivor.merged_into is not None and (above := await uow.merges.of_loser(survivor.id)) is not None:
        latest = await uow.merges.find(above)
    merge.check_undo(uow.now, latest)
    if survivor.delete_time is not None:
        raise Refused("PERSON_DELETED", "the person is in the trash", id=survivor.id)


def _enter_move(person: Person, before: LifecycleStage, uow: ContactUnitOfWork) -> None:
    if person.lifecycle_stage is not before:
        stage = person.lifecycle_stage
        uow.lifecycle_moves.enter(
            LifecycleMove(person_id=person.id, from_stage=before, to_stage=stage, cause=MoveCause.MERGE)
        )


def _unmerged(merge: Merge, below: Mapping[UUID, Sequence[UUID]]) -> Any:
    people = [
        events_pb2.UnmergedPerson(person_id=str(each), merged_ids=map(str, aliases)) for each, aliases in below.items()
    ]
    return events_pb2.PeopleUnmerged(merge_id=str(merge.id), person_id=str(merge.survivor_id), people=people)
