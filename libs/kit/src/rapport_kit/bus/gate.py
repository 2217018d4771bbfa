"""The gate of each aggregate: lets its events through once and in order, under the lock of one position row.

An event arrives in one of two ways. From the broker it may come twice, early or not at all, so only the successor of
the position passes. From the source's history it comes complete and in order, so whatever lies between the position
and it is out of retention, and it passes as the first that is left (`complete`).
"""

from __future__ import annotations

from enum import Enum, auto

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from rapport_kit.bus.envelope import Envelope
from rapport_kit.schema.frame import Frame


class Outcome(Enum):
    """What became of one event."""

    HANDLED = auto()
    SEEN = auto()
    PARKED = auto()
    EARLY = auto()


class Gate:
    """The positions of one consumer of `source`; every method works in the caller's transaction of the tenant."""

    def __init__(self, frame: Frame, source: str) -> None:
        self.source = source
        self._position = frame.position
        self._letter = frame.dead_letter

    async def enter(self, connection: AsyncConnection, event: Envelope, *, complete: bool) -> Outcome:
        """HANDLED when the position moved to `event`, which the caller must now handle before the commit.

        An event behind a parked one is parked here.
        """
        if await self._move(connection, event, 0 if complete else event.sequence - 1):
            return Outcome.HANDLED
        position = self._position
        found = (
            await connection.execute(
                sa.select(position.c.sequence, position.c.parked).where(self._of(event)).with_for_update()
            )
        ).one_or_none()
        if found is not None and found.sequence >= event.sequence:
            return Outcome.SEEN
        if found is not None and found.parked:
            await self._park(connection, event, "")
            return Outcome.PARKED
        return Outcome.EARLY

    async def fail(
        self, connection: AsyncConnection, event: Envelope, error: str, *, allowed: int, complete: bool
    ) -> Outcome:
        """Count a failed attempt at `event`; the last one `allowed` parks it.

        EARLY means that it is to be tried again.
        """
        position, before = self._position, event.sequence - 1
        floor = position.c.sequence < event.sequence if complete else position.c.sequence == before
        counted = (
            insert(position)
            .values(tenant=event.tenant, source=self.source, aggregate=event.aggregate, sequence=before, failures=1)
            .on_conflict_do_update(
                index_elements=[position.c.tenant, position.c.source, position.c.aggregate],
                set_={"sequence": before, "failures": position.c.failures + 1},
                where=sa.and_(floor, sa.not_(position.c.parked)),
            )
            .returning(position.c.failures)
        )
        failures = await connection.scalar(counted)
        if failures is None or failures < allowed:
            return Outcome.EARLY
        await connection.execute(sa.update(position).where(self._of(event)).values(parked=True))
        await self._park(connection, event, error)
        return Outcome.PARKED

    async def _move(self, connection: AsyncConnection, event: Envelope, floor: int) -> bool:
        """Advance the position from at least `floor` to the event, if that is forwards."""
        position = self._position
        reachable = sa.and_(
            position.c.sequence >= floor, position.c.sequence < event.sequence, sa.not_(position.c.parked)
        )
        if floor > 0:
            moved = await connection.execute(
                sa.update(position).where(self._of(event), reachable).values(sequence=event.sequence, failures=0)
            )
            return bool(moved.rowcount)
        moved = await connection.execute(
            insert(position)
            .values(tenant=event.tenant, source=self.source, aggregate=event.aggregate, sequence=event.sequence)
            .on_conflict_do_update(
                index_elements=[position.c.tenant, position.c.source, position.c.aggregate],
                set_={"sequence": event.sequence, "failures": 0},
                where=reachable,
            )
        )
        return bool(moved.rowcount)

    async def _park(self, connection: AsyncConnection, event: Envelope, error: str) -> None:
        await connection.execute(
            insert(self._letter)
            .values(
                tenant=event.tenant,
                source=self.source,
                aggregate=event.aggregate,
                sequence=event.sequence,
                headers=event.headers(self.source),
                payload=event.payload,
                error=error,
            )
            .on_conflict_do_nothing()
        )

    def _of(self, event: Envelope) -> sa.ColumnElement[bool]:
        position = self._position
        return sa.and_(
            position.c.tenant == event.tenant,
            position.c.source == self.source,
            position.c.aggregate == event.aggregate,
        )
