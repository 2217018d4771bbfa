"""Issuers that misbehave: what comes from them is bounded in size and time, and goes nowhere else."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from rapport_identity.oidc.fetch import LARGEST, IssuerFault, fetch
from rapport_identity.oidc.issuers import Issuers
from rapport_kit.rpc import call as calls

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def issuer(talk: Talk) -> AsyncIterator[str]:
    """A server that talks as it likes; gives its URL."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def says(body: bytes, status: str = "200 OK", *headers: str) -> Talk:
    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", "connection: close", *headers, "", ""]
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()

    return talk


async def never(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.05)


async def endless(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
        await writer.drain()


async def fault(talk: Talk) -> str:
    async with issuer(talk) as url:
        with pytest.raises(IssuerFault) as caught:
            await fetch(url)
    return str(caught.value)


async def test_an_object_is_read() -> None:
    async with issuer(says(b'{"a": 1}')) as url:
        assert await fetch(url) == {"a": 1}


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"<html>", b'{"a": 1', b"\xff"])
async def test_what_is_no_object_is_refused(body: bytes) -> None:
    assert "not the JSON object" in await fault(says(body))


async def test_an_answer_without_end_is_given_up() -> None:
    assert str(LARGEST) in await fault(endless)


async def test_an_issuer_that_takes_forever_costs_no_more_than_the_caller_has() -> None:
    before = calls.current.set(calls.Call(deadline=time.monotonic() + 0.4))
    try:
        began = time.monotonic()
        assert "no answer" in await fault(never)
        assert time.monotonic() - began < 1
    finally:
        calls.current.reset(before)


async def test_a_redirect_is_not_followed() -> None:
    followed = []

    async def inside(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        followed.append(True)
        await says(b"{}")(reader, writer)

    async with issuer(inside) as target:
        assert "status 302" in await fault(says(b"{}", "302 Found", f"location: {target}"))
    assert followed == []


@pytest.mark.parametrize(
    "url",
    [
        "https://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/",
        "https://[::1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://0x7f.1/",
        "http://93.184.215.14/",
        "https://93.184.215.14:22/",
    ],
)
async def test_an_address_that_may_not_be_called_is_not(url: str) -> None:
    with pytest.raises(IssuerFault) as caught:
        await fetch(url)
    assert "address" in str(caught.value) or "connection" in str(caught.value)


def described(url: str, **more: Any) -> bytes:
    places = {name: f"{url}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    return json.dumps({"issuer": url} | places | more).encode()


@pytest.mark.parametrize(
    "lie",
    [
        {"issuer": "https://another.example"},
        {"jwks_uri": "file:///etc/passwd"},
        {"token_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "https://x.example/\r\nset-cookie: a=b"},
    ],
)
async def test_a_description_that_is_not_of_this_issuer_or_leads_nowhere_is_refused(lie: dict[str, Any]) -> None:
    place: list[str] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await says(described(place[0], **lie))(reader, writer)

    async with issuer(talk) as url:
        place.append(url)
        with pytest.raises(IssuerFault):
            await Issuers().get(url)


async def test_an_issuer_is_asked_for_an_unknown_key_once_in_a_while_only() -> None:
    asked: list[bytes] = []
    place: list[str] = []
    now = [0.0]

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(b"")
        body = described(place[0]) if len(asked) == 1 else b'{"keys": [{"kty": "oct", "k": "AA"}, {"kty": "RSA"}, 7]}'
        await says(body)(reader, writer)

    async with issuer(talk) as url:
        place.append(url)
        issuers = Issuers(clock=lambda: now[0])
        for _ in range(5):
            assert list(await issuers.keys(url, "unknown")) == []
        assert len(asked) == 2
        now[0] = 31.0
        assert list(await issuers.keys(url, "unknown")) == []
        assert len(asked) == 3
