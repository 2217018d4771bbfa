"""The figure of memory: what each service process holds when nobody has asked it for anything yet."""

from __future__ import annotations

import asyncio

import psutil

from tests.load.figure import Figure, Target
from tests.load.run import Run

REST = 3.0
"""Seconds to come to rest after the start."""


async def idle(run: Run) -> list[Figure]:
    """Megabytes (10^6 bytes) of each service process, as its proportional set size: what it has to itself, and its part
    of the libraries that it shares with the others. The file also says what is resident with all of those counted.
    """
    await asyncio.sleep(REST)
    return [_figure(name, psutil.Process(pid)) for name, pid in sorted(run.stand.services.items())]


def _figure(name: str, process: psutil.Process) -> Figure:
    held = process.memory_full_info()
    return Figure(
        f"idle memory of {name} (PSS)",
        held.pss / 1e6,
        "MB",
        target=Target.at_most(100.0),
        more={"rss_mb": held.rss / 1e6, "unshared_mb": held.uss / 1e6},
    )
