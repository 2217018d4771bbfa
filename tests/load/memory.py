"""The figure of memory: what each service process holds when nobody has asked it for anything yet."""

from __future__ import annotations

import asyncio

import psutil

from tests.load.figure import Figure, Target
from tests.load.run import Run

REST = 3.0
"""Seconds to come to rest after the start."""


async def idle(run: Run) -> list[Figure]:
    """Resident megabytes (10^6 bytes) of each service process; the file also says how many of them no other shares."""
    await asyncio.sleep(REST)
    return [_figure(name, psutil.Process(pid)) for name, pid in sorted(run.stand.services.items())]


def _figure(name: str, process: psutil.Process) -> Figure:
    held = process.memory_full_info()
    return Figure(
        f"idle memory of {name}",
        held.rss / 1e6,
        "MB",
        target=Target.at_most(100.0),
        more={"unshared_mb": held.uss / 1e6},
    )
