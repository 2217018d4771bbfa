"""Blobs that nobody reads without a key, from any byte on."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Final

from rapport_kit.blobs import Blobs, Stored
from rapport_kit.blobs.port import Measured
from rapport_kit.privacy.cipher import Key

PIECE: Final = 64 * 1024
"""Bytes that are sealed at a time: whoever begins to read within a piece opens all of it."""
BOX: Final = PIECE + len(Key(bytes(32)).seal(b"", b""))
"""Bytes that a piece takes in the store."""


class SealedBlobs:
    """What lies in a store, each piece in a box of its own, bound to the blob and to its place there."""

    def __init__(self, store: Blobs, key: Key) -> None:
        self._store = store
        self._key = key

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> Stored:
        """See `Blobs`; size and digest are those of the content."""
        measured = Measured(chunks)
        await self._store.put(key, self._boxes(key, aiter(measured)))
        return measured.stored

    async def open(self, key: str, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes]:
        """See `Blobs`; `Unreadable` is raised for what was changed, or sealed with another key."""
        number = start // PIECE
        async with aclosing(self._store.open(key, number * BOX)) as stored:
            async for box in _cut(stored, BOX):
                at = number * PIECE
                piece = self._key.open(box, _place(key, number))
                yield piece[max(start - at, 0) : None if end is None else max(end - at, 0)]
                number += 1
                if end is not None and number * PIECE >= end:
                    return

    async def delete(self, key: str) -> None:
        """See `Blobs`."""
        await self._store.delete(key)

    async def _boxes(self, key: str, chunks: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
        number = 0
        async for piece in _cut(chunks, PIECE):
            yield self._key.seal(piece, _place(key, number))
            number += 1


async def _cut(chunks: AsyncIterator[bytes], size: int) -> AsyncGenerator[bytes]:
    """The same bytes in parts of `size`; the last may be shorter."""
    rest = bytearray()
    async for chunk in chunks:
        rest += chunk
        while len(rest) >= size:
            yield bytes(rest[:size])
            del rest[:size]
    if rest:
        yield bytes(rest)


def _place(key: str, number: int) -> bytes:
    return f"blob\0{key}\0{number}".encode()
