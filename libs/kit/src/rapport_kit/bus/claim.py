"""Numbers unsent events in the order in which they will be published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from rapport_kit.bus.envelope import Envelope
from rapport_kit.cause import Lane
from rapport_kit.schema.frame import Frame

BULK_SHARE = 16
"""One in so many places of a batch is the bulk lane's even when live events fill it."""

Row = sa.Row[Any, Any, Any, Any, Any]


async def any_unsent(connection: AsyncConnection, frame: Frame) -> bool:
    """Whether there is anything to number; cheap enough to ask many times a second."""
    unsent = sa.select(sa.literal(1)).select_from(frame.event).where(frame.event.c.published_seq.is_(None)).limit(1)
    return await connection.scalar(unsent) is not None


async def number(connection: AsyncConnection, frame: Frame, head: int, batch: int) -> list[Envelope]:
    """Give the next numbers after `head` to at most about `batch` events and return those in that order.

    The caller holds the relay's lease. Live events come first; events of one aggregate keep their order whatever
    their lane, so that whoever reads by number reads each aggregate in sequence.
    """
    live = await _oldest(connection, frame, Lane.LIVE, batch)
    bulk = await _oldest(connection, frame, Lane.BULK, max(batch // BULK_SHARE, batch - len(live)))
    picked = {row.id: row for row in (*live, *bulk)}
    if bulk:
        # Only two lanes can overtake one another: what precedes a picked event of its aggregate comes along.
        picked |= {row.id: row for row in await _predecessors(connection, frame, picked.values())}
    return await _assign(connection, frame, head, sorted(picked.values(), key=lambda row: int(row.id)))


async def _oldest(connection: AsyncConnection, frame: Frame, lane: Lane, limit: int) -> Sequence[Row]:
    event = frame.event
    statement = (
        sa.select(event.c.id, event.c.recorded, event.c.tenant, event.c.aggregate, event.c.sequence)
        .where(event.c.published_seq.is_(None), event.c.lane == int(lane))
        .order_by(event.c.id)
        .limit(limit)
    )
    return (await connection.execute(statement)).all()


async def _predecessors(connection: AsyncConnection, frame: Frame, rows: Iterable[Row]) -> Sequence[Row]:
    event = frame.event
    newest: dict[tuple[Any, Any], int] = {}
    for row in rows:
        key = (row.tenant, row.aggregate)
        newest[key] = max(newest.get(key, 0), row.sequence)
    given = (
        sa.func.unnest(
            sa.bindparam("tenants", [tenant for tenant, _ in newest], pg.ARRAY(sa.Uuid)),
            sa.bindparam("aggregates", [aggregate for _, aggregate in newest], pg.ARRAY(sa.Uuid)),
            sa.bindparam("sequences", list(newest.values()), pg.ARRAY(sa.BigInteger)),
        )
        .table_valued(
            sa.column("tenant", sa.Uuid),
            sa.column("aggregate", sa.Uuid),
            sa.column("sequence", sa.BigInteger),
            name="given",
        )
        .render_derived()
    )
    statement = sa.select(event.c.id, event.c.recorded, event.c.tenant, event.c.aggregate, event.c.sequence).where(
        event.c.tenant == given.c.tenant,
        event.c.aggregate == given.c.aggregate,
        event.c.sequence < given.c.sequence,
        event.c.published_seq.is_(None),
    )
    return (await connection.execute(statement)).all()


async def _assign(connection: AsyncConnection, frame: Frame, head: int, rows: Sequence[Row]) -> list[Envelope]:
    event = frame.event
    given = (
        sa.func.unnest(
            sa.bindparam("ids", [row.id for row in rows], pg.ARRAY(sa.BigInteger)),
            sa.bindparam("times", [row.recorded for row in rows], pg.ARRAY(sa.TIMESTAMP(timezone=True))),
            sa.bindparam("numbers", list(range(head + 1, head + 1 + len(rows))), pg.ARRAY(sa.BigInteger)),
        )
        .table_valued(
            sa.column("id", sa.BigInteger),
            sa.column("recorded", sa.TIMESTAMP(timezone=True)),
            sa.column("number", sa.BigInteger),
            name="given",
        )
        .render_derived()
    )
    statement = (
        sa.update(event)
        .where(event.c.id == given.c.id, event.c.recorded == given.c.recorded)
        .values(published_seq=given.c.number)
        .returning(event)
    )
    numbered = [Envelope.of_row(row) for row in await connection.execute(statement)]
    return sorted(numbered, key=lambda envelope: envelope.published_seq)
