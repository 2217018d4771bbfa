"""Sets and cancels timers, in the transaction of the change that wants them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from rapport_kit.uow import UnitOfWork, utc_now


@dataclass(frozen=True, slots=True)
class Tick:
    """A timer that came due. `due_at` is the time asked for, however late it is now.

    `began` is when it was taken, by the monotonic clock; `share` the part of the time, above 0 and at most 1, that
    work which nobody waits for may take of this process now.
    """

    tenant: UUID
    kind: str
    key: str
    due_at: datetime
    payload: bytes
    attempts: int
    traceparent: str
    every: timedelta | None = None
    share: float = 1.0
    began: float = field(default_factory=time.monotonic)


async def schedule(
    uow: UnitOfWork, kind: str, key: str, due_at: datetime, payload: bytes = b"", *, every: timedelta | None = None
) -> None:
    """Have the job `kind` run at `due_at`, and then `every` so often, if given.

    There is one timer per tenant, kind and key: a second call moves it, and brings back one that was parked.

    Raises:
        ValueError: `every` is not a positive duration.
    """
    if every is not None and every <= timedelta():
        raise ValueError(f"every: must be positive, not {every}")
    wait = due_at - uow.now
    uow.next_timer = wait if uow.next_timer is None else min(uow.next_timer, wait)
    values = {"due_at": due_at, "try_at": due_at, "every": every, "payload": payload, "attempts": 0}
    await _put(uow, kind, key, values | {"traceparent": uow.cause.traceparent})


async def _put(uow: UnitOfWork, kind: str, key: str, values: dict[str, Any]) -> None:
    """Set a timer, or move the one that there is."""
    timer, set_ = uow.schema.frame.timer, {"parked": False, "error": ""} | values
    await uow.connection.execute(
        insert(timer)
        .values(tenant=uow.tenant, kind=kind, key=key, **set_)
        .on_conflict_do_update(index_elements=[timer.c.tenant, timer.c.kind, timer.c.key], set_=set_)
    )


async def carry_on(tick: Tick, uow: UnitOfWork, payload: bytes = b"", *, every: timedelta | None = None) -> None:
    """Have a job that nobody waits for go on with its next part, after a pause that keeps it to its share of the time.

    For work over all that a tenant has: its parts run beside calls in one process, and one after the other they would
    be most of what it does. With `every` it goes on so often also when this part turns out to be the last.
    """
    uow.waited_for = False
    took = time.monotonic() - tick.began
    pause = timedelta(seconds=took / tick.share - took)
    await schedule(uow, tick.kind, tick.key, utc_now() + pause, payload, every=every)


async def lease(tick: Tick, uow: UnitOfWork, lasts: timedelta) -> None:
    """Keep the timer of a job that goes on outside of this transaction (`outside`); whoever has done it cancels it.

    Should that never come, another attempt follows when the lease is over. To be called before the transaction ends.
    """
    values = {"due_at": tick.due_at, "try_at": sa.func.clock_timestamp() + lasts, "every": tick.every}
    told = {"payload": tick.payload, "attempts": tick.attempts, "traceparent": tick.traceparent}
    await _put(uow, tick.kind, tick.key, values | told)


async def cancel(uow: UnitOfWork, kind: str, key: str) -> bool:
    """Forget a timer; false when there is none, also because it has just run."""
    timer = uow.schema.frame.timer
    gone = await uow.connection.execute(
        sa.delete(timer).where(timer.c.tenant == uow.tenant, timer.c.kind == kind, timer.c.key == key)
    )
    return bool(gone.rowcount)


async def done_until(uow: UnitOfWork, kind: str, key: str) -> datetime:
    """Until when what a timer is there for has been done: until now, unless it is due and waits still.

    Whoever moves a timer sets it to the first thing to do after that: by `uow.now`, what is due would be left out.
    """
    timer = uow.schema.frame.timer
    found: datetime | None = await uow.connection.scalar(
        sa.select(timer.c.due_at).where(timer.c.tenant == uow.tenant, timer.c.kind == kind, timer.c.key == key)
    )
    return uow.now if found is None else min(uow.now, found - timedelta.resolution)
