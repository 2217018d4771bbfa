"""Cuts a stream of bytes into lines without ever holding a line that is too long."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

from rapport_contact.files.records import LONGEST

HEAD = 200
"""Bytes that are kept of a line that is too long: enough to tell what it begins with."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its line feed; `end` is where the next begins. Of one that is too long only the head is left."""

    text: bytes
    end: int
    too_long: bool = False


class LineCutter:
    """Takes chunks, gives lines. Holds one incomplete line at most, and of that no more than `longest` bytes."""

    def __init__(self, start: int = 0, longest: int = LONGEST) -> None:
        self._position = start
        self._longest = longest
        self._rest = b""
        self._head: bytes | None = None

    def feed(self, chunk: bytes) -> Iterator[Line]:
        """The lines that `chunk` completes."""
        if self._head is not None:
            dropped, newline, chunk = chunk.partition(b"\n")
            self._position += len(dropped) + len(newline)
            if not newline:
                return
            head, self._head = self._head, None
            yield Line(head, self._position, too_long=True)
        *complete, self._rest = (self._rest + chunk).split(b"\n")
        for text in complete:
            self._position += len(text) + 1
            if len(text) > self._longest:
                yield Line(text[:HEAD], self._position, too_long=True)
            else:
                yield Line(text, self._position)
        if len(self._rest) > self._longest:
            self._position += len(self._rest)
            self._head, self._rest = self._rest[:HEAD], b""

    def close(self) -> Iterator[Line]:
        """The last line, when nothing ended it."""
        if self._head is not None:
            yield Line(self._head, self._position, too_long=True)
        elif self._rest:
            self._position += len(self._rest)
            yield Line(self._rest, self._position)


async def lines_of(chunks: AsyncIterator[bytes], start: int = 0) -> AsyncIterator[Line]:
    """The lines of a stream that begins at the byte `start` of its file."""
    cutter = LineCutter(start)
    async for chunk in chunks:
        for line in cutter.feed(chunk):
            yield line
    for line in cutter.close():
        yield line
