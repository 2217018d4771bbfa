"""Waiting longer after each failure, never quite as long as the others do."""

from __future__ import annotations

import asyncio
import random


class Backoff:
    """Doubles from `first` to `cap` seconds, with full jitter on the upper half."""

    def __init__(self, first: float = 0.1, cap: float = 5.0) -> None:
        self._first = first
        self._cap = cap
        self._next = first

    def reset(self) -> None:
        """It works again."""
        self._next = self._first

    async def sleep(self) -> None:
        """Wait before the next try."""
        await asyncio.sleep(self._next * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, no secret
        self._next = min(self._next * 2, self._cap)
