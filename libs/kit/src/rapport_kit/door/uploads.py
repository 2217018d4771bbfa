"""What a command sends of a file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import IO, Any, Final, TypeVar

from google.protobuf.message import Message

PIECE: Final = 256 * 1024
"""Bytes of a message, about."""
M = TypeVar("M", bound=Message)


async def pieces(first: M, content: IO[bytes]) -> AsyncIterator[M]:
    """The messages of an upload: `first` with the first piece as its `content`, then the others; the last is marked."""
    request: Any = first
    piece = content.read(PIECE)
    while True:
        following = content.read(PIECE)
        request.content.data, request.content.last = piece, not following
        yield request
        if not following:
            return
        request, piece = type(first)(), following
