"""What a caller was shown a moment ago, for when a department does not answer in time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from google.protobuf.message import Message

LONGEST = 60.0
"""Seconds that anything is remembered at most: as long as an erased person may still be found anywhere."""

PageKey = tuple[bytes, str]
"""Whose credential it was, and the customer: what one caller read is never shown to another."""


@dataclass(frozen=True, slots=True)
class Read:
    """Content, and when it was read."""

    content: Message
    time: datetime
    until: float
    """On the memory's clock, in seconds."""


@dataclass(slots=True)
class _Page:
    until: float = 0.0
    size: int = 0
    panels: dict[str, Read] = field(default_factory=dict)


class Memory:
    """The panels of the last pages, for `seconds` each and up to `limit` bytes; the oldest pages go first."""

    def __init__(self, seconds: float, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = min(seconds, LONGEST)
        self._limit = limit
        self._clock = clock
        self._pages: dict[PageKey, _Page] = {}
        self._size = 0

    def keep(self, page: PageKey, panel: str, content: Message, at: datetime) -> Read:
        """Remember what was read at a time."""
        self.forget(page, panel)
        until = self._clock() + self._seconds
        # Put in again at the end: pages are in the order in which they will be over.
        kept = self._pages.pop(page, None) or _Page()
        self._pages[page] = kept
        kept.until = until
        read = kept.panels[panel] = Read(content, at, until)
        self._grow(kept, content.ByteSize())
        self._sweep()
        return read

    def recall(self, page: PageKey, panel: str) -> Read | None:
        """What the caller was shown before; None when that is too long ago."""
        self._sweep()
        kept = self._pages.get(page)
        read = kept.panels.get(panel) if kept else None
        return read if read and read.until > self._clock() else None

    def forget(self, page: PageKey, panel: str) -> None:
        """Remember one panel no more."""
        kept = self._pages.get(page)
        read = kept.panels.pop(panel, None) if kept else None
        if kept is not None and read is not None:
            self._grow(kept, -read.content.ByteSize())

    def forget_page(self, page: PageKey) -> None:
        """Remember nothing of a page."""
        kept = self._pages.pop(page, None)
        if kept is not None:
            self._size -= kept.size

    def _grow(self, page: _Page, size: int) -> None:
        page.size += size
        self._size += size

    def _sweep(self) -> None:
        now = self._clock()
        while self._pages:
            oldest = next(iter(self._pages))
            if self._pages[oldest].until > now and self._size <= self._limit:
                return
            self.forget_page(oldest)
