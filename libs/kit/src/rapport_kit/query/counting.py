"""How many rows a list has, without reading more of them than anyone wants to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

COUNT_CAP = 10_000


@dataclass(frozen=True, slots=True)
class Count:
    """A number of rows; `capped` when there are more than `size`, and how many more is not known."""

    size: int
    capped: bool


async def capped_count(connection: AsyncConnection, statement: Select[Any], cap: int = COUNT_CAP) -> Count:
    """Count the rows of `statement`, exactly up to `cap`; its order and limit do not matter.

    Never an estimate of the planner: those are made from the rows of all tenants.
    """
    found = statement.with_only_columns(literal(1)).order_by(None).limit(cap + 1).subquery()
    size = await connection.scalar(select(func.count()).select_from(found)) or 0
    return Count(min(size, cap), size > cap)
