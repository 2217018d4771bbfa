"""Files as the streams that readers take."""

from __future__ import annotations

from collections.abc import AsyncIterator

from rapport_contact.files.inspection import Findings, inspect, records
from rapport_contact.files.records import Record


async def chunks(content: bytes, size: int = 65_536) -> AsyncIterator[bytes]:
    """The bytes of a file, `size` at a time."""
    for place in range(0, len(content), size):
        yield content[place : place + size]


async def read(content: bytes, size: int = 65_536) -> tuple[Findings, list[Record]]:
    """What a file is, and all its records."""
    found = await inspect(chunks(content, size))
    behind = records(found, chunks(content[found.start :], size), found.start, 2)
    return found, [record async for record in behind]
