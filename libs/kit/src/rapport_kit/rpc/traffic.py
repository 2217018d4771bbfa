"""Whether anybody calls this process at the moment."""

from __future__ import annotations

import time
from typing import Final

RECENT: Final = 2.0
"""Seconds for which a call counts: people who click leave such pauses."""
BESIDE_CALLS: Final = 0.1
ALONE: Final = 0.5
"""What work that nobody waits for may take of the time: beside calls, and while there are none."""


class Traffic:
    """When the last call was answered."""

    def __init__(self) -> None:
        self._last = -RECENT

    def note(self) -> None:
        """A call was answered."""
        self._last = time.monotonic()

    def share(self) -> float:
        """The part of the time that is left for work which nobody waits for."""
        return BESIDE_CALLS if time.monotonic() - self._last < RECENT else ALONE
