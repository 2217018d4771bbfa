"""Watches our services with py-spy while they are under load."""

from __future__ import annotations

import asyncio
import sysconfig
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path


@asynccontextmanager
async def profiled(pids: Mapping[str, int], folder: Path, name: str, seconds: float) -> AsyncIterator[None]:
    """Write `<folder>/<name>-<service>.txt` for each process: stacks, outermost frame first, with their counts.

    `folder` exists.
    """
    py_spy = Path(sysconfig.get_path("scripts")) / "py-spy"
    watching = [
        await asyncio.create_subprocess_exec(
            *(py_spy, "record", "--format", "raw", "--duration", str(max(1, int(seconds))), "--pid", str(pid)),
            *("--output", folder / f"{name}-{service}.txt"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        for service, pid in pids.items()
    ]
    try:
        yield
    finally:
        for process in watching:
            await process.wait()
