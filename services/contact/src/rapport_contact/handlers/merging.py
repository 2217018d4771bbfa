"""Merging records of a kind, and parting them again: what people and organisations have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from google.protobuf.message import Message

from rapport_contact.domain.merge import MergeState, Union, become, draft, part, plan, revive
from rapport_contact.domain.record import ContactRecord
from rapport_contact.storage.following import Following
from rapport_contact.storage.matching import Matching
from rapport_contact.storage.merges import Unions
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.errors import Invalid, NotFound, Refused
from rapport_kit.jobs import schedule

AT_ONCE = 2_000
"""Rows that follow in one transaction; more of them go in slices behind it."""
R = TypeVar("R", bound=ContactRecord)
Below = Mapping[UUID, Sequence[UUID]]
"""Records that were parted, each with the ids that mean it from now on."""

Repositories = tuple[Unions, Following, Matching[Any, Any]]


class Merging(ABC, Generic[R]):
    """One merge or parting, in a unit of work. What differs between kinds of records is asked of a subclass."""

    name: ClassVar[str]
    job: ClassVar[str]
    """The timer of the slices that follow."""

    def __init__(self, uow: ContactUnitOfWork) -> None:
        self.uow = uow
        self.unions, self.following, self.matching = self.repositories()

    @abstractmethod
    def repositories(self) -> Repositories:
        """Where merges, what follows them, and pairs of this kind are kept."""

    async def hold(self) -> None:
        """Let nothing else move what is looked at beside the records, until this ends."""

    async def check(self, group: Sequence[R]) -> None:
        """Refuse what must not be merged, though each record by itself could be."""

    async def barred(self, group: Sequence[R]) -> Collection[UUID]:
        """What cannot be the survivor's parent."""
        return ()

    async def changed(self, survivor: R, before: R) -> None:
        """See to what hangs on the survivor's fields, before it is written."""

    async def followed(self, records: Sequence[R]) -> None:
        """Check what only stands once everything else has followed."""

    async def parted(self, union: Union) -> None:
        """See to what those who were parted keep of the time in which they were one."""

    @abstractmethod
    def merged(self, union: Union, gone: Collection[UUID]) -> Message:
        """The fact that others became the survivor."""

    @abstractmethod
    def unmerged(self, union: Union, below: Below) -> Message:
        """The fact that they are themselves again."""

    async def preview(self, request: Any) -> tuple[R, Union, dict[str, int]]:
        """Try the merge on a copy of the survivor: what that becomes, how, and how many rows would follow."""
        survivor, losers = await self._asked_for(request)
        outcome = draft(survivor)
        barred = await self.barred([survivor, *losers])
        union = plan(outcome, losers, request.field_choices, await self.uow.profile.region(), barred)
        return outcome, union, await self.following.count(union.merged_ids)

    async def merge(self, request: Any) -> Union:
        """The losers first: what is unique is theirs until then."""
        uow = self.uow
        survivor, losers = await self._asked_for(request)
        _check_etags(request.etags, [survivor, *losers])
        barred = await self.barred([survivor, *losers])
        region, before, were = await uow.profile.region(), draft(survivor), [draft(each) for each in losers]
        handed = plan(draft(survivor), were, request.field_choices, region, barred).external_ids
        aliases = await self.unions.lock_aliases([each.id for each in losers])
        for each in losers:
            become(each, survivor.id, handed, uow.now)
        await uow.settle()
        union = plan(survivor, were, request.field_choices, region, barred)
        union.actor_id = uow.principal.subject
        self.unions.add(union)
        await self.changed(survivor, before)
        survivor.record(self.merged(union, [*union.merged_ids, *aliases]))
        await uow.settle()
        await self.unions.point(aliases, survivor.id)
        await uow.duplicates.settle(self.matching.of, survivor.id, union.merged_ids, uow.principal.subject)
        await self.follow(union, survivor.id)
        await self.followed([survivor])
        return union

    async def unmerge(self, request: Any, loser_id: str) -> Union:
        """The survivor first: what is unique is its until then. `loser_id` may say which merge is meant."""
        uow = self.uow
        union = await self.unions.get(await self._meant(request.merge_id, loser_id), etag=request.etag)
        survivor, *losers = await self.unions.lock([union.survivor_id, *union.merged_ids])
        await self._check_undo(union, survivor)
        await self.hold()
        below = {each.id: await self.unions.below(each.id) for each in losers}
        await self.unions.lock_aliases([survivor.id])
        before = draft(survivor)
        returned = part(union, survivor, losers, await uow.profile.region())
        await self.changed(survivor, before)
        survivor.record(self.unmerged(union, below))
        await uow.settle()
        for each in losers:
            revive(each, union, returned)
        union.undone(uow.principal.subject, uow.now)
        await self.parted(union)
        await uow.settle()
        for loser, aliases in below.items():
            await self.unions.point(aliases, loser)
        await self._remember_difference(survivor.id, below)
        await self.follow(union, survivor.id)
        await self.followed([survivor, *losers])
        return union

    async def carry_on(self, union_id: str) -> None:
        """Have the next rows follow a merge, or go back."""
        union = await self.unions.find(union_id)
        if union is not None:
            await self.follow(union, await self.unions.current(union.survivor_id))

    async def follow(self, union: Union, survivor_id: UUID) -> None:
        """Have rows follow, or go back; the rest in a slice behind this one."""
        if union.state is MergeState.MERGED:
            moved = await self.following.move(union.merged_ids, survivor_id, AT_ONCE)
        else:
            records = [one for each in union.merged_ids for one in (each, *await self.unions.below(each))]
            moved = await self.following.give_back(survivor_id, records, AT_ONCE)
        if moved >= AT_ONCE:
            await schedule(self.uow, self.job, str(union.id), self.uow.now)

    async def _asked_for(self, request: Any) -> tuple[R, list[R]]:
        """The survivor and the others, locked, if they can be merged.

        Raises:
            Invalid: one is named twice.
            Refused: one is merged already, or in the trash.
        """
        ids = [UUID(request.survivor_id), *map(UUID, request.ids)]
        if ids[0] in ids[1:]:
            raise Invalid.field("ids", "SELF", "nothing is merged into itself")
        if len(set(ids)) < len(ids):
            raise Invalid.field("ids", "DUPLICATE", "names one twice")
        survivor, *losers = await self.unions.lock(ids)
        await self.hold()
        for each in (survivor, *losers):
            if each.merged_into is not None:
                message = f"the {self.name} was merged already: merge the one that it became"
                raise Refused(f"{self.name.upper()}_MERGED", message, id=each.id, merged_into=each.merged_into)
            self._check_live(each)
        await self.check([survivor, *losers])
        return survivor, losers

    async def _meant(self, union_id: str, loser_id: str) -> UUID:
        """The merge that is to be undone."""
        if bool(union_id) == bool(loser_id):
            raise Invalid.field("merge_id", "REQUIRED", f"must be set, or {self.name}_id, and not both")
        if union_id:
            return UUID(union_id)
        found = await self.unions.of_loser(UUID(loser_id))
        if found is None:
            raise NotFound("MERGE_NOT_FOUND", "no such merge", id=loser_id)
        return found

    async def _check_undo(self, union: Union, survivor: R) -> None:
        latest = await self.unions.latest(survivor.id)
        if survivor.merged_into is not None and (above := await self.unions.of_loser(survivor.id)) is not None:
            latest = await self.unions.find(above)
        union.check_undo(self.uow.now, latest)
        self._check_live(survivor)

    def _check_live(self, record: R) -> None:
        if record.delete_time is not None:
            raise Refused(f"{self.name.upper()}_DELETED", f"the {self.name} is in the trash", id=record.id)

    async def _remember_difference(self, survivor: UUID, parted: Collection[UUID]) -> None:
        """Of the survivor and each other one, and of what else the merge had settled.

        Parting may give a record back to an owner in whose reach the caller is not.
        """
        of = self.matching.of
        known = await self.matching.features([survivor, *parted], unseen=True)
        pairs = {(min(survivor, each), max(survivor, each)) for each in parted}
        pairs |= await self.uow.duplicates.settled(of, known)
        weighed = await self.matching.weigh(sorted(pairs), known)
        await self.uow.duplicates.part(of, weighed, self.matching.keys(known), self.uow.principal.subject)


def _check_etags(etags: Mapping[str, str], records: Sequence[ContactRecord]) -> None:
    named = {str(each.id): each for each in records}
    for id_, etag in etags.items():
        if id_ not in named:
            raise Invalid.field("etags", "NOT_IN_MERGE", "must be of those to be merged")
        named[id_].check_etag(etag)
