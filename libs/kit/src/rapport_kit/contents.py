"""What use cases see of uploads and downloads.

Bytes are put into the blob store while no transaction is open, so a durable timer is set first: it deletes them unless
the use case keeps them, in its own transaction. Nothing is lost and nothing is left, wherever a process is killed.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from rapport.api.v1.content_pb2 import Content
from rapport_kit import jobs
from rapport_kit.blobs import Blobs
from rapport_kit.errors import Invalid
from rapport_kit.jobs import Tick
from rapport_kit.uow import UnitOfWork

SWEEP = "rapport.blob.sweep"
"""The job that deletes a blob which nobody keeps; a service that takes uploads is given it by the frame."""
UNCLAIMED = timedelta(hours=6)
"""How long the timer of an upload waits: longer than any upload lasts."""
_RANGE = re.compile(r"bytes=(\d{1,18})?-(\d{1,18})?", re.ASCII)


PIECE: Final = 256 * 1024
"""Bytes of a message of a content that is made while it is sent."""
UNKNOWN_SIZE: Final = -1
"""That of a content whose size is not known before its end."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What was uploaded, and lies in the blob store under `key` until the timer sweeps it, or `keep` stops that."""

    key: str
    size: int
    sha256: str
    content_type: str
    """As the caller said."""
    head: bytes
    """The first bytes, to tell by what it is."""
    further: Callable[[], Awaitable[str]]
    """Gives a key for what is made of the upload, which is swept unless it is kept, too (`kept`)."""

    async def keep(self, uow: UnitOfWork) -> None:
        """Keep the blob if this transaction commits."""
        await kept(uow, self.key)


async def kept(uow: UnitOfWork, key: str) -> None:
    """Keep what was put under `key` if this transaction commits."""
    await jobs.cancel(uow, SWEEP, key)


async def discard(uow: UnitOfWork, key: str) -> None:
    """Have a blob deleted once this transaction has committed."""
    await jobs.schedule(uow, SWEEP, key, uow.now)


async def sweep(tick: Tick, uow: UnitOfWork) -> None:
    """The job `SWEEP`."""
    await uow.blobs.delete(tick.key)


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes from `start` to before `end`."""

    start: int
    end: int

    @classmethod
    def of(cls, text: str, size: int) -> Part | None:
        """The part that `Range` asks for; None for the whole, also when the text is none that must be honoured.

        Raises:
            Invalid: no byte of it exists (RFC 9110, 14.1.2; 416 at the edge).
        """
        found = _RANGE.fullmatch(text.replace(" ", ""))
        if found is None or not any(found.groups()):
            return None
        first, last = (int(number) if number else None for number in found.groups())
        if first is None:
            first, last = max(size - (last or 0), 0), None
        if last is not None and last < first:
            return None
        if first >= size:
            raise Invalid("RANGE_NOT_SATISFIABLE", f"the content has {size} bytes", size=size)
        return cls(first, size if last is None else min(last + 1, size))


async def download(blobs: Blobs, key: str, head: Content, part: Part | None) -> AsyncGenerator[Content]:
    """A blob as an answer. `head` says what the whole of it is, and goes out with the first bytes."""
    if part is not None:
        head.start, head.end = part.start, part.end
    async with aclosing(blobs.open(key) if part is None else blobs.open(key, part.start, part.end)) as pieces:
        head.data = await anext(pieces, b"")
        yield head
        async for data in pieces:
            yield Content(data=data)


def cut(data: bytes) -> list[Content]:
    """Pieces that a message may hold."""
    return [Content(data=data[place : place + PIECE]) for place in range(0, len(data), PIECE)]
