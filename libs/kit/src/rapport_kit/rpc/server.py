"""The gRPC server of one process: endpoints, health, reflection, TLS and an orderly stop."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import grpc
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from rapport_kit import turns
from rapport_kit.rpc.endpoint import Endpoint
from rapport_kit.rpc.symbols import Symbols

OPTIONS = (
    # Clients come back through DNS, so that new pods get traffic. Calls that are open then go on to their own deadline:
    # a watch or a download lasts longer than a connection.
    ("grpc.max_connection_age_ms", 60_000),
    ("grpc.max_receive_message_length", 16 * 1024 * 1024),
    ("grpc.so_reuseport", 0),  # a taken port is an error, not a second listener
)


class Methods(grpc.GenericRpcHandler):
    """The endpoints of all proto services in one table: grpc asks its handlers one after the other at each call."""

    def __init__(self) -> None:
        self._handlers: dict[str, grpc.RpcMethodHandler[Any, Any]] = {}

    def add(self, service: ServiceDescriptor, endpoint: Endpoint) -> None:
        """Serve one more method."""
        self._handlers[f"/{service.full_name}/{endpoint.method.name}"] = _method_handler(endpoint)

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[Any, Any] | None:
        """The handler of a call, None for a method of others; its request is still to be received."""
        turns.hear()
        return self._handlers.get(handler_call_details.method)


def _method_handler(endpoint: Endpoint) -> grpc.RpcMethodHandler[Any, Any]:
    request: type[Message] = GetMessageClass(endpoint.method.input_type)
    make = grpc.unary_unary_rpc_method_handler
    if endpoint.method.client_streaming:
        make = grpc.stream_unary_rpc_method_handler
    elif endpoint.method.server_streaming:
        make = grpc.unary_stream_rpc_method_handler
    return make(endpoint.__call__, request_deserializer=request.FromString, response_serializer=None)


class Server:
    """A grpc.aio server with the health and reflection services every client knows how to ask."""

    def __init__(self, credentials: grpc.ServerCredentials | None = None) -> None:
        self._server = grpc.aio.server(options=OPTIONS)
        self._credentials = credentials
        self._methods = Methods()
        self._server.add_generic_rpc_handlers((self._methods,))
        self._health = health.aio.HealthServicer()
        self._names = [health.SERVICE_NAME, reflection.SERVICE_NAME]
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)

    def add(self, service: ServiceDescriptor, endpoints: Iterable[Endpoint]) -> None:
        """Serve one proto service."""
        for endpoint in endpoints:
            self._methods.add(service, endpoint)
        self._names.append(service.full_name)

    async def start(self, listen: str) -> str:
        """Listen on `unix:/path` or `host:port` and report SERVING; returns the address, with the port chosen for 0.

        Raises:
            RuntimeError: the address is taken.
        """
        reflection.enable_server_reflection(self._names, self._server, pool=Symbols())
        if self._credentials is None:
            port = self._server.add_insecure_port(listen)
        else:
            port = self._server.add_secure_port(listen, self._credentials)
        await self._server.start()
        await self.report(health_pb2.HealthCheckResponse.SERVING)
        return listen if listen.startswith("unix:") else f"{listen.rpartition(':')[0]}:{port}"

    async def report(self, status: health_pb2.HealthCheckResponse.ServingStatus) -> None:
        """Tell health checks, for the whole server and for each service."""
        for name in ("", *self._names):
            await self._health.set(name, status)

    async def stop(self, grace: float) -> None:
        """Refuse new calls, let running ones finish for `grace` seconds, then end."""
        await self._health.enter_graceful_shutdown()
        await self._server.stop(grace)
