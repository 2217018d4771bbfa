"""Remembers what was read for a short time."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

MOST = 10_000

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Values that are forgotten `seconds` after they were put, the oldest also when there are more than `most`."""

    def __init__(self, seconds: float, most: int = MOST, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._most = most
        self._clock = clock
        self._known: dict[K, tuple[float, V]] = {}

    def get(self, key: K) -> V | None:
        """The value, or None when it is not known any more."""
        found = self._known.get(key)
        if found is None:
            return None
        if found[0] < self._clock():
            del self._known[key]
            return None
        return found[1]

    def put(self, key: K, value: V) -> None:
        """Remember a value from now on."""
        self._known.pop(key, None)  # the youngest stand last
        if len(self._known) >= self._most:
            del self._known[next(iter(self._known))]
        self._known[key] = (self._clock() + self._seconds, value)

    def drop(self, key: K) -> None:
        """Forget a value now."""
        self._known.pop(key, None)
