"""The pairs of records that may be one, kept in step with the records; and how far that is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from rapport_contact.domain.duplicate import Pair
from rapport_contact.domain.matching.model import Match
from rapport_contact.domain.membership import MemberKind
from rapport_contact.storage.match_keys import fingerprint
from rapport_contact.storage.matching import Matched
from rapport_contact.storage.tables import duplicate_scan, schema
from rapport_kit.schema.ids import any_of
from rapport_kit.uow import UnitOfWork, tenant_predicate

Ids = tuple[UUID, UUID]
LOCK: Final = "contact.duplicates"


class Duplicates:
    """All pairs of the tenant; `of` says of which kind of records."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow

    async def lock(self) -> None:
        """Let no other job of the tenant look for pairs until this transaction ends: two would find the same."""
        await self.uow.hold(LOCK)

    async def keep(
        self,
        of: Matched,
        looked_at: Collection[UUID],
        found: Mapping[Ids, Match],
        keys: Mapping[UUID, Collection[str]],
    ) -> None:
        """Have stored what was found of the records `looked_at`, and withdraw what was not found again.

        `keys` are the stored keys of all records in `found`.
        """
        pairs = {_ids(of, each): each for each in await self._about(of, looked_at)}
        for pair, match in found.items():
            candidate = pairs.pop(pair, None) or self._new(of, pair)
            candidate.find(match, fingerprint(keys[each] for each in pair))
        for candidate in pairs.values():
            candidate.withdraw(self.uow.now)

    async def rekey(self, of: Matched, keys: Mapping[UUID, Collection[str]]) -> None:
        """Put the stored keys of records right: they may have been written by another version, or not at all."""
        tenant, key, owner = self.uow.tenant, of.keys.c.key, of.keys.c[of.column]
        wanted = {(each, who) for who, theirs in keys.items() for each in theirs}
        theirs = sa.and_(tenant_predicate(of.keys, tenant), owner == any_of(keys))
        stored = {(each, who) for each, who in await self.uow.connection.execute(sa.select(key, owner).where(theirs))}
        if stale := stored - wanted:
            await self.uow.connection.execute(
                sa.delete(of.keys).where(theirs, sa.tuple_(key, owner).in_(sorted(stale)))
            )
        if lacking := sorted(wanted - stored):
            new = [{"tenant": tenant, "key": each, of.column: who} for each, who in lacking]
            await self.uow.connection.execute(insert(of.keys).on_conflict_do_nothing(), new)

    async def settle(self, of: Matched, survivor: UUID, gone: Collection[UUID], by: UUID) -> None:
        """Others became a record: so they are the same, and nothing else is like those that are gone any more."""
        for pair in await self._about(of, gone):
            if {survivor, *gone} >= {*_ids(of, pair)}:
                pair.settle_as_one(by, self.uow.now)
            else:
                pair.withdraw(self.uow.now)

    async def settled(self, of: Matched, records: Collection[UUID]) -> set[Ids]:
        """The pairs among some records that were settled because they became one."""
        pairs = {_ids(of, each) for each in await self._about(of, records) if each.settled}
        return {pair for pair in pairs if {*records} >= {*pair}}

    async def part(
        self, of: Matched, parted: Mapping[Ids, Match], keys: Mapping[UUID, Collection[str]], by: UUID
    ) -> None:
        """Some pairs are not one after all: whoever parted them said so. `keys` are the stored ones of all."""
        stored = {_ids(of, each): each for each in await self._about(of, keys)}
        for pair, match in parted.items():
            candidate = stored.get(pair) or self._new(of, pair)
            candidate.part(match, fingerprint(keys[each] for each in pair), by, self.uow.now)

    def _new(self, of: Matched, pair: Ids) -> Pair:
        named: dict[str, Any] = dict(zip(of.names, pair, strict=True))
        candidate: Pair = of.pairs(**named)
        self.uow.add(candidate)
        return candidate

    async def _about(self, of: Matched, records: Collection[UUID]) -> Sequence[Pair]:
        """The stored pairs of any of these records, locked."""
        asked = any_of(records)
        table = schema.table(of.pairs)
        statement = (
            sa.select(of.pairs)
            .where(tenant_predicate(table, self.uow.tenant), sa.or_(*(table.c[name] == asked for name in of.names)))
            .order_by(table.c.id)
            .with_for_update(key_share=True, of=table)
        )
        return [self.uow.see(each) for each in await (await self.uow.session()).scalars(statement)]


def _ids(of: Matched, candidate: Pair) -> Ids:
    one, other = (getattr(candidate, name) for name in of.names)
    return one, other


def row_of(tenant: UUID, kind: MemberKind) -> UUID:
    """The id of the row that says how far the search of a kind is: the tenant's for people, else one made of it."""
    return tenant if kind is MemberKind.PEOPLE else uuid5(tenant, kind)


class DuplicateScans:
    """How far the search is for each kind: through all records by id, and through those changed by when they were."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow

    async def find(self, kind: MemberKind) -> sa.Row[Any] | None:
        """The tenant's row for a kind; None before the first search."""
        mine = tenant_predicate(duplicate_scan, self.uow.tenant)
        statement = sa.select(duplicate_scan).where(mine, duplicate_scan.c.id == row_of(self.uow.tenant, kind))
        found: sa.Row[Any] | None = (await self.uow.connection.execute(statement)).one_or_none()
        return found

    async def put(self, kind: MemberKind, **values: Any) -> None:
        """Set columns of the tenant's row for a kind."""
        key = {"tenant": self.uow.tenant, "id": row_of(self.uow.tenant, kind)}
        empty = {"running": False, "scanned": 0, "skipped_keys": 0}
        await self.uow.connection.execute(
            insert(duplicate_scan)
            .values(key | empty | values)
            .on_conflict_do_update(index_elements=list(key), set_=values)
        )

    async def slice(self, of: Matched, after: UUID | None, most: int) -> list[UUID]:
        """The ids of the next records by id."""
        table = of.records
        statement = sa.select(table.c.id).where(tenant_predicate(table, self.uow.tenant))
        if after is not None:
            statement = statement.where(table.c.id > after)
        return list(await self.uow.connection.scalars(statement.order_by(table.c.id).limit(most)))
