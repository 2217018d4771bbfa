"""Numbers unsent events in the order in which they will be published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from rapport_kit.bus.envelope import Envelope
from rapport_kit.cause import Lane
from rapport_kit.schema.frame import Frame
from rapport_kit.schema.prepared import Prepared

BULK_SHARE = 16
"""One in so many places of a batch is the bulk lane's even when live events fill it."""

Row = Mapping[str, Any]


async def next_lane(connection: AsyncConnection, frame: Frame) -> Lane | None:
    """The lane of the event that is first in line, None when nothing is unsent; cheap enough to ask all the time."""
    first = await _first(frame).first(connection)
    return None if first is None else Lane(first["lane"])


async def number(connection: AsyncConnection, frame: Frame, head: int, batch: int, bulk: int) -> list[Envelope]:
    """Give the next numbers after `head` to at most about `batch` events and return those in that order.

    The caller holds the relay's lease. Live events come first; `bulk` is how many others may come along at most. Events
    of one aggregate keep their order whatever their lane, so that whoever reads by number reads each aggregate in
    sequence.
    """
    oldest = _oldest(frame)
    live = await oldest.all(connection, lane=int(Lane.LIVE), most=batch)
    places = min(bulk, max(batch - len(live), batch // BULK_SHARE, 1))
    others = await oldest.all(connection, lane=int(Lane.BULK), most=places) if places else []
    picked = {row["id"]: row for row in (*live, *others)}
    if picked and (others or not places):
        # Only two lanes can overtake one another: what precedes a picked event of its aggregate comes along.
        picked |= {row["id"]: row for row in await _predecessors(connection, frame, picked.values())}
    return await _assign(connection, frame, head, [picked[id_] for id_ in sorted(picked)])


async def _predecessors(connection: AsyncConnection, frame: Frame, rows: Iterable[Row]) -> list[Row]:
    newest: dict[tuple[Any, Any], int] = {}
    for row in rows:
        key = (row["tenant"], row["aggregate"])
        newest[key] = max(newest.get(key, 0), row["sequence"])
    return await _before(frame).all(
        connection,
        tenants=[tenant for tenant, _ in newest],
        aggregates=[aggregate for _, aggregate in newest],
        sequences=list(newest.values()),
    )


async def _assign(connection: AsyncConnection, frame: Frame, head: int, rows: Sequence[Row]) -> list[Envelope]:
    if not rows:
        return []
    numbered = await _numbering(frame).all(
        connection,
        ids=[row["id"] for row in rows],
        times=[row["recorded"] for row in rows],
        numbers=list(range(head + 1, head + 1 + len(rows))),
    )
    return sorted((Envelope.of_row(row) for row in numbered), key=lambda envelope: envelope.published_seq)


@cache
def _first(frame: Frame) -> Prepared:
    return Prepared(in_line(frame.event, frame.event.c.lane).limit(sa.literal_column("1")))


@cache
def _oldest(frame: Frame) -> Prepared:
    event = frame.event
    line = in_line(
        event, event.c.id, event.c.recorded, event.c.tenant, event.c.aggregate, event.c.sequence, event.c.lane
    )
    # Not `lane = …`: the line would be in the order of ids alone then, for which there are other indexes.
    lane, most = sa.bindparam("lane", type_=sa.SmallInteger), sa.bindparam("most", type_=sa.BigInteger)
    return Prepared(line.where(event.c.lane >= lane, event.c.lane <= lane).limit(most))


def in_line(event: sa.Table, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """The unsent events, lane by lane.

    No other index than the one of unsent events has this order: by an id alone, or in none, the planner goes through
    all events there are while its statistics are from a time when many were unsent.
    """
    return sa.select(*columns).where(event.c.published_seq.is_(None)).order_by(event.c.lane, event.c.id)


@cache
def _before(frame: Frame) -> Prepared:
    event = frame.event
    given = _given(
        tenant=("tenants", sa.Uuid()), aggregate=("aggregates", sa.Uuid()), sequence=("sequences", sa.BigInteger())
    )
    # Said so that the index of unsent events does not answer it: it has them by lane, and would be gone through whole.
    unsent = sa.func.coalesce(event.c.published_seq, sa.literal_column("0")) == sa.literal_column("0")
    return Prepared(
        sa.select(event.c.id, event.c.recorded, event.c.tenant, event.c.aggregate, event.c.sequence).where(
            event.c.tenant == given.c.tenant,
            event.c.aggregate == given.c.aggregate,
            event.c.sequence < given.c.sequence,
            unsent,
        )
    )


@cache
def _numbering(frame: Frame) -> Prepared:
    event = frame.event
    recorded = sa.TIMESTAMP(timezone=True)
    given = _given(id=("ids", sa.BigInteger()), recorded=("times", recorded), number=("numbers", sa.BigInteger()))
    return Prepared(
        sa.update(event)
        .where(event.c.id == given.c.id, event.c.recorded == given.c.recorded)
        .values(published_seq=given.c.number)
        .returning(event)
    )


def _given(**columns: tuple[str, sa.types.TypeEngine[Any]]) -> sa.TableValuedAlias:
    """Rows given as one array parameter a column: `column=(parameter, type)`."""
    arrays = [sa.bindparam(parameter, type_=pg.ARRAY(kind)) for parameter, kind in columns.values()]
    names = [sa.column(name, kind) for name, (_, kind) in columns.items()]
    return sa.func.unnest(*arrays).table_valued(*names, name="given").render_derived()
