"""Turns at the loop, on which a process works for everybody: whoever works for long leaves it to others in between.

Calls go first (ADR 17). What a job does lets those that are under way be answered before it goes on; but it waits for
them only so long, and so comes on under any load.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 0.002
"""Seconds of work after which others have a turn."""
PATIENCE: Final = 0.008
"""Seconds that a job then waits for calls at most: a fifth of the time is left to it."""
LOOK: Final = 0.001
"""Seconds between two looks at whether they are answered."""


@dataclass(slots=True)
class _Loop:
    calls: int = 0
    left: float = 0.0


_loop: Final = _Loop()
_behind: Final = ContextVar("behind", default=False)


@contextmanager
def call() -> Iterator[None]:
    """Around a call that is soon answered."""
    _loop.calls += 1
    try:
        yield
    finally:
        _loop.calls -= 1


def stay_behind() -> None:
    """Have calls go before what this task does from now on, and before the tasks that it begins."""
    _behind.set(True)


async def turn() -> None:
    """To be awaited after each of many things: others get their turn when they have not had one for long."""
    if time.monotonic() - _loop.left < LONGEST:
        return
    await asyncio.sleep(0)
    if _behind.get():
        until = time.monotonic() + PATIENCE
        while _loop.calls and time.monotonic() < until:  # noqa: ASYNC110 - an event belongs to one loop
            await asyncio.sleep(LOOK)
    _loop.left = time.monotonic()
