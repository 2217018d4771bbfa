"""What telemetry shows of the bus and the timers; every connection is the system role's."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from rapport_kit.bus.claim import in_line
from rapport_kit.bus.relay import LEASE
from rapport_kit.cause import Lane
from rapport_kit.schema.frame import Frame


async def outbox_depth(connection: AsyncConnection, frame: Frame) -> dict[Lane, int]:
    """Committed events that are not numbered yet, by lane."""
    event = frame.event
    statement = sa.select(event.c.lane, sa.func.count()).where(event.c.published_seq.is_(None)).group_by(event.c.lane)
    found = {int(lane): int(count) for lane, count in await connection.execute(statement)}
    return {lane: found.get(int(lane), 0) for lane in Lane}


async def outbox_age(connection: AsyncConnection, frame: Frame) -> dict[Lane, float]:
    """Seconds since the oldest event was recorded that the broker has not acknowledged, by lane; 0 for none.

    Of those on their way only the first is looked at, which counts for its own lane.
    """
    event, lease = frame.event, frame.lease
    columns = (event.c.lane, event.c.recorded)
    reached = sa.select(lease.c.reached).where(lease.c.name == LEASE).scalar_subquery()
    sent = sa.select(*columns).where(event.c.published_seq > sa.func.coalesce(reached, 0))
    firsts = [sent.order_by(event.c.published_seq), *(in_line(event, *columns).where(event.c.lane >= x) for x in Lane)]
    found = sa.union_all(*(sa.select(first.limit(1).subquery()) for first in firsts)).subquery()
    age = sa.func.extract("epoch", sa.func.clock_timestamp() - sa.func.min(found.c.recorded))
    rows = await connection.execute(sa.select(found.c.lane, age).group_by(found.c.lane))
    ages = {int(lane): float(age) for lane, age in rows}
    return {lane: max(ages.get(int(lane), 0.0), 0.0) for lane in Lane}


async def unacknowledged(connection: AsyncConnection, frame: Frame) -> int:
    """Numbered events that the broker has not acknowledged."""
    lease = frame.lease
    return int(await connection.scalar(sa.select(lease.c.head - lease.c.reached).where(lease.c.name == LEASE)) or 0)


async def consumer_lag(connection: AsyncConnection, frame: Frame) -> dict[str, int]:
    """By source, how many of the events seen are not settled; read from storage, so up to a second old."""
    lease = frame.lease
    statement = sa.select(lease.c.name, lease.c.head - lease.c.reached).where(lease.c.name.startswith("consume:"))
    return {name.removeprefix("consume:"): int(lag) for name, lag in await connection.execute(statement)}


async def dead_letters(connection: AsyncConnection, frame: Frame) -> dict[str, int]:
    """Parked events by source."""
    letter = frame.dead_letter
    statement = sa.select(letter.c.source, sa.func.count()).group_by(letter.c.source)
    return {source: int(count) for source, count in await connection.execute(statement)}


async def timers_late(connection: AsyncConnection, frame: Frame) -> float:
    """Seconds by which the most overdue timer is late; parked ones do not count."""
    timer = frame.timer
    late = sa.func.extract("epoch", sa.func.clock_timestamp() - sa.func.min(timer.c.try_at))
    return max(float(await connection.scalar(sa.select(late).where(sa.not_(timer.c.parked))) or 0), 0.0)


async def timers_parked(connection: AsyncConnection, frame: Frame) -> int:
    """Timers that failed too often."""
    timer = frame.timer
    return int(await connection.scalar(sa.select(sa.func.count()).select_from(timer).where(timer.c.parked)) or 0)
