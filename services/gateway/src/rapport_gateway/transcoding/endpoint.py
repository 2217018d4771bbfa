"""One published RPC at work: request in, call, answer out."""

from __future__ import annotations

from typing import Any

import grpc
import structlog
from google.protobuf.message_factory import GetMessageClass
from opentelemetry.trace import SpanKind
from starlette.types import Receive, Scope, Send

from rapport_gateway import credentials
from rapport_gateway.credentials import ANONYMOUS, Doors, Pass
from rapport_gateway.incoming import Incoming, read_body
from rapport_gateway.problem import Problem
from rapport_gateway.sessions import Sessions
from rapport_gateway.settings import GatewaySettings
from rapport_gateway.transcoding.headers import none_match
from rapport_gateway.transcoding.rpc import Rpc
from rapport_gateway.transcoding.streams import Events, relay
from rapport_kit.telemetry import traces

Metadata = list[tuple[str, str]]
LONGEST_TRACEPARENT = 128
JSON = (b"content-type", b"application/json")
PRIVATE = (b"cache-control", b"no-store")

log = structlog.get_logger(__name__)


class Endpoint:
    """An ASGI application for one binding."""

    def __init__(self, rpc: Rpc, channel: grpc.aio.Channel, settings: GatewaySettings, doors: Doors) -> None:
        self.rpc = rpc
        method = rpc.binding.method
        self._streams: bool = method.server_streaming
        make = channel.unary_stream if self._streams else channel.unary_unary
        request, answer = GetMessageClass(method.input_type), GetMessageClass(method.output_type)
        path = f"/{method.containing_service.full_name}/{method.name}"
        self._call: Any = make(path, request.SerializeToString, answer.FromString)
        self._doors = doors
        self._sessions = Sessions(doors)
        self._settings = settings
        batch = ":batch" in rpc.binding.path
        self._body_limit = settings.batch_body_limit if batch else settings.body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        incoming: Incoming = scope["rapport.incoming"]
        with traces.span(self.rpc.name, SpanKind.SERVER, traceparent=_traceparent(incoming)):
            await self._serve(incoming, scope, receive, send)

    async def _serve(self, incoming: Incoming, scope: Scope, receive: Receive, send: Send) -> None:
        entered = ANONYMOUS if self.rpc.binding.public else await self._doors.enter(incoming)
        credentials.current.set(entered)
        try:
            await self._work(entered, incoming, scope, receive, send)
        except grpc.aio.AioRpcError as error:
            raise self._refusal(error, entered, incoming) from error

    async def _work(self, entered: Pass, incoming: Incoming, scope: Scope, receive: Receive, send: Send) -> None:
        """Call and answer; an error of the call becomes the refusal."""
        body = await read_body(incoming, receive, self._body_limit)
        query = self._sessions.query(self.rpc.name, scope["query_string"])
        request = self.rpc.reader.read(scope["rapport.segments"], query, incoming.headers, body)
        self._sessions.before(self.rpc.name, request, incoming)
        metadata = metadata_of(incoming, entered)
        if self._streams:
            call = self._call(request, metadata=metadata, timeout=self._settings.stream_deadline)
            events = Events(self.rpc.write, lambda error: self._refusal(error, entered, incoming), incoming.request_id)
            await relay(call, events, receive, send, self._settings.heartbeat)
            return
        reply = await self._call(request, metadata=metadata, timeout=self._settings.deadline)
        more = self._sessions.after(self.rpc.name, request, reply, incoming, entered)
        await self._answer(reply, incoming, more, send)

    def _refusal(self, error: grpc.aio.AioRpcError, entered: Pass, incoming: Incoming) -> Problem:
        """What the client is told; a token that was taken back is not used again."""
        if error.code() == grpc.StatusCode.UNAUTHENTICATED:
            self._doors.forget(entered)
        problem = Problem.of_rpc(error, conditional=b"if-match" in incoming.headers)
        if problem.status == 500:  # the service has logged why, under the id that it gave; without one nobody has
            told, code = dict(problem.metadata), error.code().name
            log.error("department failed", request_id=incoming.request_id, rpc=self.rpc.name, code=code, **told)
        return problem

    async def _answer(self, reply: Any, incoming: Incoming, more: list[tuple[bytes, bytes]], send: Send) -> None:
        headers = [PRIVATE, *more]
        # RFC 9110, section 15.4.4: done, and what comes next is elsewhere.
        status, body = 303 if any(name == b"location" for name, _ in more) else 200, b""
        if self.rpc.has_etag and reply.etag:
            headers.append((b"etag", reply.etag.encode("latin-1")))
            condition = incoming.headers.get(b"if-none-match") if self.rpc.binding.safe else None
            if condition is not None and not none_match(condition.decode("latin-1"), reply.etag):
                status = 304
        if status == 200:
            body = self.rpc.write(reply)
            headers += [JSON, (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if incoming.scope["method"] == "HEAD" else body})


def metadata_of(incoming: Incoming, entered: Pass) -> Metadata:
    """What a call carries beside its request."""
    metadata = [("x-request-id", incoming.request_id), ("traceparent", traces.current_traceparent())]
    if entered.authorization:
        metadata.append(("authorization", entered.authorization))
    return metadata


def _traceparent(incoming: Incoming) -> str:
    """The caller's trace, which goes on here; what is none begins a new one."""
    return incoming.headers.get(b"traceparent", b"")[:LONGEST_TRACEPARENT].decode("latin-1")
