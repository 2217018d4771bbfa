"""Deletes a person with all that hangs on it, but for what a legal hold keeps, and keeps the receipts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from rapport_contact.domain.legal_hold import HeldData, LegalHold
from rapport_contact.domain.person import LifecycleStage
from rapport_contact.storage.tables import (
    activity,
    activity_participant,
    consent,
    erasure,
    legal_hold,
    note,
    person,
    schema,
    subject_key,
    task,
)
from rapport_kit.domain import uuid7
from rapport_kit.schema.ids import any_of
from rapport_kit.uow import Repository, UnitOfWork, tenant_predicate

HELD: Final[Mapping[HeldData, tuple[sa.Table, ...]]] = {
    HeldData.ACTIVITIES: (activity, activity_participant),
    HeldData.CONSENTS: (consent,),
    HeldData.NOTES: (note,),
    HeldData.TASKS: (task,),
}
"""The tables of what a hold keeps beside the person's own row."""
NAMES: Final = {"display_name", "given_name", "family_name", "middle_name", "name_prefix", "name_suffix"}
SHELL: Final = {"tenant", "id", "sequence", "create_time", "owner_id", "team_id", "lifecycle_stage"}
"""What is left of the row of a person of whom something is held: whatever that hangs on, and nothing of the person."""


class LegalHolds(Repository[LegalHold]):
    """All legal holds of the tenant."""

    entity = LegalHold

    async def in_force(self, people: Collection[UUID]) -> list[LegalHold]:
        """The holds on any of these people, the oldest first; they stay as they are until the transaction ends."""
        statement = (
            sa.select(LegalHold)
            .where(
                tenant_predicate(legal_hold, self.uow.tenant),
                legal_hold.c.person_id.in_(people),
                legal_hold.c.delete_time.is_(None),
                sa.or_(legal_hold.c.until_time.is_(None), legal_hold.c.until_time > self.uow.now),
            )
            .order_by(legal_hold.c.id)
            .with_for_update(read=True)
        )
        return [self.uow.see(hold) for hold in await (await self.uow.session()).scalars(statement)]


