"""What only one process may do at a time, safely even when the one before it wakes from a long pause.

Time alone cannot guarantee that: a paused holder believes in its lease. Therefore every transaction of a holder that
matters calls `verify`, which locks the lease's row and compares the epoch; a holder that was replaced is fenced out.
All times are the database's.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from rapport_kit.database import Database
from rapport_kit.database_errors import INTERRUPTIONS
from rapport_kit.schema.frame import Frame
from rapport_kit.schema.prepared import Prepared

TTL = 3.0
"""Seconds after which a silent holder may be replaced."""


class Fenced(Exception):
    """The lease is somebody else's by now."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work under the lease came; see the `lease` table."""

    head: int
    reached: int
    stored: int


class Lease:
    """A named lease of one database, held by at most one; `system` connects as the system role."""

    def __init__(self, system: Database, frame: Frame, name: str, *, ttl: float = TTL) -> None:
        self.name = name
        self.ttl = ttl
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self.epoch = 0
        self._system = system
        self._table = frame.lease
        self._locked, self._advanced = _locked(frame), _advanced(frame)
        self._until = 0.0

    @property
    def current(self) -> bool:
        """Whether it cannot have expired yet, by our own clock: spares futile work, guards nothing."""
        return time.monotonic() < self._until

    async def guard(self, work: Callable[[], Awaitable[None]]) -> None:
        """Wait for the lease, then do `work` while renewing it; let go at the end.

        Raises:
            Fenced: the lease was lost; `work` is cancelled.
        """
        while not await self.acquire():  # noqa: ASYNC110 - another process holds it
            await asyncio.sleep(self.ttl / 6)
        working, renewing = asyncio.ensure_future(work()), asyncio.ensure_future(self._keep())
        try:
            done, _ = await asyncio.wait({working, renewing}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in (working, renewing):
                task.cancel()
            await asyncio.gather(working, renewing, return_exceptions=True)
            await self.release()

    async def acquire(self) -> bool:
        """Take the lease if it is free or has expired."""
        asked = time.monotonic()
        table = self._table
        statement = (
            insert(table)
            .values(name=self.name, holder=self.holder, epoch=1, expires=self._expiry())
            .on_conflict_do_update(
                index_elements=[table.c.name],
                set_={"holder": self.holder, "epoch": table.c.epoch + 1, "expires": self._expiry()},
                where=table.c.expires < sa.func.clock_timestamp(),
            )
            .returning(table.c.epoch)
        )
        async with self._system.transaction() as connection:
            epoch = await connection.scalar(statement)
        if epoch is None:
            return False
        self.epoch, self._until = epoch, asked + self.ttl
        return True

    async def renew(self) -> None:
        """Push the expiry out.

        Raises:
            Fenced: the lease changed hands.
        """
        asked = time.monotonic()
        statement = sa.update(self._table).where(self._ours()).values(expires=self._expiry())
        async with self._system.transaction() as connection:
            if (await connection.execute(statement)).rowcount != 1:
                raise Fenced(self.name)
        self._until = asked + self.ttl

    async def release(self) -> None:
        """Let the next one in at once; a database that does not answer leaves it to the expiry."""
        self._until = 0.0
        statement = sa.update(self._table).where(self._ours()).values(expires=sa.func.clock_timestamp())
        with contextlib.suppress(*INTERRUPTIONS):
            async with self._system.transaction() as connection:
                await connection.execute(statement)

    async def verify(self, connection: AsyncConnection) -> Progress:
        """Lock the lease's row until the transaction ends, and read the progress from it.

        Raises:
            Fenced: the lease changed hands.
        """
        row = await self._locked.first(connection, lease=self.name, held=self.epoch)
        if row is None:
            raise Fenced(self.name)
        return Progress(row["head"], row["reached"], row["stored"])

    async def advance(self, connection: AsyncConnection, progress: Progress) -> None:
        """Store the progress, if the lease is still ours.

        Raises:
            Fenced: the lease changed hands.
        """
        reached = {"to_head": progress.head, "to_reached": progress.reached, "to_stored": progress.stored}
        if await self._advanced.first(connection, lease=self.name, held=self.epoch, **reached) is None:
            raise Fenced(self.name)

    async def _keep(self) -> None:
        """Renew three times as often as needed; give up when it may have expired."""
        while True:
            await asyncio.sleep(self.ttl / 3)
            try:
                await self.renew()
            except INTERRUPTIONS:
                if not self.current:
                    raise Fenced(self.name) from None

    def _ours(self) -> sa.ColumnElement[bool]:
        return sa.and_(self._table.c.name == self.name, self._table.c.epoch == self.epoch)

    def _expiry(self) -> sa.ColumnElement[object]:
        return sa.func.clock_timestamp() + sa.func.make_interval(0, 0, 0, 0, 0, 0, self.ttl)


@cache
def _locked(frame: Frame) -> Prepared:
    table = frame.lease
    return Prepared(sa.select(table.c.head, table.c.reached, table.c.stored).where(_held(table)).with_for_update())


@cache
def _advanced(frame: Frame) -> Prepared:
    table = frame.lease
    progress = {name: sa.bindparam(f"to_{name}", type_=sa.BigInteger) for name in ("head", "reached", "stored")}
    return Prepared(sa.update(table).where(_held(table)).values(progress).returning(table.c.name))


def _held(table: sa.Table) -> sa.ColumnElement[bool]:
    lease, held = sa.bindparam("lease", type_=sa.Text), sa.bindparam("held", type_=sa.BigInteger)
    return sa.and_(table.c.name == lease, table.c.epoch == held)
