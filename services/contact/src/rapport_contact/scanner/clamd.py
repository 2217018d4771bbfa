"""ClamAV's daemon, spoken to in its own protocol (clamd(8), INSTREAM)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from rapport_contact.domain.file import FileScanState
from rapport_kit.errors import Unavailable

SECONDS = 120.0
"""How long it may take over a piece of the content, or over its answer."""
MOST_ANSWERED = 4096
_END = b"\0"


class Clamd:
    """The daemon at `host:port` or `unix:/path`."""

    def __init__(self, address: str) -> None:
        self._address = address

    async def scan(self, content: AsyncIterator[bytes]) -> FileScanState:
        """See `Scanner`."""
        try:
            async with asyncio.timeout(SECONDS) as patience:
                answer = await self._ask(content, patience)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise Unavailable("SCANNER_UNAVAILABLE", "the virus scanner does not answer") from error
        if answer.endswith(b"FOUND"):
            return FileScanState.INFECTED
        if answer.endswith(b"OK"):
            return FileScanState.CLEAN
        if b"size limit exceeded" in answer:  # it will never take it: see StreamMaxLength
            return FileScanState.UNSCANNED
        raise Unavailable("SCANNER_FAILED", "the virus scanner could not scan the content")

    async def _ask(self, content: AsyncIterator[bytes], patience: asyncio.Timeout) -> bytes:
        """The answer, which is listened for from the start: to too much content it comes early, and then a hang-up."""
        reader, writer = await self._connect()
        answer = asyncio.create_task(reader.readuntil(_END))
        try:
            with contextlib.suppress(ConnectionError):
                writer.write(b"zINSTREAM" + _END)
                async for chunk in content:
                    if answer.done():
                        break
                    patience.reschedule(asyncio.get_running_loop().time() + SECONDS)
                    if chunk:  # an empty chunk is the end
                        writer.write(len(chunk).to_bytes(4, "big") + chunk)
                        await writer.drain()
                writer.write(bytes(4))
                await writer.drain()
            return (await answer).removesuffix(_END).rstrip()
        finally:
            answer.cancel()
            writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._address.startswith("unix:"):
            return await asyncio.open_unix_connection(self._address.removeprefix("unix:"), limit=MOST_ANSWERED)
        host, _, port = self._address.rpartition(":")
        return await asyncio.open_connection(host.strip("[]"), int(port), limit=MOST_ANSWERED)