class Erasures:
    """What was erased in the tenant."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def receipt(self, person_id: UUID) -> str | None:
        """The receipt of a person who was erased before."""
        mine = sa.and_(tenant_predicate(erasure, self._uow.tenant), erasure.c.id == person_id)
        found: str | None = await self._uow.connection.scalar(sa.select(erasure.c.receipt).where(mine))
        return found

    async def state(self) -> tuple[int, datetime | None]:
        """What is another whenever somebody was erased, however long that took: how many were, and when the latest."""
        mine = tenant_predicate(erasure, self._uow.tenant)
        asked = sa.select(sa.func.count(), sa.func.max(erasure.c.erase_time)).where(mine)
        count, latest = (await self._uow.connection.execute(asked)).one()
        return count, latest

    async def among(self, ids: Collection[UUID]) -> set[UUID]:
        """Those of `ids` that are of somebody who was erased."""
        mine = tenant_predicate(erasure, self._uow.tenant)
        asked = sa.select(erasure.c.id).where(mine, erasure.c.id == any_of(ids))
        return set((await self._uow.connection.execute(asked)).scalars())

    async def any_since(self, time: datetime) -> bool:
        """Whether anybody was erased since."""
        mine = tenant_predicate(erasure, self._uow.tenant)
        found = sa.select(sa.literal(1)).where(mine, erasure.c.erase_time >= time).limit(1)
        return await self._uow.connection.scalar(found) is not None

    async def keep(self, person_id: UUID, receipt: str) -> None:
        """Keep a receipt, for good; in the place of one that said that something was held."""
        said = {"erase_time": self._uow.now, "receipt": receipt}
        statement = insert(erasure).values(tenant=self._uow.tenant, id=person_id, **said)
        await self._uow.connection.execute(statement.on_conflict_do_update(index_elements=["tenant", "id"], set_=said))

    async def shred_key(self, person_id: UUID) -> str:
        """Destroy the key; the SHA-256 of what was stored of it, empty when there was nothing."""
        mine = sa.and_(tenant_predicate(subject_key, self._uow.tenant), subject_key.c.subject == person_id)
        wrapped = await self._uow.connection.scalar(sa.delete(subject_key).where(mine).returning(subject_key.c.wrapped))
        self._uow.subject_keys.forget(self._uow.tenant, person_id)
        return "" if wrapped is None else sha256(wrapped).hexdigest()

    async def delete(self, person_id: UUID) -> dict[str, int]:
        """Delete the person's row, what cascades from it, and timers that name the person; how many rows by table."""
        tenant, connection = self._uow.tenant, self._uow.connection
        mine = sa.and_(tenant_predicate(person, tenant), person.c.id == person_id)
        counts = {"person": 1}
        for table, rows in _dependants(person, mine, tenant, ()):
            counts[table.name] = counts.get(table.name, 0) + await self._count(table, rows)
        counts["timer"] = await self._delete_timers(person_id)
        await connection.execute(sa.delete(person).where(mine))
        return {str(name): count for name, count in counts.items() if count}

    async def strip(self, person_id: UUID, aliases: Collection[UUID], kept: Collection[HeldData]) -> dict[str, int]:
        """Delete all but what is held, of the person's own row too, and of those who were merged into the person.

        What is left is in the trash. How many rows are gone, by table.

        The person's row is deleted and made anew while what is held is somebody else's, rather than emptied: whoever
        is adding something to the person at the same time is refused by the foreign key then, as after a deletion.
        """
        tenant, connection = self._uow.tenant, self._uow.connection
        held = [table for each in kept for table in HELD.get(each, ())]
        stand_in = await self._stand_in()
        await self._hand_over(held, [person_id, *aliases], stand_in)
        spared = SHELL | (NAMES if HeldData.NAMES in kept else set())
        mine = sa.and_(tenant_predicate(person, tenant), person.c.id == person_id)
        left = sa.select(*(person.c[name] for name in spared), person.c.version).where(mine).with_for_update()
        shell = (await connection.execute(left)).mappings().one()
        counts = await self.delete(person_id)
        merged = sa.and_(tenant_predicate(person, tenant), person.c.id.in_(aliases))
        await connection.execute(sa.delete(person).where(merged))
        now = {"version": shell["version"] + 1, "update_time": self._uow.now, "delete_time": self._uow.now}
        await connection.execute(sa.insert(person).values(**{**shell, **now}))
        await self._hand_over(held, [stand_in], person_id)
        await connection.execute(sa.delete(person).where(tenant_predicate(person, tenant), person.c.id == stand_in))
        return {name: count for name, count in counts.items() if name != "person"}

    async def _hand_over(self, held: Collection[sa.Table], people: Collection[UUID], to: UUID) -> None:
        """Let what is held of some people be about another."""
        for table in held:
            theirs = sa.and_(tenant_predicate(table, self._uow.tenant), table.c.person_id.in_(people))
            await self._uow.connection.execute(sa.update(table).where(theirs).values(person_id=to))

    async def _stand_in(self) -> UUID:
        """Somebody whom what is held can be about while the person's row is made anew."""
        now, id_ = self._uow.now, uuid7()
        values = {"create_time": now, "update_time": now, "delete_time": now, "lifecycle_stage": LifecycleStage.OTHER}
        await self._uow.connection.execute(sa.insert(person).values(tenant=self._uow.tenant, id=id_, **values))
        return id_

    async def _count(self, table: sa.Table, rows: sa.ColumnElement[bool]) -> int:
        statement = sa.select(sa.func.count()).select_from(table).where(rows)
        return int(await self._uow.connection.scalar(statement) or 0)

    async def _delete_timers(self, person_id: UUID) -> int:
        """Delete the timers that name the person."""
        timer = schema.frame.timer
        named = sa.and_(tenant_predicate(timer, self._uow.tenant), sa.func.strpos(timer.c.key, str(person_id)) > 0)
        return (await self._uow.connection.execute(sa.delete(timer).where(named))).rowcount


def _dependants(
    table: sa.Table, rows: sa.ColumnElement[bool], tenant: UUID, above: tuple[sa.Table, ...]
) -> Iterator[tuple[sa.Table, sa.ColumnElement[bool]]]:
    """The tables whose rows go when `rows` of `table` do, each with the condition that finds them."""
    for dependant, found in _direct(table, rows, tenant):
        if dependant not in above:
            yield dependant, found
            yield from _dependants(dependant, found, tenant, (*above, table))


def _direct(
    table: sa.Table, rows: sa.ColumnElement[bool], tenant: UUID
) -> Iterator[tuple[sa.Table, sa.ColumnElement[bool]]]:
    """Those that refer to `rows` themselves, by each of their keys."""
    for dependant in schema.metadata.sorted_tables:
        for key in dependant.foreign_key_constraints:
            if dependant is not table and key.referred_table is table and (key.ondelete or "").upper() == "CASCADE":
                yield dependant, sa.and_(tenant_predicate(dependant, tenant), _refers(key, table, rows))


def _refers(key: sa.ForeignKeyConstraint, table: sa.Table, rows: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """The rows that a foreign key, of the tenant and one other column, ties to `rows`."""
    pairs: list[tuple[Any, Any]] = [(each.parent, each.column) for each in key.elements]
    ((referring, referred),) = [pair for pair in pairs if pair[1].name != "tenant"]
    return referring.in_(sa.select(referred).select_from(table).where(rows))  # type: ignore[no-any-return]
