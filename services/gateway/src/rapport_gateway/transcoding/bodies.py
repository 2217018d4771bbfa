"""RPCs whose HTTP body is not JSON: uploads and downloads, which pass through without being held."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import grpc
from google.protobuf.message_factory import GetMessageClass
from starlette.types import Receive, Scope, Send

from rapport.api.v1.content_pb2 import Content
from rapport_gateway.credentials import Doors, Pass
from rapport_gateway.incoming import Incoming, check_is_content, check_length, disconnected, read_body
from rapport_gateway.problem import Problem
from rapport_gateway.settings import GatewaySettings
from rapport_gateway.transcoding.endpoint import PRIVATE, Endpoint, metadata_of
from rapport_gateway.transcoding.headers import none_match
from rapport_gateway.transcoding.rpc import Rpc

CLOSE = (b"connection", b"close")
INERT = [
    (b"content-security-policy", b"sandbox; default-src 'none'"),
    (b"accept-ranges", b"bytes"),
    PRIVATE,
]
"""What a browser is told about files of strangers, beside nosniff: they are not of this site, and run nothing."""


def endpoint_of(rpc: Rpc, channel: grpc.aio.Channel, settings: GatewaySettings, doors: Doors) -> Endpoint:
    """The endpoint that fits what an RPC streams."""
    if rpc.uploads:
        return UploadEndpoint(rpc, channel, settings, doors)
    return (DownloadEndpoint if rpc.downloads else Endpoint)(rpc, channel, settings, doors)


class UploadEndpoint(Endpoint):
    """The HTTP body goes on piece by piece, as fast as the service takes it."""

    def __init__(self, rpc: Rpc, channel: grpc.aio.Channel, settings: GatewaySettings, doors: Doors) -> None:
        super().__init__(rpc, channel, settings, doors)
        method = rpc.binding.method
        self._new = GetMessageClass(method.input_type)
        answer = GetMessageClass(method.output_type)
        path = f"/{method.containing_service.full_name}/{method.name}"
        self._call: Any = channel.stream_unary(path, self._new.SerializeToString, answer.FromString)

    async def _work(self, entered: Pass, incoming: Incoming, scope: Scope, receive: Receive, send: Send) -> None:
        limit = self._settings.platform.upload_limit
        check_length(incoming, limit)
        check_is_content(incoming)
        request = self.rpc.reader.read(scope["rapport.segments"], scope["query_string"], incoming.headers, b"")
        content: Content = getattr(request, self.rpc.binding.body)
        content.content_type = incoming.text(b"content-type")
        call = self._call(metadata=metadata_of(incoming, entered), timeout=self._settings.body_deadline)
        sending = asyncio.ensure_future(self._send(call, request, _pieces(incoming, receive, limit, self._patience)))
        answered = asyncio.ensure_future(call.code())
        try:
            # A service that refuses early answers while the body is still on its way.
            await asyncio.wait({sending, answered}, return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                sending.result()
            reply = await call
        except grpc.aio.AioRpcError as error:
            problem = self._refusal(error, entered, incoming)
            problem.headers = [*problem.headers, CLOSE]  # the rest of the body is not read
            raise problem from error
        finally:
            call.cancel()
            sending.cancel()
            answered.cancel()
        await self._answer(reply, incoming, [], send)

    @property
    def _patience(self) -> float:
        """Seconds that a client may pause."""
        return 2 * self._settings.heartbeat

    async def _send(self, call: Any, request: Any, pieces: AsyncIterator[tuple[bytes, bool]]) -> None:
        try:
            async for data, last in pieces:
                content: Content = getattr(request, self.rpc.binding.body)
                content.data, content.last = data, last
                await call.write(request)
                request = self._new()
            await call.done_writing()
        except (asyncio.InvalidStateError, grpc.aio.AioRpcError):
            return  # The service has answered already: why, the call says.


class DownloadEndpoint(Endpoint):
    """What the service streams is the HTTP body, with the headers that its first piece tells."""

    async def _work(self, entered: Pass, incoming: Incoming, scope: Scope, receive: Receive, send: Send) -> None:
        body = await read_body(incoming, receive, self._body_limit)
        request: Any = self.rpc.reader.read(scope["rapport.segments"], scope["query_string"], incoming.headers, body)
        wanted = incoming.text(b"range")
        # Whether the content is still what If-Range names is not known yet, and the whole is always right.
        if wanted and not request.range and b"if-range" not in incoming.headers:
            request.range = wanted
        call = self._call(request, metadata=metadata_of(incoming, entered), timeout=self._settings.body_deadline)
        gone = asyncio.ensure_future(disconnected(receive))
        try:
            first = await call.read()
            if first is grpc.aio.EOF:  # the call failed: its status says how
                raise Problem(502, "NO_CONTENT", "the service sent nothing")
            await self._relay(call, first, incoming, send, gone)
        finally:
            call.cancel()
            gone.cancel()

    async def _relay(
        self, call: Any, first: Content, incoming: Incoming, send: Send, gone: asyncio.Future[None]
    ) -> None:
        condition = incoming.headers.get(b"if-none-match")
        if condition is not None and first.etag and not none_match(condition.decode("latin-1"), first.etag):
            headers = [(b"etag", first.etag.encode("latin-1")), PRIVATE]
            await send({"type": "http.response.start", "status": 304, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        status = 206 if first.HasField("start") else 200
        await send({"type": "http.response.start", "status": status, "headers": _headers(first)})
        piece: Any = first
        while piece is not grpc.aio.EOF and incoming.scope["method"] != "HEAD":
            if gone.done():
                return
            await send({"type": "http.response.body", "body": piece.data, "more_body": True})
            piece = await call.read()
        await send({"type": "http.response.body", "body": b""})


def _headers(first: Content) -> list[tuple[bytes, bytes]]:
    length = first.end - first.start if first.HasField("start") else first.size
    headers = [
        (b"content-type", first.content_type.encode("latin-1", "replace") or b"application/octet-stream"),
        (b"content-disposition", _attachment(first.file_name)),
        *INERT,
    ]
    if length >= 0:  # what is made while it is sent goes in chunks
        headers.append((b"content-length", str(length).encode()))
    if first.HasField("start"):
        headers.append((b"content-range", f"bytes {first.start}-{first.end - 1}/{first.size}".encode()))
    if first.etag:
        headers.append((b"etag", first.etag.encode("latin-1")))
    return headers


def _attachment(name: str) -> bytes:
    """Content-Disposition (RFC 6266): saved, never shown; the name for old clients has ASCII letters only."""
    plain = "".join(letter if (letter.isascii() and letter.isalnum()) or letter in " ._-" else "_" for letter in name)
    return f"attachment; filename=\"{plain or 'file'}\"; filename*=UTF-8''{quote(name or 'file', safe='')}".encode()


async def _pieces(
    incoming: Incoming, receive: Receive, limit: int, patience: float
) -> AsyncIterator[tuple[bytes, bool]]:
    """The body as it comes, and with each piece whether it is the last."""
    size, more = 0, bool(int(incoming.text(b"content-length") or 0)) or b"transfer-encoding" in incoming.headers
    if not more:
        yield b"", True
    while more:
        try:
            event: Any = await asyncio.wait_for(receive(), patience)
        except TimeoutError:
            raise Problem(408, "BODY_STALLED", f"nothing came for {patience:g} seconds", headers=[CLOSE]) from None
        if event["type"] == "http.disconnect":
            raise Problem(499, "CANCELLED", "the client went away")
        data, more = event.get("body", b""), event.get("more_body", False)
        size += len(data)
        if size > limit:
            raise Problem(413, "BODY_TOO_LARGE", f"the body exceeds {limit} bytes", headers=[CLOSE])
        yield data, not more
