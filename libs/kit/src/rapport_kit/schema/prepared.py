"""Statements that are compiled once and run on the driver itself.

SQLAlchemy adds more to a statement that it has compiled before than the driver takes to run it.
For hot statements only, whose values need no converter either way.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate

from rapport_kit.database import Database, driver_of

Statement = sa.Select[Any] | ReturningInsert[Any] | ReturningUpdate[Any]


class Prepared:
    """A statement with named parameters."""

    def __init__(self, statement: Statement) -> None:
        """Raises TypeError when there are values in the statement, which would have to be sent with each call."""
        self._statement = statement
        self._text, self._names = _compiled(statement)

    async def first(self, connection: AsyncConnection, /, **parameters: object) -> Any:
        """The first row, by place and by name, or None."""
        driver = await driver_of(connection)
        return await driver.fetchrow(self._text, *[parameters[name] for name in self._names])

    async def all(self, connection: AsyncConnection, /, **parameters: object) -> list[Any]:
        """Every row, by place and by name."""
        driver = await driver_of(connection)
        rows: list[Any] = await driver.fetch(self._text, *[parameters[name] for name in self._names])
        return rows

    async def all_alone(self, database: Database, tenant: UUID, timeout: float, /, **parameters: object) -> list[Any]:
        """`all` in one message instead of three: the select binds row-level security to `tenant` by itself.

        For selects that one index answers in its order, whoever asks: it is planned once, before the tenant is known
        (ADR 15).
        """
        values = [parameters[name] for name in self._names]
        return await database.fetch_alone(self._alone, *values, str(tenant), timeout=timeout)

    @cached_property
    def _alone(self) -> str:
        """The setting is made before the select is begun, since that refers to it; OFFSET 0 keeps the two apart."""
        assert isinstance(self._statement, sa.Select), "only a select can be alone"
        bound = sa.literal_column("bound.tenant").is_not(None)
        inner, names = _compiled(self._statement.where(bound))
        return (
            f"SELECT found.* FROM (SELECT set_config('rapport.tenant', ${len(names) + 1}, true) AS tenant) AS bound, "  # noqa: S608
            f"LATERAL ({inner} OFFSET 0) AS found"
        )


def _compiled(statement: Statement) -> tuple[str, list[str]]:
    compiled = statement.compile(dialect=asyncpg.dialect())  # type: ignore[no-untyped-call]
    names = compiled.positiontup or []
    if literals := [name for name in names if not compiled.binds[name].required]:
        raise TypeError(f"{', '.join(literals)}: a value in a prepared statement is a `literal_column`")
    return str(compiled), names
