"""Waits for what another service learns by event."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 20.0


async def eventually(
    attempt: Callable[[], Awaitable[T]],
    not_yet: type[Exception] | tuple[type[Exception], ...] = AssertionError,
    patience: float = PATIENCE,
) -> T:
    """What `attempt` gives as soon as it does not raise `not_yet` any more, for `patience` seconds."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return await attempt()
        except not_yet:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.05)
