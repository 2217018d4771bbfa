"""A contract with every shape of google.api.http that today's departments do not use yet."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc
from google.api import annotations_pb2
from google.api.http_pb2 import HttpRule
from google.protobuf import descriptor_pb2, descriptor_pool, duration_pb2, timestamp_pb2, wrappers_pb2
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from rapport.api.v1 import annotations_pb2 as access_pb2
from rapport_gateway.catalogue import Binding, bindings_of

FILE = "rapport/odd/v1/odd.proto"
Kind = descriptor_pb2.FieldDescriptorProto
STRING, INT64, DOUBLE, BOOL = Kind.TYPE_STRING, Kind.TYPE_INT64, Kind.TYPE_DOUBLE, Kind.TYPE_BOOL


def odd_service() -> ServiceDescriptor:
    """The service `rapport.odd.v1.OddService`, declared on the first call."""
    pool = descriptor_pool.Default()
    try:
        file = pool.FindFileByName(FILE)
    except KeyError:
        pool.Add(_file())
        file = pool.FindFileByName(FILE)
    return file.services_by_name["OddService"]


def odd_bindings() -> list[Binding]:
    """Everything that the service publishes."""
    return [binding for method in odd_service().methods for binding in bindings_of(method)]


class OddPeer:
    """Answers every RPC with what it was asked; streams three events, and waits when asked to."""

    def __init__(self) -> None:
        self.requests: list[Any] = []
        self.cancelled = False

    def handler(self) -> grpc.GenericRpcHandler:
        service = odd_service()
        handlers = {method.name: self._of(method) for method in service.methods}
        return grpc.method_handlers_generic_handler(service.full_name, handlers)

    def _of(self, method: MethodDescriptor) -> Any:
        request, answer = GetMessageClass(method.input_type), GetMessageClass(method.output_type)
        if method.server_streaming:
            return grpc.unary_stream_rpc_method_handler(self._watch, request.FromString, answer.SerializeToString)

        async def echo(message: Message, _context: Any) -> Message:
            self.requests.append(message)
            reply: Any = answer()
            reply.odd.CopyFrom(message)
            return reply  # type: ignore[no-any-return]

        return grpc.unary_unary_rpc_method_handler(echo, request.FromString, answer.SerializeToString)

    async def _watch(self, message: Any, context: Any) -> Any:
        self.requests.append(message)
        if message.name == "refused":
            await context.abort(grpc.StatusCode.PERMISSION_DENIED, "no")
        if message.name == "unknown":
            await context.abort(grpc.StatusCode.UNAUTHENTICATED, "the token was taken back")
        answer = GetMessageClass(odd_service().methods_by_name["WatchOdd"].output_type)
        for number in range(3):
            yield answer(text=f"line\n{number}", resume_token=f"t{number}")
        if message.name == "taken back":
            await context.abort(grpc.StatusCode.UNAUTHENTICATED, "the token was taken back")
        if message.name == "breaks":
            await context.abort(grpc.StatusCode.UNAVAILABLE, "gone")
        if message.name == "waits":
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                self.cancelled = True
                raise


def _file() -> descriptor_pb2.FileDescriptorProto:
    file = descriptor_pb2.FileDescriptorProto(name=FILE, package="rapport.odd.v1", syntax="proto3")
    imported = (timestamp_pb2, duration_pb2, wrappers_pb2, annotations_pb2, access_pb2)
    file.dependency.extend(module.DESCRIPTOR.name for module in imported)
    inner = file.message_type.add(name="Inner")
    _field(inner, "label", STRING)
    _field(inner, "count", INT64)
    odd = file.message_type.add(name="Odd")
    _field(odd, "name", STRING)
    _field(odd, "inner", ".rapport.odd.v1.Inner")
    _field(odd, "self", ".rapport.odd.v1.Odd")
    _field(odd, "tags", STRING, repeated=True)
    _field(odd, "when", ".google.protobuf.Timestamp")
    _field(odd, "span", ".google.protobuf.Duration")
    _field(odd, "maybe", ".google.protobuf.BoolValue")
    _field(odd, "ratio", DOUBLE)
    _field(odd, "sure", BOOL)
    _field(odd, "resume_token", STRING)
    _field(odd, "class", STRING)
    reply = file.message_type.add(name="OddReply")
    _field(reply, "odd", ".rapport.odd.v1.Odd")
    event = file.message_type.add(name="OddEvent")
    _field(event, "text", STRING)
    _field(event, "resume_token", STRING)
    service = file.service.add(name="OddService")
    _rpc(service, "FindOdd", "OddReply", HttpRule(get="/v1/odd"))
    more = [HttpRule(get="/v1/things/{name=shelves/*/books/*}"), HttpRule(get="/v1/files/{name=**}")]
    _rpc(service, "GetOdd", "OddReply", HttpRule(get="/v1/odd/{name}", additional_bindings=more))
    numbered = HttpRule(post="/v1/odd/{inner.count}/{name}:weigh", body="inner", response_body="odd")
    _rpc(service, "WeighOdd", "OddReply", numbered)
    _rpc(service, "WatchOdd", "OddEvent", HttpRule(get="/v1/odd:watch"), stream=True)
    return file


def _field(message: Any, name: str, kind: Any, *, repeated: bool = False) -> None:
    label = Kind.LABEL_REPEATED if repeated else Kind.LABEL_OPTIONAL
    field = message.field.add(name=name, number=len(message.field) + 1, label=label)
    if isinstance(kind, str):
        field.type, field.type_name = Kind.TYPE_MESSAGE, kind
    else:
        field.type = kind


def _rpc(service: Any, name: str, answer: str, rule: HttpRule, *, stream: bool = False) -> None:
    method = service.method.add(name=name, input_type=".rapport.odd.v1.Odd", output_type=f".rapport.odd.v1.{answer}")
    method.server_streaming = stream
    method.options.Extensions[annotations_pb2.http].CopyFrom(rule)
    method.options.Extensions[access_pb2.access].authenticated = True
