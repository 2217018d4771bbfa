"""What an operator does about timers that failed too often: list them, and have them tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from rapport_kit.schema.frame import Frame


@dataclass(frozen=True, slots=True)
class ParkedTimer:
    """A timer that is not tried any more; `due_at` is the time asked for, `error` says why the last attempt failed."""

    tenant: UUID
    kind: str
    key: str
    due_at: datetime
    attempts: int
    error: str


async def parked(system: AsyncConnection, frame: Frame, *, limit: int = 100) -> list[ParkedTimer]:
    """The parked timers of every tenant, those that were due first in front."""
    timer = frame.timer.c
    columns = (timer.tenant, timer.kind, timer.key, timer.due_at, timer.attempts, timer.error)
    statement = sa.select(*columns).where(timer.parked).order_by(timer.due_at, timer.kind, timer.key).limit(limit)
    return [ParkedTimer(*row) for row in await system.execute(statement)]


async def retry(system: AsyncConnection, frame: Frame, kind: str = "", key: str = "") -> int:
    """Have parked timers tried again at once, those of a kind and key where these are given; how many they are."""
    timer = frame.timer
    asked = [column == value for column, value in ((timer.c.kind, kind), (timer.c.key, key)) if value]
    again = {"parked": False, "attempts": 0, "try_at": sa.func.clock_timestamp()}
    return (await system.execute(sa.update(timer).where(timer.c.parked, *asked).values(again))).rowcount
