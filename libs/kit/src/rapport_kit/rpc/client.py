"""Calls to other services: one channel per peer, with the deadline, token and trace of the call being served."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

import grpc
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from rapport_kit.naming import snake
from rapport_kit.rpc import call as calls
from rapport_kit.rpc.observed import called, received
from rapport_kit.rpc.status import from_rpc_error
from rapport_kit.telemetry.traces import current_traceparent

LARGEST_MESSAGE = 32 * 1024 * 1024


def service_config(safe: Iterable[tuple[str, str]]) -> str:
    """Spread over all addresses of a peer; repeat only what is safe, and not while the peer is down (AIP-194).

    A change is never repeated here: a connection that breaks does not tell whether the change was made. Who made it
    under a request id may ask again.
    """
    retry = {
        "name": [{"service": service, "method": method} for service, method in sorted(safe)],
        "retryPolicy": {
            "maxAttempts": 3,
            "initialBackoff": "0.05s",
            "maxBackoff": "0.5s",
            "backoffMultiplier": 2,
            "retryableStatusCodes": ["UNAVAILABLE"],
        },
    }
    return json.dumps(
        {
            "loadBalancingConfig": [{"round_robin": {}}],
            "methodConfig": [retry] if retry["name"] else [],
            # At most one retry for ten calls in the long run: a dead peer must not be met with a storm (gRFC A6).
            "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1},
        }
    )


def open_channel(
    target: str, credentials: grpc.ChannelCredentials | None = None, *, safe: Iterable[tuple[str, str]] = ()
) -> grpc.aio.Channel:
    """A channel to `unix:/path`, `host:port` or `dns:///name:port`; calls to the methods in `safe` are repeated.

    `safe` holds pairs of a proto service's full name and a method's name.
    """
    options = [
        ("grpc.service_config", service_config(safe)),
        ("grpc.max_send_message_length", LARGEST_MESSAGE),
        ("grpc.max_receive_message_length", LARGEST_MESSAGE),
        ("grpc.keepalive_time_ms", 30_000),
        ("grpc.keepalive_timeout_ms", 10_000),
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 1_000),
    ]
    if credentials is None:
        return grpc.aio.insecure_channel(target, options=options)
    return grpc.aio.secure_channel(target, credentials, options=options)


class Client:
    """One proto service as a caller sees it: `await client.get_person(request)`.

    Every call carries a deadline: `timeout` seconds, or what the call being served has left, whichever is less.
    Failures are raised as the `DomainError` that the peer raised.
    """

    def __init__(
        self, channel: grpc.aio.Channel, service: ServiceDescriptor, *, token: Callable[[], str] | None = None
    ) -> None:
        self._channel = channel
        self._token = token
        for method in service.methods:
            setattr(self, snake(method.name), self._kind(method)(method))

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"no such RPC: {name}")

    def _metadata(self) -> list[tuple[str, str]]:
        call = calls.current.get()
        token = self._token() if self._token else call.token if call else ""
        return [
            (key, value)
            for key, value in (
                ("authorization", f"Bearer {token}" if token else ""),
                ("x-request-id", call.request_id if call else ""),
                ("traceparent", current_traceparent()),
            )
            if value
        ]

    def _kind(self, method: MethodDescriptor) -> Callable[[MethodDescriptor], Callable[..., Any]]:
        if method.client_streaming:
            return self._client_streaming
        return self._server_streaming if method.server_streaming else self._unary

    def _unary(self, method: MethodDescriptor) -> Callable[..., Any]:
        rpc = self._channel.unary_unary(
            _path(method),
            GetMessageClass(method.input_type).SerializeToString,
            GetMessageClass(method.output_type).FromString,
        )

        async def call(request: Message, *, timeout: float = calls.DEFAULT_TIMEOUT) -> Message:
            with called(method.full_name):
                try:
                    answer: Message = await rpc(
                        request, timeout=calls.outgoing_timeout(timeout), metadata=self._metadata()
                    )
                except grpc.aio.AioRpcError as error:
                    raise from_rpc_error(error) from error
                return answer

        return call

    def _client_streaming(self, method: MethodDescriptor) -> Callable[..., Any]:
        rpc = self._channel.stream_unary(
            _path(method),
            GetMessageClass(method.input_type).SerializeToString,
            GetMessageClass(method.output_type).FromString,
        )

        async def call(requests: AsyncIterator[Message], *, timeout: float = calls.LONGEST) -> Message:
            limit = calls.outgoing_timeout(timeout)
            with called(method.full_name):
                try:
                    answer: Message = await rpc(requests, timeout=limit, metadata=self._metadata())
                except grpc.aio.AioRpcError as error:
                    raise from_rpc_error(error) from error
                return answer

        return call

    def _server_streaming(self, method: MethodDescriptor) -> Callable[..., AsyncIterator[Message]]:
        rpc = self._channel.unary_stream(
            _path(method),
            GetMessageClass(method.input_type).SerializeToString,
            GetMessageClass(method.output_type).FromString,
        )

        async def call(request: Message, *, timeout: float = calls.LONGEST) -> AsyncIterator[Message]:
            limit = calls.outgoing_timeout(timeout)
            with received(method.full_name):
                answers = rpc(request, timeout=limit, metadata=self._metadata())
                try:
                    async for answer in answers:
                        yield answer
                except grpc.aio.AioRpcError as error:
                    raise from_rpc_error(error) from error
                finally:
                    answers.cancel()  # for whoever wants no more of them

        return call


def _path(method: MethodDescriptor) -> str:
    return f"/{method.containing_service.full_name}/{method.name}"
