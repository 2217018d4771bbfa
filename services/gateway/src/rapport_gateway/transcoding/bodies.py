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
from rapport_gateway.incoming import Incoming, check_length, read_body
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
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).return UploadEndpoint(rpc, channel, settings, doors)
    return (DownloadEndpoint if rpc.downloads else Endpoint)(rpc, channel, settings, doors)


class UploadEndpoint(Endpoint):
    """The HTTP body goes on piece by piece, as fast as the service takes it."""

    def __init__(self, rpc: Rpc, channel: grpc.aio.Channel, settings: GatewaySettings, doors: Doors) -> None:
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).super().__init__(rpc, channel, settings, doors)
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).method = rpc.binding.method
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).self._new = GetMessageClass(method.input_type)
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).answer = GetMessageClass(method.output_type)
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).path = f"/{method.containing_service.full_name}/{method.name}"
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).self._call: Any = channel.stream_unary(path, self._new.SerializeToString, answer.FromString)

    async def _serve(self, incoming: Incoming, scope: Scope, receive: Receive, send: Send) -> None:
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).entered = Pass() if self.rpc.binding.public else await self._doors.enter(incoming)
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).limit = self._settings.platform.upload_limit
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).check_length(incoming, limit)
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).request = self.rpc.reader.read(scope["rapport.segments"], scope["query_string"], incoming.headers, b"")
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).content: Content = getattr(request, self.rpc.binding.body)
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).content.content_type = incoming.text(b"content-type")
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).call = self._call(metadata=metadata_of(incoming, entered), timeout=self._settings.stream_deadline)
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).sending = asyncio.ensure_future(self._send(call, request, _pieces(incoming, receive, limit, self._patience)))
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).answered = asyncio.ensure_future(call.code())
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).try:
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    # A service that refuses early answers while the body is still on its way.
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    await asyncio.wait({sending, answered}, return_when=asyncio.FIRST_COMPLETED)
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    if sending.done():
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).        sending.result()
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    reply = await call
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).except grpc.aio.AioRpcError as error:
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    if error.code() == grpc.StatusCode.UNAUTHENTICATED:
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).        self._doors.forget(entered)
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    problem = Problem.of_rpc(error, conditional=b"if-match" in incoming.headers)
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    problem.headers = [*problem.headers, CLOSE]  # the rest of the body is not read
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    raise problem from error
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).finally:
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    call.cancel()
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    sending.cancel()
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    answered.cancel()
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).await self._answer(reply, incoming, [], send)

    @property
    def _patience(self) -> float:
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5)."""Seconds that a client may pause."""
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).return 2 * self._settings.heartbeat

    async def _send(self, call: Any, request: Any, pieces: AsyncIterator[tuple[bytes, bool]]) -> None:
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).try:
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    async for data, last in pieces:
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).        content: Content = getattr(request, self.rpc.binding.body)
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).        content.data, content.last = data, last
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).        await call.write(request)
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).        request = self._new()
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    await call.done_writing()
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).except (asyncio.InvalidStateError, grpc.aio.AioRpcError):
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    return  # The service has answered already: why, the call says.


class DownloadEndpoint(Endpoint):
    """What the service streams is the HTTP body, with the headers that its first piece tells."""

    async def _serve(self, incoming: Incoming, scope: Scope, receive: Receive, send: Send) -> None:
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).entered = Pass() if self.rpc.binding.public else await self._doors.enter(incoming)
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).body = await read_body(incoming, receive, self._body_limit)
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).request: Any = self.rpc.reader.read(scope["rapport.segments"], scope["query_string"], incoming.headers, body)
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).wanted = incoming.text(b"range")
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).# Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).if wanted and not request.range and b"if-range" not in incoming.headers:
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    request.range = wanted
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).call = self._call(request, metadata=metadata_of(incoming, entered), timeout=self._settings.stream_deadline)
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).gone = asyncio.ensure_future(_disconnected(receive))
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).try:
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    first = await call.read()
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    if first is grpc.aio.EOF:  # the call failed: its status says how
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).        raise Problem(502, "NO_CONTENT", "the service sent nothing")
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    await self._relay(call, first, incoming, send, gone)
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).except grpc.aio.AioRpcError as error:
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    if error.code() == grpc.StatusCode.UNAUTHENTICATED:
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).        self._doors.forget(entered)
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    raise Problem.of_rpc(error) from error
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).finally:
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    call.cancel()
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    gone.cancel()

    async def _relay(
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).self, call: Any, first: Content, incoming: Incoming, send: Send, gone: asyncio.Future[None]
    ) -> None:
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).condition = incoming.headers.get(b"if-none-match")
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).if condition is not None and first.etag and not none_match(condition.decode("latin-1"), first.etag):
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    headers = [(b"etag", first.etag.encode("latin-1")), PRIVATE]
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    await send({"type": "http.response.start", "status": 304, "headers": headers})
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    await send({"type": "http.response.body", "body": b""})
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    return
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).status = 206 if first.HasField("start") else 200
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).await send({"type": "http.response.start", "status": status, "headers": _headers(first)})
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).piece: Any = first
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).while piece is not grpc.aio.EOF and incoming.scope["method"] != "HEAD":
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    if gone.done():
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).        return
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    await send({"type": "http.response.body", "body": piece.data, "more_body": True})
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    piece = await call.read()
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).await send({"type": "http.response.body", "body": b""})


def _headers(first: Content) -> list[tuple[bytes, bytes]]:
    length = first.end - first.start if first.HasField("start") else first.size
    headers = [
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).(b"content-type", first.content_type.encode("latin-1", "replace") or b"application/octet-stream"),
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).(b"content-length", str(length).encode()),
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).(b"content-disposition", _attachment(first.file_name)),
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).*INERT,
    ]
    if first.HasField("start"):
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).headers.append((b"content-range", f"bytes {first.start}-{first.end - 1}/{first.size}".encode()))
    if first.etag:
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).headers.append((b"etag", first.etag.encode("latin-1")))
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
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).yield b"", True
    while more:
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).try:
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    event: Any = await asyncio.wait_for(receive(), patience)
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).except TimeoutError:
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    raise Problem(408, "BODY_STALLED", f"nothing came for {patience:g} seconds", headers=[CLOSE]) from None
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).if event["type"] == "http.disconnect":
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    raise Problem(499, "CANCELLED", "the client went away")
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).data, more = event.get("body", b""), event.get("more_body", False)
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).size += len(data)
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).if size > limit:
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).    raise Problem(413, "BODY_TOO_LARGE", f"the body exceeds {limit} bytes", headers=[CLOSE])
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).yield data, not more


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
 Whether the content is still what If-Range names is not known yet; the whole is always right (RFC 9110, 13.1.5).pass
