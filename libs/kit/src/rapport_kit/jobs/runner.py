"""Carries out timers when they are due: once, whoever and however many try.

The handler runs in the transaction that takes the timer out, under its row lock, so effect and timer go together.
Any number of runners may work on one database; they skip what another one has locked.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog

from rapport_kit.blobs import Blobs
from rapport_kit.bus.acting import service_principal
from rapport_kit.bus.backoff import Backoff
from rapport_kit.bus.cancellation import heed_cancellation
from rapport_kit.bus.faults import describe, passes
from rapport_kit.cause import Cause
from rapport_kit.database import Database
from rapport_kit.database_errors import INTERRUPTIONS
from rapport_kit.jobs.timers import Tick
from rapport_kit.service import Job
from rapport_kit.turns import rest, stay_behind
from rapport_kit.uow import UnitOfWork

POLL = 1.0
BATCH = 32
WIDTH = 4
ATTEMPTS = 10
"""Failed attempts after which a timer is parked."""
LONGEST_RETRY = timedelta(hours=1)
PATIENCE = 8
"""What passes by itself is waited for an eighth of the time that it has lasted, before the next attempt."""
LONGEST_WAIT = timedelta(minutes=5)
"""And not for longer than that."""
Key = tuple[UUID, str, str]
"""Tenant, kind and key of a timer."""

log = structlog.get_logger(__name__)


class TimerRunner:
    """Runs the `jobs` of `service` by kind; `database` connects as the app role, `system` as the system role.

    `due` is set when a timer that was set in this process is due; those of other processes are looked for. `share`
    says what part of the time is left at the moment for work that nobody waits for.
    """

    def __init__(
        self,
        service: str,
        jobs: Mapping[str, Job],
        database: Database,
        system: Database,
        unit_of_work: type[UnitOfWork],
        *,
        poll: float = POLL,
        attempts: int = ATTEMPTS,
        retry_after: timedelta = timedelta(seconds=1),
        committed: Callable[[UnitOfWork], None] = lambda uow: None,
        due: asyncio.Event | None = None,
        share: Callable[[], float] = lambda: 1.0,
        blobs: Blobs | None = None,
    ) -> None:
        self._service = service
        self._jobs = jobs
        self._database = database
        self._system = system
        self._unit_of_work = unit_of_work
        self._timer = unit_of_work.schema.frame.timer
        self._poll = poll
        self._attempts = attempts
        self._retry_after = retry_after
        self._committed = committed
        self._due_now = due or asyncio.Event()
        self._share = share
        self._blobs = blobs
        self._running: set[Key] = set()

    async def run(self) -> None:
        """Run timers until cancelled, a few at a time; a slow one keeps nobody else from running."""
        backoff, waiting = Backoff(), list[Key]()
        async with asyncio.TaskGroup() as tasks:
            while True:
                heed_cancellation()
                self._due_now.clear()
                try:
                    waiting = waiting or [key for key in await self.due() if key not in self._running]
                except INTERRUPTIONS as error:
                    log.warning("timers interrupted", service=self._service, error=describe(error))
                    await backoff.sleep()
                    continue
                backoff.reset()
                while waiting and len(self._running) < WIDTH:
                    self._begin(waiting.pop(), tasks)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._due_now.wait(), self._poll)

    def _begin(self, key: Key, tasks: asyncio.TaskGroup) -> None:
        def end(done: asyncio.Task[bool]) -> None:
            self._running.discard(key)
            if not done.cancelled() and not done.exception() and done.result():
                self._due_now.set()  # there may be more; what another runner has is looked for again after a while

        self._running.add(key)
        tasks.create_task(self.carry_out(*key)).add_done_callback(end)

    async def due(self) -> Sequence[Key]:
        """The tenant, kind and key of due timers, a batch at most, of every tenant and each kind that this version
        knows; shuffled so that runners seldom collide.
        """
        timer = self._timer
        statement = (
            sa.select(timer.c.tenant, timer.c.kind, timer.c.key)
            .where(timer.c.try_at <= sa.func.clock_timestamp(), sa.not_(timer.c.parked), timer.c.kind.in_(self._jobs))
            .order_by(timer.c.try_at)
            .limit(BATCH)
        )
        async with self._system.transaction() as connection:
            found = [(row.tenant, row.kind, row.key) for row in await connection.execute(statement)]
        random.shuffle(found)
        return found

    async def carry_out(self, tenant: UUID, kind: str, key: str) -> bool:
        """Run one timer if it is due and nobody else has it; whether it ran well."""
        stay_behind()
        began = time.monotonic()
        ran = await self._run(tenant, kind, key)
        await rest(time.monotonic() - began)
        return ran

    async def _run(self, tenant: UUID, kind: str, key: str) -> bool:
        tick: Tick | None = None
        try:
            async with self._unit(tenant, kind, key) as uow:
                tick = await self._take(uow, kind, key)
                if tick is None:
                    return False
                await self._jobs[kind](tick, uow)
        except Exception as error:  # noqa: BLE001 - a job may raise anything
            await self._postpone(kind, tick, error)
            return False
        self._committed(uow)
        return True

    def _unit(self, tenant: UUID, kind: str, key: str) -> UnitOfWork:
        principal = service_principal(self._service, tenant)
        return self._unit_of_work(self._database, principal, cause=Cause(job=f"{kind}:{key}"), blobs=self._blobs)

    async def _take(self, uow: UnitOfWork, kind: str, key: str) -> Tick | None:
        """Lock the timer, and delete or re-arm it; None when another runner has it or it is not due any more."""
        timer = self._timer
        this = sa.and_(timer.c.tenant == uow.tenant, timer.c.kind == kind, timer.c.key == key)
        due = sa.and_(this, timer.c.try_at <= sa.func.clock_timestamp(), sa.not_(timer.c.parked))
        now = sa.func.clock_timestamp().label("now")
        statement = sa.select(timer, now).where(due).with_for_update(skip_locked=True, of=timer)
        row = (await uow.connection.execute(statement)).one_or_none()
        if row is None:
            return None
        if row.every is None:
            await uow.connection.execute(sa.delete(timer).where(this))
        else:
            following = next_due(row.due_at, row.every, row.now)
            await uow.connection.execute(
                sa.update(timer).where(this).values(due_at=following, try_at=following, attempts=0, error="")
            )
        told = (row.tenant, row.kind, row.key, row.due_at, row.payload, row.attempts, row.traceparent, row.every)
        return Tick(*told, self._share())

    async def _postpone(self, kind: str, tick: Tick | None, error: Exception) -> None:
        """Set the next attempt, or park; a fault that passes by itself is not counted."""
        if tick is None:  # the database is away, or busy: nothing was taken
            log.warning("timer waits", kind=kind, error=describe(error))
            return
        now, timer = sa.func.clock_timestamp(), self._timer
        if passes(error, timer.metadata):
            log.warning("timer waits", kind=kind, error=describe(error))
            late = (now - tick.due_at) / PATIENCE
            values: dict[str, Any] = {
                "try_at": now + sa.func.least(sa.func.greatest(late, self._retry_after), LONGEST_WAIT)
            }
        else:
            attempts = tick.attempts + 1
            parked = attempts >= self._attempts
            log.error("timer failed", kind=kind, error=describe(error), parked=parked)
            wait = min(self._retry_after * 2**tick.attempts, LONGEST_RETRY)
            values = {"attempts": attempts, "try_at": now + wait, "parked": parked, "error": describe(error)}
        await self._keep(tick, values)

    async def _keep(self, tick: Tick, values: dict[str, Any]) -> None:
        """Change a timer, unless it was scheduled anew meanwhile; as it is, it is tried again at once."""
        timer = self._timer
        this = sa.and_(timer.c.tenant == tick.tenant, timer.c.kind == tick.kind, timer.c.key == tick.key)
        try:
            async with self._database.transaction(tick.tenant) as connection:
                await connection.execute(sa.update(timer).where(this, timer.c.due_at == tick.due_at).values(**values))
        except INTERRUPTIONS as error:
            log.warning("timer was not postponed", kind=tick.kind, error=describe(error))


def next_due(due_at: datetime, every: timedelta, now: datetime) -> datetime:
    """The first time after `now` on the beat that `due_at` and `every` set; what was slept through is left out."""
    missed = max((now - due_at) // every, 0)
    return due_at + (missed + 1) * every
