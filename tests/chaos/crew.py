"""Everything that can be killed, and how each comes back."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from rapport_kit.local.nats import NatsServer
from rapport_kit.local.postgres import PostgresServer
from rapport_kit.local.supervisor import SUPERVISED, serve

REVIVAL = 0.5
"""Seconds after which a process that ended by itself is started again."""
GRACE = 20.0


class Target(Protocol):
    """One process, or one server with its children."""

    name: str
    kills: int
    ended: int
    """How often it ended though nobody killed it."""

    @property
    def kind(self) -> str:
        """Whose process it is."""

    async def kill(self, revival: float, *, forgetful: bool = False) -> bool:
        """SIGKILL it, start it again after `revival` seconds; False when it was down. `forgetful`: without its data."""

    async def settled(self) -> None:
        """Return when it is up again; raises what kept it from starting."""

    async def stop(self) -> None:
        """End it for good."""


@dataclass
class ServiceProcess:
    """`rapport serve` of one service, and again whenever it ends."""

    name: str
    environment: Mapping[str, str]
    log: Path
    kills: int = 0
    ended: int = 0
    _process: asyncio.subprocess.Process | None = None
    _keeper: asyncio.Task[None] | None = None
    _revival: float = REVIVAL
    _killed: bool = False

    @property
    def kind(self) -> str:
        return self.name.partition("-")[0]

    async def start(self) -> None:
        self._keeper = asyncio.create_task(self._keep(await self._spawn()))

    async def kill(self, revival: float, *, forgetful: bool = False) -> bool:
        process = self._process
        if process is None or process.returncode is not None:
            return False
        self._killed, self._revival = True, revival
        process.kill()
        self.kills += 1
        return True

    async def settled(self) -> None:
        """See `Target`; whether it serves is asked at its door."""
        while self._process is None or self._process.returncode is not None:
            await asyncio.sleep(0.05)

    async def stop(self) -> None:
        if self._keeper is None:
            return
        self._keeper.cancel()
        await asyncio.gather(self._keeper, return_exceptions=True)
        self._keeper, process = None, self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), GRACE)
        except TimeoutError:
            process.kill()
            await process.wait()

    async def _keep(self, process: asyncio.subprocess.Process) -> None:
        while True:
            await process.wait()
            self.ended += not self._killed
            await asyncio.sleep(self._revival)
            self._killed, self._revival = False, REVIVAL
            process = await self._spawn()

    async def _spawn(self) -> asyncio.subprocess.Process:
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *serve(self.kind),
                stdin=asyncio.subprocess.PIPE,  # closes with us, however we end, and ends the process
                stdout=log,
                stderr=log,
                env={**self.environment, SUPERVISED: "1"},
                start_new_session=True,
            )
        return self._process


@dataclass
class Server:
    """PostgreSQL or the broker. PostgreSQL is started again only when no backend of the killed postmaster is left."""

    name: str
    server: PostgresServer | NatsServer
    kills: int = 0
    ended: int = 0
    emptied: int = 0
    waits: list[float] = field(default_factory=list)
    """Seconds from each start to its end; PostgreSQL's include the wait for orphans and the recovery."""
    _reviving: asyncio.Task[None] | None = None

    @property
    def kind(self) -> str:
        return self.name

    async def kill(self, revival: float, *, forgetful: bool = False) -> bool:
        if self._reviving is not None and not self._reviving.done():
            return False
        await self.settled()
        pid = await asyncio.to_thread(lambda: self.server.pid)
        if pid is None:
            raise RuntimeError(f"{self.name} ended by itself; see {self.server.log}")
        os.kill(pid, signal.SIGKILL)
        self.kills += 1
        self._reviving = asyncio.create_task(self._revive(revival, forgetful))
        return True

    async def settled(self) -> None:
        if self._reviving is not None:
            await self._reviving

    async def stop(self) -> None:
        """See `Target`; the server itself is its platform's to stop."""
        if self._reviving is not None:
            await asyncio.gather(self._reviving, return_exceptions=True)

    async def _revive(self, after: float, forgetful: bool) -> None:
        await asyncio.sleep(after)
        # What is being killed is there for a while, and a server that is there is not started.
        while await asyncio.to_thread(lambda: self.server.pid) is not None:
            await asyncio.sleep(0.02)
        if forgetful:
            await asyncio.to_thread(self.empty)
        began = time.monotonic()
        await asyncio.to_thread(self.server.start)
        self.waits.append(time.monotonic() - began)

    def empty(self) -> None:
        """Delete every stream of the broker, which must not run."""
        assert isinstance(self.server, NatsServer), "only the broker is a cache"
        shutil.rmtree(self.server.directory / "store", ignore_errors=True)
        self.emptied += 1


async def settle(targets: Sequence[Target]) -> None:
    """Return when everything is up again."""
    await asyncio.gather(*(target.settled() for target in targets))
