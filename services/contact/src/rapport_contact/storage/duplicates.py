"""The pairs of people who may be one, kept in step with the people; and how far that is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from rapport_contact.domain.duplicate import DuplicateCandidate
from rapport_contact.domain.matching.features import Features
from rapport_contact.domain.matching.model import Match, Model
from rapport_contact.storage.match_keys import fingerprint, hidden_keys
from rapport_contact.storage.tables import duplicate_candidate, duplicate_scan, match_key, person
from rapport_kit.uow import Repository, tenant_predicate

Pair = tuple[UUID, UUID]
LOCK: Final = "contact.duplicates"


class Duplicates(Repository[DuplicateCandidate]):
    """All pairs of the tenant."""

    entity = DuplicateCandidate

    async def lock(self) -> None:
        """Let no other job of the tenant look for pairs until this transaction ends: two would find the same."""
        await self.uow.connection.execute(
            sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(f"{LOCK}/{self.uow.tenant}", 0)))
        )

    async def keep(
        self, looked_at: Collection[UUID], found: Mapping[Pair, Match], known: Mapping[UUID, Features]
    ) -> None:
        """Have stored what was found of the people `looked_at`, and withdraw what was not found again.

        `known` are the features of everybody in `found`.
        """
        pairs = {(each.person_id, each.other_person_id): each for each in await self._about(looked_at)}
        keys = {each: hidden_keys(self.uow.tenant, features) for each, features in known.items()}
        for pair, match in found.items():
            candidate = pairs.pop(pair, None) or self.add(
                DuplicateCandidate(person_id=pair[0], other_person_id=pair[1])
            )
            candidate.find(match, fingerprint(keys[each] for each in pair))
        for candidate in pairs.values():
            candidate.withdraw(self.uow.now)

    async def rekey(self, known: Mapping[UUID, Features]) -> None:
        """Put the stored keys of people right: they may have been written by another version, or not at all."""
        table, tenant = match_key.c, self.uow.tenant
        wanted = {(key, who) for who, features in known.items() for key in hidden_keys(tenant, features)}
        theirs = sa.and_(
            tenant_predicate(match_key, tenant), table.person_id == sa.any_(sa.literal(list(known), sa.ARRAY(sa.Uuid)))
        )
        stored = {
            (key, who)
            for key, who in await self.uow.connection.execute(sa.select(table.key, table.person_id).where(theirs))
        }
        if stale := stored - wanted:
            await self.uow.connection.execute(
                sa.delete(match_key).where(theirs, sa.tuple_(table.key, table.person_id).in_(sorted(stale)))
            )
        if lacking := sorted(wanted - stored):
            new = [{"tenant": tenant, "key": key, "person_id": who} for key, who in lacking]
            await self.uow.connection.execute(insert(match_key).on_conflict_do_nothing(), new)

    async def settle(self, people: Collection[UUID], by: UUID) -> None:
        """Some people became one: so they are the same, and what the others were like counts no more."""
        for pair in await self._about(people):
            if pair.person_id in people and pair.other_person_id in people:
                pair.settle_as_one(by, self.uow.now)

    async def unsettle(self, survivor: UUID, known: Mapping[UUID, Features], model: Model, by: UUID) -> None:
        """Some people, whose features are `known`, did not become one after all: whoever parted them said so.

        That is kept of the survivor and each other one, and of whom else the merge had settled.
        """
        stored = {(each.person_id, each.other_person_id): each for each in await self._about(known)}
        parted = {(min(survivor, each), max(survivor, each)) for each in known if each != survivor}
        settled = {pair for pair, each in stored.items() if each.settled and known.keys() >= {*pair}}
        for one, other in sorted(parted | settled):
            candidate = stored.get((one, other)) or self.add(DuplicateCandidate(person_id=one, other_person_id=other))
            keys = (hidden_keys(self.uow.tenant, known[each]) for each in (one, other))
            candidate.part(model.compare(known[one], known[other]), fingerprint(keys), by, self.uow.now)

    async def withdraw(self, people: Collection[UUID]) -> None:
        """Nobody is like these people any more."""
        for pair in await self._about(people):
            pair.withdraw(self.uow.now)

    async def _about(self, people: Collection[UUID]) -> Sequence[DuplicateCandidate]:
        """The stored pairs of any of these people, locked."""
        any_of = sa.any_(sa.literal(list(people), sa.ARRAY(sa.Uuid)))
        table = duplicate_candidate.c
        statement = (
            sa.select(DuplicateCandidate)
            .where(
                tenant_predicate(duplicate_candidate, self.uow.tenant),
                sa.or_(table.person_id == any_of, table.other_person_id == any_of),
            )
            .order_by(table.id)
            .with_for_update(key_share=True, of=duplicate_candidate)
        )
        return [self.uow.see(each) for each in await (await self.uow.session()).scalars(statement)]


class DuplicateScans:
    """How far the search is: through all people by id, and through those that changed by the time they did."""

    def __init__(self, uow: Any) -> None:
        self.uow = uow

    async def find(self) -> sa.Row[Any] | None:
        """The tenant's row; None before the first search."""
        mine = tenant_predicate(duplicate_scan, self.uow.tenant)
        statement = sa.select(duplicate_scan).where(mine, duplicate_scan.c.id == self.uow.tenant)
        found: sa.Row[Any] | None = (await self.uow.connection.execute(statement)).one_or_none()
        return found

    async def put(self, **values: Any) -> None:
        """Set columns of the tenant's row."""
        empty = {"tenant": self.uow.tenant, "id": self.uow.tenant, "running": False, "scanned": 0, "skipped_keys": 0}
        await self.uow.connection.execute(
            insert(duplicate_scan)
            .values(empty | values)
            .on_conflict_do_update(index_elements=["tenant", "id"], set_=values)
        )

    async def slice(self, after: UUID | None, most: int) -> list[UUID]:
        """The ids of the next people by id."""
        statement = sa.select(person.c.id).where(tenant_predicate(person, self.uow.tenant))
        if after is not None:
            statement = statement.where(person.c.id > after)
        return list(await self.uow.connection.scalars(statement.order_by(person.c.id).limit(most)))

    async def changed(
        self, since: tuple[datetime, UUID] | None, until: datetime, most: int
    ) -> Sequence[tuple[datetime, UUID]]:
        """When people changed last and who, the earliest first, after `since` and before `until`."""
        place = sa.tuple_(person.c.update_time, person.c.id)
        statement = sa.select(person.c.update_time, person.c.id).where(
            tenant_predicate(person, self.uow.tenant), person.c.update_time < until
        )
        if since is not None:
            statement = statement.where(place > sa.tuple_(*map(sa.literal, since)))
        rows = await self.uow.connection.execute(statement.order_by(person.c.update_time, person.c.id).limit(most))
        return [(row.update_time, row.id) for row in rows]
