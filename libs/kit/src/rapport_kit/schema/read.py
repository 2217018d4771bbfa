"""The select that `Codec.row_to_message` reads: plain columns, and owned collections as JSON in the same row.

That saves the round trip of a second statement for the children. Values come as the driver gives them, so that no row
passes through a converter of SQLAlchemy's. What is no plain column is rendered here once: SQLAlchemy walks through
every part of a statement that is built anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from rapport_kit.privacy.at_rest import COLUMN
from rapport_kit.schema.children import Child
from rapport_kit.schema.columns import money_names
from rapport_kit.shape import Field, Kind, Shape

_DIALECT: Final = postgresql.dialect()  # type: ignore[no-untyped-call]


def read(shape: Shape, table: sa.Table, children: dict[str, Child], sensitive: Sequence[str] = ()) -> sa.Select[Any]:
    """Every field of `shape` that readers see, in its order, from `table`; then the box of what is sensitive."""
    columns: list[sa.ColumnElement[Any]] = []
    for field in shape.visible:
        if field.holds_owned:
            columns.append(_collection(children[field.name], table).label(field.name))
        else:
            columns += _columns(field, table)
    if sensitive:
        columns.append(table.c[COLUMN])
    return sa.select(*columns).select_from(table)


def _columns(field: Field, table: sa.Table) -> Iterator[sa.ColumnElement[Any]]:
    if field.kind is Kind.MONEY:
        yield from (table.c[name] for name in money_names(field))
    elif field.stored_as_json or field.kind is Kind.IDENTITY:
        yield _rendered(sa.cast(table.c[field.name], sa.Text())).label(field.name)
    else:
        yield _raw(table.c[field.name])


def _collection(child: Child, table: sa.Table) -> sa.ColumnElement[Any]:
    """All owned entities of one row, each an array of its fields, as text; None when there are none."""
    parts = [part for field in child.shape.visible for part in _json(field, child.table)]
    rows = sa.func.json_agg(sa.func.json_build_array(*parts).op("ORDER BY")(child.table.c.position))
    owner = child.table.c[child.owner_column]
    same = sa.and_(child.table.c.tenant == table.c.tenant, owner == table.c.id)
    collection = sa.select(sa.cast(rows, sa.Text())).where(same)
    # Rendered among the columns of `table`, so that its FROM holds the children alone.
    whole = str(sa.select(collection.correlate(table).scalar_subquery()).select_from(table).compile(dialect=_DIALECT))
    return sa.literal_column(whole.removeprefix("SELECT ").rpartition(" AS ")[0], sa.Text())


def _json(field: Field, table: sa.Table) -> Iterator[sa.ColumnElement[Any]]:
    if field.kind is Kind.MONEY:
        minor, currency = (table.c[name] for name in money_names(field))
        amount = sa.func.json_build_object(sa.text("'minor'"), minor, sa.text("'currency'"), currency)
        yield sa.case((minor.is_not(None), amount))
    elif field.kind is Kind.BINARY:
        yield sa.func.encode(table.c[field.name], sa.text("'base64'"))
    elif field.kind is Kind.DECIMAL:
        yield sa.cast(table.c[field.name], sa.Text())
    else:
        yield table.c[field.name]


def _rendered(expression: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The expression as text; it must have no parameters."""
    return sa.literal_column(str(expression.compile(dialect=_DIALECT)), expression.type)


def _raw(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """The column without its converter."""
    plain = column.type.impl if isinstance(column.type, sa.TypeDecorator) else None
    return column if plain is None else sa.type_coerce(column, plain).label(column.name)
