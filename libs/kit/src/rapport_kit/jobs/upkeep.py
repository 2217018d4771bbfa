"""What the frame's own tables need once an hour: partitions ahead, old months dropped, old request ids forgotten."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import sqlalchemy as sa
import structlog

from rapport_kit.bus.faults import describe
from rapport_kit.database import Database
from rapport_kit.database_errors import INTERRUPTIONS
from rapport_kit.schema.frame import DAYS_KEPT, MONTHS_AHEAD, REQUEST_HOURS_KEPT, Frame

HOUR = 3600.0
LOCK = 0x7261_7070_6F72_74
"""The advisory lock that keeps two processes from doing it at once."""

log = structlog.get_logger(__name__)


async def keep_up(system: Database, frame: Frame) -> None:
    """Do it at once and then hourly, until cancelled."""
    while True:
        try:
            await tidy(system, frame)
        except INTERRUPTIONS as error:
            log.warning("upkeep failed", error=describe(error))
        await asyncio.sleep(HOUR)


async def tidy(system: Database, frame: Frame, *, months_ahead: int = MONTHS_AHEAD, days_kept: int = DAYS_KEPT) -> bool:
    """One round; false when another process is at it."""
    request = frame.request
    horizon = sa.func.clock_timestamp() - timedelta(hours=REQUEST_HOURS_KEPT)
    async with system.transaction() as connection:
        if not await connection.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(LOCK))):
            return False
        await connection.execute(sa.delete(request).where(request.c.create_time < horizon))
        await connection.execute(sa.select(sa.func.event_partitions(months_ahead, days_kept)))
    return True
