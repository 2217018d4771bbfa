"""ClamAV's daemon, spoken to in its own protocol (clamd(8), INSTREAM)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from rapport_kit.errors import Unavailable

SECONDS = 120.0
MOST_ANSWERED = 4096


class Clamd:
    """The daemon at `host:port` or `unix:/path`."""

    def __init__(self, address: str) -> None:
        self._address = address

    async def clean(self, content: AsyncIterator[bytes]) -> bool:
        """See `Scanner`."""
        try:
            async with asyncio.timeout(SECONDS):
                answer = await self._ask(content)
        except (OSError, TimeoutError) as error:
            raise Unavailable("SCANNER_UNAVAILABLE", "the virus scanner does not answer") from error
        if answer.endswith(b"FOUND"):
            return False
        if answer.endswith(b"OK"):
            return True
        raise Unavailable("SCANNER_FAILED", "the virus scanner could not scan the content")

    async def _ask(self, content: AsyncIterator[bytes]) -> bytes:
        reader, writer = await self._connect()
        try:
            writer.write(b"zINSTREAM\0")
            async for chunk in content:
                if chunk:  # an empty chunk is the end
                    writer.write(len(chunk).to_bytes(4, "big") + chunk)
                    await writer.drain()
            writer.write(bytes(4))
            await writer.drain()
            return (await reader.read(MOST_ANSWERED)).rstrip(b"\0\n")
        finally:
            writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._address.startswith("unix:"):
            return await asyncio.open_unix_connection(self._address.removeprefix("unix:"))
        host, _, port = self._address.rpartition(":")
        return await asyncio.open_connection(host.strip("[]"), int(port))
