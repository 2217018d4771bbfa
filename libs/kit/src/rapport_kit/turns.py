"""Turns at the loop, on which a process works for everybody: whoever works for long leaves it to others in between.

Calls go first (ADR 17). What a job does lets those that are under way be answered before it goes on; but it waits for
them only so long, and so comes on under any load.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

LONGEST: Final = 0.002
"""Seconds of work after which others have a turn."""
PATIENCE: Final = 0.008
"""Seconds that a job then waits for calls at most: a fifth of the time is left to it."""
LOOK: Final = 0.001
"""Seconds between two looks at whether they are answered."""
HOPS: Final = 0.003
"""Seconds for which a call is under way before and after it is served: gRPC takes several passes of the loop to hand
over what it has received, and to send an answer."""
LATELY: Final = 0.5
"""Seconds after a call for which others are expected, of which nothing is known yet."""
OFTEN: Final = 4
"""So many calls in that time are several people's: whoever looks at how a job comes on is not to slow it down."""
LONGEST_REST: Final = 0.2
"""Seconds that a job rests at most between two of its parts."""


@dataclass(slots=True)
class _Loop:
    calls: int = 0
    left: float = 0.0
    heard: float = float("-inf")
    called: deque[float] = field(default_factory=lambda: deque(maxlen=OFTEN))
    """When the last few calls came."""


_loop: Final = _Loop()
_behind: Final = ContextVar("behind", default=False)


def hear() -> None:
    """A call has come, or its answer goes."""
    _loop.heard = time.monotonic()


@contextmanager
def call() -> Iterator[None]:
    """Around a call that is soon answered."""
    _loop.calls += 1
    _loop.called.append(time.monotonic())
    try:
        yield
    finally:
        _loop.calls -= 1
        hear()


def called_lately() -> bool:
    """Whether there were calls a moment ago, and so are more to come."""
    return _heard_within(LATELY)


def called_often() -> bool:
    """Whether many calls came a moment ago."""
    return len(_loop.called) == OFTEN and time.monotonic() - _loop.called[0] < LATELY


def stay_behind() -> None:
    """Have calls go before what this task does from now on, and before the tasks that it begins."""
    _behind.set(True)


async def rest(took: float) -> None:
    """To be awaited after a part of a job that took so many seconds: while many call, as long again is theirs alone.

    A call waits for more than the loop: for the database, which is at the part's rows, for the disk, and for the
    processors, on which everybody else is at the part's events by then.
    """
    if called_often():
        await asyncio.sleep(min(took, LONGEST_REST))


async def turn() -> None:
    """To be awaited after each of many things: others get their turn when they have not had one for long."""
    if time.monotonic() - _loop.left < LONGEST:
        return
    await asyncio.sleep(0)
    if _behind.get():
        await _let_calls_go_first()
    _loop.left = time.monotonic()


async def _let_calls_go_first() -> None:
    if called_lately():
        await asyncio.sleep(LOOK)
    until = time.monotonic() + PATIENCE
    while (_loop.calls or _heard_within(HOPS)) and time.monotonic() < until:  # noqa: ASYNC110 - an event belongs to one loop
        await asyncio.sleep(LOOK)


def _heard_within(seconds: float) -> bool:
    return time.monotonic() - _loop.heard < seconds
