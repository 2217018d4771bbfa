"""Runs one process per service, tells when one dies, stops them all in order."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rapport_kit.local.failure import PlatformError

GRACE = 20.0
"""Seconds a service gets to finish its requests; longer than the default deadline of any of them."""
SUPERVISED = "RAPPORT_SUPERVISED"
"""Set for our children: they end when their standard input does, which is when this process dies, however it dies."""
ALLOCATOR = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "131072"}
"""glibc's, else it keeps what threads freed, such as the 19 MiB of every password hash (docs/adr/0005)."""


@dataclass(frozen=True)
class Death:
    """A service that ended by itself."""

    name: str
    code: int
    log: Path

    def __str__(self) -> str:
        how = f"was killed by {signal.Signals(-self.code).name}" if self.code < 0 else f"ended with code {self.code}"
        tail = self.log.read_text(errors="replace").splitlines()[-10:]
        return "\n".join([f"{self.name} {how}; its log is {self.log}", *(f"  {line}" for line in tail)])


def serve(*names: str) -> list[str]:
    """The process of one or more services."""
    return [sys.executable, "-m", "rapport_kit.app", *names]


@dataclass
class Supervisor:
    """`environments` maps each process name (also the argument of `rapport serve`) to its variables."""

    logs: Path
    environments: Mapping[str, Mapping[str, str]]
    command: Callable[[str], list[str]] = serve
    _running: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)

    @property
    def pids(self) -> dict[str, int]:
        return {name: process.pid for name, process in self._running.items() if process.returncode is None}

    async def start(self) -> None:
        for name, environment in self.environments.items():
            with self._rotated(name).open("wb") as log:
                self._running[name] = await asyncio.create_subprocess_exec(
                    *self.command(name),
                    stdin=asyncio.subprocess.PIPE,
                    stdout=log,
                    stderr=log,
                    env={**ALLOCATOR, **environment, SUPERVISED: "1"},
                    start_new_session=True,  # Ctrl-C is for us, who stop the services in order
                )

    async def until_ready(self, ready: Awaitable[object]) -> None:
        """Wait for `ready`; PlatformError as soon as a service dies instead."""
        waiting, dying = asyncio.ensure_future(ready), asyncio.ensure_future(self._first_death())
        try:
            done, _ = await asyncio.wait({waiting, dying}, return_when=asyncio.FIRST_COMPLETED)
            if dying in done:
                raise PlatformError(str(dying.result()))
            waiting.result()
        finally:
            waiting.cancel()
            dying.cancel()

    async def watch(self, report: Callable[[Death], None]) -> None:
        """Report every death; return when no service is left."""
        while self._running:
            death = await self._first_death()
            del self._running[death.name]
            report(death)

    async def stop(self) -> list[str]:
        """The edge first, so that nothing new comes in, then the rest; the names of those that had to be killed."""
        killed: list[str] = []
        for wave in _waves(list(self._running)):
            killed += [name for name in await asyncio.gather(*map(self._end, wave)) if name]
        return killed

    async def _end(self, name: str) -> str | None:
        process = self._running.pop(name)
        if process.returncode is not None:
            return None
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), GRACE)
        except TimeoutError:
            process.kill()
            await process.wait()
            return name
        return None

    async def _first_death(self) -> Death:
        waits = {asyncio.ensure_future(process.wait()): name for name, process in self._running.items()}
        try:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        first = done.pop()
        return Death(waits[first], first.result(), self.logs / f"{waits[first]}.log")

    def _rotated(self, name: str) -> Path:
        """The log of the last run is kept beside the new one."""
        log = self.logs / f"{name}.log"
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        return log


def _waves(names: list[str]) -> list[list[str]]:
    return [[name for name in names if name == "gateway"], [name for name in names if name != "gateway"]]
