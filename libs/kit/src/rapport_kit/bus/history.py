"""The published events of one source, read from its table: what a consumer falls back on when the broker lacks some."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from rapport_kit.bus.envelope import Envelope
from rapport_kit.database import Database
from rapport_kit.schema.frame import Frame

ReadEvents = Callable[[int, int], Awaitable[Sequence[Envelope]]]
"""`await read_events(after, limit)`: events with `published_seq > after`, ascending; fewer than `limit` at the end."""


async def read_events(connection: AsyncConnection, frame: Frame, after: int, limit: int) -> list[Envelope]:
    """A page of what was published, of every tenant; the connection is the system role's.

    Complete up to its last entry: numbers are given under one row lock, so a lower one never appears later.
    """
    event = frame.event
    statement = sa.select(event).where(event.c.published_seq > after).order_by(event.c.published_seq).limit(limit)
    return [Envelope.of_row(dict(row)) for row in (await connection.execute(statement)).mappings()]


def history(system: Database, frame: Frame) -> ReadEvents:
    """`read_events` over the source's own database, for the source's servicer and for a consumer of itself."""

    async def read(after: int, limit: int) -> list[Envelope]:
        async with system.transaction() as connection:
            return await read_events(connection, frame, after, limit)

    return read
