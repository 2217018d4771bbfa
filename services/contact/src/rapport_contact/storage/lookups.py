"""Statements that look up each of many keys.

PostgreSQL takes a tenant that is newer than its statistics for one of a few rows. It then rather reads all of them than
looks for a thousand keys, again and again while an import makes them hundreds of thousands. So what is to be done first
is said here, and is done through the index that has the key.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.selectable import LateralFromClause
from sqlalchemy.types import TypeEngine

TENANT = sa.bindparam("tenant", type_=sa.Uuid)


def keys(kind: TypeEngine[Any], *names: str) -> sa.TableValuedAlias:
    """Keys that are asked for: one array of `kind` for each of their parts, as the parameters that `names` says."""
    arrays = [sa.bindparam(name, type_=sa.ARRAY(kind)) for name in names]
    return sa.func.unnest(*arrays).table_valued(*names).render_derived("asked")


def of_each(rows: sa.Select[Any], name: str) -> LateralFromClause:
    """The rows for each row that they refer to, by which the planner has to begin: no OFFSET is looked through."""
    return rows.offset(sa.literal_column("0")).lateral(name)


async def plan_once(connection: AsyncConnection, *, anew: bool = False) -> None:
    """Have the statements of this transaction planned for any tenant (ADR 15), not for what is thought of this one.

    With `anew` those too that were planned before: tables that were all but empty then are read whole, until
    PostgreSQL itself notices how they grew.
    """
    if anew:
        await connection.execute(sa.text("DISCARD PLANS"))
    await connection.execute(sa.text("SELECT set_config('plan_cache_mode', 'force_generic_plan', true)"))
