"""Fills the gauges that stand for a service's database: how much waits, and for how long."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy.pool import QueuePool

from rapport_kit.bus import gauges as bus
from rapport_kit.database import Database
from rapport_kit.database_errors import INTERRUPTIONS
from rapport_kit.schema.frame import Frame
from rapport_kit.telemetry import metrics

EVERY = 10.0

log = structlog.get_logger(__name__)


async def watch(service: str, app: Database, system: Database, frame: Frame) -> None:
    """Measure every ten seconds until cancelled; a database that is away leaves the last values."""
    while True:
        _pool(service, "app", app)
        _pool(service, "system", system)
        try:
            await _measure(service, system, frame)
        except INTERRUPTIONS as error:
            log.warning("gauges not measured", error=type(error).__name__)
        await asyncio.sleep(EVERY)


async def _measure(service: str, system: Database, frame: Frame) -> None:
    async with system.transaction() as connection:
        for lane, depth in (await bus.outbox_depth(connection, frame)).items():
            metrics.OUTBOX_DEPTH.labels(service, lane.name.lower()).set(depth)
        metrics.UNACKNOWLEDGED.labels(service).set(await bus.unacknowledged(connection, frame))
        for lane, age in (await bus.outbox_age(connection, frame)).items():
            metrics.OUTBOX_AGE.labels(service, lane.name.lower()).set(age)
        for source, lag in (await bus.consumer_lag(connection, frame)).items():
            metrics.CONSUMER_LAG.labels(service, source).set(lag)
        metrics.DEAD_LETTERS.labels(service).set(sum((await bus.dead_letters(connection, frame)).values()))
        metrics.TIMERS_LATE.labels(service).set(await bus.timers_late(connection, frame))
        metrics.TIMERS_PARKED.labels(service).set(await bus.timers_parked(connection, frame))


def _pool(service: str, name: str, database: Database) -> None:
    pool = database.engine.pool
    if isinstance(pool, QueuePool):
        metrics.POOL_CONNECTIONS.labels(service, name).set(pool.checkedout())
        metrics.POOL_SIZE.labels(service, name).set(pool.size())
