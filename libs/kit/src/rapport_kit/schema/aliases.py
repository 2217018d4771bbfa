"""Records that became others: their ids lead to those, in one step and in the statement that asks (see `Mergeable`).

Under row-level security an index is used only for what PostgreSQL knows to leak nothing. COALESCE is not among that,
CASE is, and so is the result of a select that stands alone: it is worked out before the rows are looked for.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from rapport_kit.schema.ids import any_of
from rapport_kit.schema.tenancy import tenant_predicate

TOLD = "told_"
"""`told_person_id` is beside `person_id` whom a row was about when it was written; empty when that is the same."""

Id = UUID | sa.BindParameter[UUID]


def is_mergeable(table: sa.FromClause) -> bool:
    """Whether the records of a table can become others."""
    return "merged_into" in table.c


def current_id(table: sa.FromClause, tenant: Id, id: Id) -> Any:  # noqa: A002 - the column's name
    """The id of the record that answers for `id`."""
    if not is_mergeable(table):
        return id
    former = _former(table)
    mine = tenant_predicate(former, tenant)
    found = sa.select(former.c.merged_into).where(mine, former.c.id == id).correlate(None).scalar_subquery()
    return sa.select(sa.func.coalesce(found, id)).scalar_subquery()


@cache
def _former(table: sa.FromClause) -> sa.FromClause:
    """The records of a table as what they were; made once, since that takes longer than to run a statement on it."""
    return table.alias("former")


def answering(former: sa.FromClause) -> sa.ColumnElement[UUID]:
    """The id of the record that answers for a row of `former`: its own, or that of what it became."""
    return sa.case((former.c.merged_into.is_(None), former.c.id), else_=former.c.merged_into)


def asked(statement: sa.Select[Any], table: sa.FromClause, tenant: Id, ids: Collection[UUID]) -> sa.Select[Any]:
    """`statement` on `table` for the records that answer for `ids`; its last column, `asked`, says for which."""
    former = _former(table) if is_mergeable(table) else table
    statement = statement.add_columns(former.c.id.label("asked"))
    if former is not table:
        same = sa.and_(former.c.tenant == table.c.tenant, table.c.id == answering(former))
        statement = statement.join(former, same)
    wanted = any_of(ids)
    return statement.where(tenant_predicate(former, tenant), former.c.id == wanted)


def told(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """Whom a row was about when it was written, by the column that says whom it is about now."""
    return sa.func.coalesce(column.table.c[TOLD + column.name], column)


def followed(column: sa.Column[Any]) -> sa.Table | None:
    """The table whose current ids a column has: its own as their key, or another's that it follows; None without one.

    What stays with a record that became another, as its history does, is still found by that one's id.
    """
    if column.name == "id":
        return column.table if is_mergeable(column.table) else None
    if TOLD + column.name not in column.table.c:
        return None
    return next(key.column.table for key in column.foreign_keys)


def following(target: sa.Table) -> list[sa.Column[Any]]:
    """The columns that refer to `target` and follow what becomes of it: those with a `told_` column beside them."""
    columns = (
        key.parent
        for table in target.metadata.sorted_tables
        for constraint in sorted(table.foreign_key_constraints, key=lambda one: str(one.name))
        for key in constraint.elements
        if key.column.table is target and key.column.name == "id"
    )
    return [column for column in columns if TOLD + column.name in column.table.c]
