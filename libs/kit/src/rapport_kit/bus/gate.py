"""The gate of each aggregate: lets its events through once and in order, under the lock of one position row.

An event arrives in one of two ways. From the broker it may come twice, early or not at all, so only the successor of
the position passes. From the source's history it comes complete and in order, so whatever lies between the position
and it is out of retention, and it passes as the first that is left (`complete`).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from rapport_kit.bus.envelope import Envelope
from rapport_kit.schema.frame import Frame
from rapport_kit.schema.prepared import Prepared


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
        self._advance = _advance(frame.position)
        self._reached = _reached(frame.position)

    async def move(self, connection: AsyncConnection, events: Iterable[Envelope], *, complete: bool) -> frozenset[UUID]:
        """Move the positions of different aggregates of one tenant to these events, as far as each is the next.

        Returns the aggregates of those that the caller must now handle before the commit.
        """
        inline = sorted(events, key=lambda event: event.aggregate)  # in one order, lest two sets wait for each other
        rows = await self._advance.all(
            connection,
            tenant=inline[0].tenant,
            source=self.source,
            aggregates=[event.aggregate for event in inline],
            sequences=[event.sequence for event in inline],
            complete=complete,
        )
        return frozenset(UUID(bytes=row["aggregate"].bytes) for row in rows)

    async def turned_away(self, connection: AsyncConnection, events: Iterable[Envelope]) -> dict[UUID, Outcome]:
        """Why events did not move their positions, by aggregate; those behind a parked one are parked here."""
        waiting = {event.aggregate: event for event in events}
        if not waiting:
            return {}
        tenant = next(iter(waiting.values())).tenant
        rows = await self._reached.all(connection, tenant=tenant, source=self.source, aggregates=sorted(waiting))
        outcomes = dict.fromkeys(waiting, Outcome.EARLY)
        for aggregate, sequence, parked in rows:
            event = waiting[aggregate]
            if sequence >= event.sequence:
                outcomes[event.aggregate] = Outcome.SEEN
            elif parked:
                await self._park(connection, event, "")
                outcomes[event.aggregate] = Outcome.PARKED
        return outcomes

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


def _advance(position: sa.Table) -> Prepared:
    """Put positions forward: from each event's predecessor, or from anywhere before it when events come `complete`."""
    none: sa.ColumnElement[int] = sa.literal_column("0")
    one: sa.ColumnElement[int] = sa.literal_column("1")
    known, complete = position.alias("known"), sa.bindparam("complete", type_=sa.Boolean)
    tenant, source = sa.bindparam("tenant", type_=sa.Uuid), sa.bindparam("source", type_=sa.Text)
    aggregates = sa.bindparam("aggregates", type_=sa.ARRAY(sa.Uuid))
    sequences = sa.bindparam("sequences", type_=sa.ARRAY(sa.BigInteger))
    asked = sa.func.unnest(aggregates, sequences).table_valued("aggregate", "sequence").render_derived("asked")
    begun = sa.exists().where(
        known.c.tenant == tenant, known.c.source == source, known.c.aggregate == asked.c.aggregate
    )
    first = sa.select(tenant, source, asked.c.aggregate, asked.c.sequence).where(
        sa.or_(complete, asked.c.sequence == one, begun)
    )
    moved = insert(position).from_select(["tenant", "source", "aggregate", "sequence"], first)
    reachable = sa.and_(
        position.c.sequence < moved.excluded.sequence,
        sa.or_(complete, position.c.sequence == moved.excluded.sequence - one),
        sa.not_(position.c.parked),
    )
    return Prepared(
        moved.on_conflict_do_update(
            index_elements=[position.c.tenant, position.c.source, position.c.aggregate],
            set_={"sequence": moved.excluded.sequence, "failures": none},
            where=reachable,
        ).returning(position.c.aggregate)
    )


def _reached(position: sa.Table) -> Prepared:
    """How far aggregates have come, locked in the order of their ids."""
    aggregates = sa.bindparam("aggregates", type_=sa.ARRAY(sa.Uuid))
    return Prepared(
        sa.select(position.c.aggregate, position.c.sequence, position.c.parked)
        .where(
            position.c.tenant == sa.bindparam("tenant", type_=sa.Uuid),
            position.c.source == sa.bindparam("source", type_=sa.Text),
            position.c.aggregate == sa.any_(aggregates),
        )
        .order_by(position.c.aggregate)
        .with_for_update()
    )
