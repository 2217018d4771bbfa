"""Sets and cancels timers, in the transaction of the change that wants them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from rapport_kit.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Tick:
    """A timer that came due. `due_at` is the time asked for, however late it is now."""

    tenant: UUID
    kind: str
    key: str
    due_at: datetime
    payload: bytes
    attempts: int
    traceparent: str
    every: timedelta | None = None


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
    timer = uow.schema.frame.timer
    uow.timers_due = uow.timers_due or due_at <= uow.now
    values = {
        "due_at": due_at,
        "try_at": due_at,
        "every": every,
        "payload": payload,
        "traceparent": uow.cause.traceparent,
        "attempts": 0,
        "parked": False,
        "error": "",
    }
    await uow.connection.execute(
        insert(timer)
        .values(tenant=uow.tenant, kind=kind, key=key, **values)
        .on_conflict_do_update(index_elements=[timer.c.tenant, timer.c.kind, timer.c.key], set_=values)
    )


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
