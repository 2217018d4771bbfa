"""What ClamAV's daemon may do to whoever speaks to it, on a socket (clamd(8), INSTREAM)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from rapport_contact.domain.file import FileScanState
from rapport_contact.scanner import clamd
from rapport_contact.scanner.clamd import Clamd
from rapport_kit.errors import Unavailable

Daemon = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def spoken_to(daemon: Daemon) -> AsyncIterator[Clamd]:
    async with await asyncio.start_server(daemon, "127.0.0.1", 0) as server:
        yield Clamd(f"127.0.0.1:{server.sockets[0].getsockname()[1]}")


async def content(pieces: int = 3, size: int = 10) -> AsyncIterator[bytes]:
    for _ in range(pieces):
        yield b"x" * size
        yield b""


async def taken(reader: asyncio.StreamReader) -> int:
    """How many bytes of content came until its end."""
    assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
    length = 0
    while size := int.from_bytes(await reader.readexactly(4), "big"):
        length += len(await reader.readexactly(size))
    return length


@pytest.mark.parametrize(
    ("answer", "state"), [(b"stream: OK\0", FileScanState.CLEAN), (b"stream: Eicar FOUND\0", FileScanState.INFECTED)]
)
async def test_con_16_an_answer_that_comes_in_pieces_is_read_to_its_end(answer: bytes, state: FileScanState) -> None:
    async def daemon(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await taken(reader) == 30
        for byte in answer:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0)
        await reader.read()  # until the other side hangs up, which it does once it has the answer
        writer.close()

    async with spoken_to(daemon) as scanner:
        assert await scanner.scan(content()) is state


async def test_con_16_content_that_is_more_than_the_daemon_takes_stays_unscanned() -> None:
    async def daemon(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\0")
        await reader.readexactly(1_000)
        writer.write(b"INSTREAM size limit exceeded. ERROR\0")
        await writer.drain()
        writer.close()

    async with spoken_to(daemon) as scanner:
        assert await scanner.scan(content(pieces=2_000, size=100_000)) is FileScanState.UNSCANNED


@pytest.mark.parametrize("answer", [b"", b"stream: OK", b"x" * 10_000, b"silence"])
async def test_con_16_a_daemon_that_does_not_answer_is_not_waited_for_and_says_nothing(
    answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def daemon(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await taken(reader)
        if answer == b"silence":
            await reader.read()
        else:
            writer.write(answer)
        writer.close()

    monkeypatch.setattr(clamd, "SECONDS", 0.2)
    async with spoken_to(daemon) as scanner:
        with pytest.raises(Unavailable) as refused:
            await scanner.scan(content())
    assert refused.value.reason == "SCANNER_UNAVAILABLE"
