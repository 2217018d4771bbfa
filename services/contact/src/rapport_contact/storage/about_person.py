"""Which rows are about a person, of whichever table: what would go with the person, and what is kept of rights."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from rapport_contact.storage.tables import person
from rapport_kit.schema.ids import any_of
from rapport_kit.uow import UnitOfWork, tenant_predicate


async def identities(uow: UnitOfWork, person_id: UUID) -> Sequence[UUID]:
    """A person's id, and those of whoever was merged into the person."""
    mine = tenant_predicate(person, uow.tenant)
    former = sa.select(person.c.id).where(mine, person.c.merged_into == person_id).order_by(person.c.id)
    return [person_id, *await uow.connection.scalars(former)]


class AboutPerson:
    """The rows about some ids of one person which the caller may read."""

    def __init__(self, uow: UnitOfWork, ids: Collection[UUID]) -> None:
        self._uow = uow
        self._ids = any_of(ids)

    def __call__(self, table: sa.Table, parts: Collection[sa.Table] = ()) -> sa.ColumnElement[bool] | None:
        """Those of a table that name the person themselves or in one of their parts; None when none of it can."""
        found = [self._named(column, table.c.id) for column in _naming(table)]
        found += [self._named(column, part.c[f"{table.name}_id"]) for part in parts for column in _naming(part)]
        return sa.and_(table.c.id.in_(sa.union_all(*found)), self._uow.visible(table)) if found else None

    def _named(self, column: sa.Column[UUID], id_: sa.Column[UUID]) -> sa.Select[Any]:
        return sa.select(id_).where(tenant_predicate(column.table, self._uow.tenant), column == self._ids)


def _naming(table: sa.Table) -> Iterator[sa.Column[UUID]]:
    """The columns with whom a row is about; not those whose keys do not cascade, as of who made somebody known."""
    if table is person:
        yield table.c.id
    keys = [key for key in table.foreign_key_constraints if (key.ondelete or "").upper() == "CASCADE"]
    named = {each.parent for key in keys for each in key.elements if each.column is person.c.id}
    yield from (column for column in table.c if column in named or column.name == "person_id")
