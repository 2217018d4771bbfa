"""Deletes a person with all that hangs on it, and keeps the receipts."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from rapport_contact.storage.tables import erasure, person, schema, subject_key
from rapport_kit.uow import UnitOfWork, tenant_predicate


class Erasures:
    """What was erased in the tenant."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def receipt(self, person_id: UUID) -> str | None:
        """The receipt of a person who was erased before."""
        mine = sa.and_(tenant_predicate(erasure, self._uow.tenant), erasure.c.id == person_id)
        found: str | None = await self._uow.connection.scalar(sa.select(erasure.c.receipt).where(mine))
        return found

    async def keep(self, person_id: UUID, receipt: str) -> None:
        """Keep a receipt, for good."""
        values = {"tenant": self._uow.tenant, "id": person_id, "erase_time": self._uow.now, "receipt": receipt}
        await self._uow.connection.execute(sa.insert(erasure).values(values))

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
            held = await connection.scalar(sa.select(sa.func.count()).select_from(table).where(rows))
            counts[table.name] = counts.get(table.name, 0) + int(held or 0)
        timer = schema.frame.timer
        named = sa.and_(tenant_predicate(timer, tenant), sa.func.strpos(timer.c.key, str(person_id)) > 0)
        counts["timer"] = (await connection.execute(sa.delete(timer).where(named))).rowcount
        await connection.execute(sa.delete(person).where(mine))
        return {str(name): count for name, count in counts.items() if count}


def _dependants(
    table: sa.Table, rows: sa.ColumnElement[bool], tenant: UUID, above: tuple[sa.Table, ...]
) -> Iterator[tuple[sa.Table, sa.ColumnElement[bool]]]:
    """The tables whose rows go when `rows` of `table` do, each with the condition that finds them."""
    for dependant in schema.metadata.sorted_tables:
        if dependant is table or dependant in above:
            continue
        for key in dependant.foreign_key_constraints:
            if key.referred_table is table and (key.ondelete or "").upper() == "CASCADE":
                found = sa.and_(tenant_predicate(dependant, tenant), _refers(key, table, rows))
                yield dependant, found
                yield from _dependants(dependant, found, tenant, (*above, table))


def _refers(key: sa.ForeignKeyConstraint, table: sa.Table, rows: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """The rows that a foreign key, of the tenant and one other column, ties to `rows`."""
    pairs: list[tuple[Any, Any]] = [(each.parent, each.column) for each in key.elements]
    ((referring, referred),) = [pair for pair in pairs if pair[1].name != "tenant"]
    return referring.in_(sa.select(referred).select_from(table).where(rows))  # type: ignore[no-any-return]
