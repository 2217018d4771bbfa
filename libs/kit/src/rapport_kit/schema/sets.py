"""Writes rows as sets: one statement for any number of rows of several tables.

The rows of a table travel as one JSON parameter, so that the text of a statement depends on its tables alone and is
prepared once. ADR 6 says what that saves against an array for each column.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from rapport_kit.database import Database, driver_of
from rapport_kit.turns import turn

Row = dict[str, Any]
"""One row: values by column, each None or something that `json_value` gave or JSON has a form for."""

Convert = Callable[[Any], Any]

_DIALECT: Final = postgresql.dialect()  # type: ignore[no-untyped-call]


class Sink:
    """One table, and the columns that are given when rows are written to it; the server fills the others.

    With `ordered`, rows are inserted in their order, and so numbered in it by an identity column.
    """

    def __init__(self, table: sa.Table, columns: Iterable[str] = (), *, ordered: bool = False) -> None:
        self.table = table
        self.columns = [table.c[name] for name in columns] or list(table.c)
        self._ordered = ordered

    def insert(self, parameter: int, after: str = "") -> str:
        """The statement that writes the rows in parameter number `parameter`, once there is a row of `after`."""
        names = ", ".join(_quoted(column.name) for column in self.columns)
        types = ", ".join(f"{_quoted(column.name)} {_sent_type(column)}" for column in self.columns)
        values = ", ".join(map(_stored, self.columns))
        rows = f"ROWS FROM (jsonb_to_recordset(${parameter}::text::jsonb) AS ({types}))"
        order = " WITH ORDINALITY ORDER BY ordinality" if self._ordered else ""
        into = f"INSERT INTO {_quoted(self.table.name)} ({names})"
        first = f"{after}, " if after else ""
        return f"{into} SELECT {values} FROM {first}{rows}{order}"  # noqa: S608 - names of ours, quoted


class Batch:
    """Rows that wait to be written together."""

    def __init__(self) -> None:
        self._rows: dict[Sink, list[Row]] = {}

    def __bool__(self) -> bool:
        return bool(self._rows)

    def add(self, sink: Sink, row: Row) -> None:
        """Write `row` with the rest; rows of one table keep their order."""
        self._rows.setdefault(sink, []).append(row)

    async def write(self, connection: AsyncConnection) -> None:
        """Write what waits, in one statement: foreign keys among its rows are checked when all of them are there."""
        if self._rows:
            rows, self._rows = self._rows, {}
            driver = await driver_of(connection)
            await driver.execute(_statement(tuple(rows)), *await _sent(rows))

    async def write_alone(self, database: Database, tenant: UUID, *, timeout: float) -> None:
        """The same as a transaction of its own: the statement binds row-level security to `tenant` by itself."""
        if self._rows:
            rows, self._rows = self._rows, {}
            statement = _statement_alone(tuple(rows))
            await database.write_alone(statement, str(tenant), *await _sent(rows), timeout=timeout)


def json_value(column: sa.Column[Any]) -> Convert | None:
    """How a value of `column` is made ready for JSON; None for one that is already."""
    kind = column.type
    if isinstance(kind, sa.TypeDecorator) and type(kind).process_bind_param is not sa.TypeDecorator.process_bind_param:
        return lambda value: kind.process_bind_param(value, _DIALECT)
    return _real if isinstance(kind, sa.Float) else None


@lru_cache(maxsize=1024)
def _statement(sinks: tuple[Sink, ...]) -> str:
    return _joined([sink.insert(place) for place, sink in enumerate(sinks, 1)])


@lru_cache(maxsize=1024)
def _statement_alone(sinks: tuple[Sink, ...]) -> str:
    """Every row waits for the setting that it is checked by: it is joined with it."""
    bound = "bound AS MATERIALIZED (SELECT set_config('rapport.tenant', $1, true))"
    return _joined([sink.insert(place, "bound") for place, sink in enumerate(sinks, 2)], bound)


def _joined(inserts: list[str], *before: str) -> str:
    *others, last = inserts
    named = ", ".join([*before, *(f"_{place} AS ({insert})" for place, insert in enumerate(others, 1))])
    return f"WITH {named} {last}" if named else last


def _quoted(name: str) -> str:
    return str(_DIALECT.identifier_preparer.quote(name))


def _sent_type(column: sa.Column[Any]) -> str:
    sent = getattr(column.type, "sent_as", column.type)
    return str(sent.compile(_DIALECT))


def _stored(column: sa.Column[Any]) -> str:
    """The expression for the stored value, as the column's type has it."""
    name: sa.ColumnElement[Any] = sa.literal_column(_quoted(column.name))
    bind: Any = column.type.bind_expression
    expression = bind(name)
    return str((name if expression is None else expression).compile(dialect=_DIALECT))


async def _sent(rows: Mapping[Sink, list[Row]]) -> list[str]:
    sent = []
    for each in rows.values():
        sent.append(_json(each))
        await turn()
    return sent


def _json(rows: list[Row]) -> str:
    return orjson.dumps(rows, default=_leaf).decode()


def _leaf(value: object) -> str:
    """The text that PostgreSQL reads as a value that orjson does not know."""
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    if isinstance(value, UUID | Decimal):  # the driver has a class of its own for UUIDs
        return str(value)
    raise TypeError(f"no column holds a {type(value).__name__}")


def _real(value: float | None) -> float | str | None:
    """JSON has no infinities; PostgreSQL reads them from text."""
    return value if value is None or math.isfinite(value) else str(value)
