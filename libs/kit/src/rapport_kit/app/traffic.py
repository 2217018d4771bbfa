"""Whether a process does at the moment what somebody waits for."""

from __future__ import annotations

import time
from typing import Final

RECENT: Final = 2.0
"""Seconds for which that counts: people who click leave such pauses."""
BESIDE_OTHERS: Final = 0.05
ALONE: Final = 0.5
"""What work that nobody waits for may take of the time."""


class Traffic:
    """When a call was answered last, or facts were written, as an import does."""

    def __init__(self) -> None:
        self._last = -RECENT
        self._brought_in = -RECENT

    def note(self) -> None:
        """It was done just now."""
        self._last = time.monotonic()

    def note_bulk(self) -> None:
        """A part of what somebody has brought in, or changed, by the thousand was written just now."""
        self._brought_in = time.monotonic()

    def share(self) -> float:
        """The part of the time that is left for work which nobody waits for."""
        return BESIDE_OTHERS if time.monotonic() - self._last < RECENT else ALONE

    def bulk_share(self) -> float:
        """The part of the time that is left for telling others of what is brought in."""
        return BESIDE_OTHERS if time.monotonic() - self._brought_in < RECENT else 1.0
