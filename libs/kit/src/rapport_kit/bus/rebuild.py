"""Asks for everything in the broker to be published again; the running relay does it."""

from __future__ import annotations

import sqlalchemy as sa

from rapport_kit.bus.relay import LEASE
from rapport_kit.database import Database
from rapport_kit.schema.frame import Frame


async def request_rebuild(system: Database, frame: Frame) -> int:
    """Fence the relay out; it comes back, finds nothing acknowledged, and publishes its history again.

    Returns how many events that are. Consumers let pass what they have seen.
    """
    lease = frame.lease
    statement = (
        sa.update(lease)
        .where(lease.c.name == LEASE)
        .values(epoch=lease.c.epoch + 1, expires=sa.func.clock_timestamp(), reached=0)
        .returning(lease.c.head)
    )
    async with system.transaction() as connection:
        return int(await connection.scalar(statement) or 0)
