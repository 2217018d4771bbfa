"""The published events of one source, read from its table.

Who follows the own service reads them there; others fall back on them when the broker lacks some.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import cache

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from rapport_kit.bus.envelope import Envelope
from rapport_kit.database import Database
from rapport_kit.schema.frame import Frame
from rapport_kit.schema.prepared import Prepared

ReadEvents = Callable[[int, int], Awaitable[Sequence[Envelope]]]
"""`await read_events(after, limit)`: events with `published_seq > after`, ascending; fewer than `limit` at the end."""


async def read_events(connection: AsyncConnection, frame: Frame, after: int, limit: int) -> list[Envelope]:
    """A page of what was published, of every tenant; the connection is the system role's.

    Complete up to its last entry: numbers are given under one row lock, so a lower one never appears later.
    """
    return [Envelope.of_row(row) for row in await _page(frame).all(connection, after=after, most=limit)]


@cache
def _page(frame: Frame) -> Prepared:
    event = frame.event
    after, most = sa.bindparam("after", type_=sa.BigInteger), sa.bindparam("most", type_=sa.BigInteger)
    return Prepared(sa.select(event).where(event.c.published_seq > after).order_by(event.c.published_seq).limit(most))


def history(system: Database, frame: Frame) -> ReadEvents:
    """`read_events` over the source's own database, for the source's servicer and for a consumer of itself."""

    async def read(after: int, limit: int) -> list[Envelope]:
        async with system.transaction() as connection:
            return await read_events(connection, frame, after, limit)

    return read
