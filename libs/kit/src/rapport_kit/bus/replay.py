"""Empties a projection and has its consumers build it again, while the service goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import sqlalchemy as sa

from rapport_kit.bus.consumer import lease_name
from rapport_kit.database import Database
from rapport_kit.lease import TTL
from rapport_kit.schema.frame import Frame

HOLDER = "replay"
PAUSE = 1.5 * TTL
"""Seconds after which a holder that was fenced out has noticed, and has stopped whatever it was doing."""


async def replay_projection(
    system: Database, frame: Frame, names: Sequence[str], tables: Sequence[str], *, pause: float = PAUSE
) -> None:
    """Forget what the consumers called `names` have written to `tables` and how far they had come.

    They are fenced out first and let in again at the end: one that still read the history would move positions past
    what it then never handles. If this is interrupted in between, they come back by themselves and nothing is lost.
    """
    lease, leases = frame.lease, [lease_name(name) for name in names]
    clock = sa.func.clock_timestamp()
    beyond = sa.func.make_interval(0, 0, 0, 0, 0, 0, pause + TTL)
    ours = sa.and_(lease.c.name.in_(leases), lease.c.holder == HOLDER)
    async with system.transaction() as connection:
        await connection.execute(
            sa.update(lease)
            .where(lease.c.name.in_(leases))
            .values(epoch=lease.c.epoch + 1, holder=HOLDER, expires=clock + beyond)
        )
    await asyncio.sleep(pause)
    async with system.transaction() as connection:
        held = (await connection.execute(sa.select(lease.c.name).where(ours).with_for_update())).scalars().all()
        known = (await connection.execute(sa.select(lease.c.name).where(lease.c.name.in_(leases)))).scalars().all()
        if set(held) != set(known):
            raise Interrupted(", ".join(sorted(set(known) - set(held))))
        for table in (frame.position, frame.dead_letter):
            await connection.execute(sa.delete(table).where(table.c.source.in_(names)))
        quoted = ", ".join(connection.dialect.identifier_preparer.quote(table) for table in tables)
        await connection.execute(sa.text(f"TRUNCATE {quoted}"))
        await connection.execute(sa.update(lease).where(ours).values(head=0, reached=0, expires=clock))


class Interrupted(Exception):
    """A consumer took its lease back before anything was emptied; nothing was done."""
