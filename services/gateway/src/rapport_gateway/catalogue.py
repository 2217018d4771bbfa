"""Every RPC that the contracts publish over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from google.api import annotations_pb2
from google.api.http_pb2 import HttpRule
from google.protobuf.descriptor import Descriptor, MethodDescriptor

from rapport_kit.contracts import contracts
from rapport_kit.rpc.access import access_of


@dataclass(frozen=True, slots=True)
class Binding:
    """One RPC under one HTTP verb and path; an RPC with `additional_bindings` has several."""

    method: MethodDescriptor
    verb: str
    path: str
    body: str
    """Empty, `*`, or the request's field that the HTTP body is."""
    response_body: str
    index: int
    """Zero for the main binding."""

    @property
    def service(self) -> str:
        """The department that answers: `contact` of `rapport.contact.v1.PersonService`."""
        return self.method.containing_service.full_name.split(".")[1]

    @property
    def public(self) -> bool:
        """Anyone may call, so no credential is looked at."""
        return access_of(self.method).public

    @property
    def safe(self) -> bool:
        """Changes nothing (RFC 9110, 9.2.1)."""
        return self.verb == "GET"


@cache
def bindings() -> tuple[Binding, ...]:
    """Every published RPC, in the order of the contracts."""
    return tuple(
        binding
        for module in contracts()
        for service in module.DESCRIPTOR.services_by_name.values()
        for method in service.methods
        for binding in bindings_of(method)
    )


def message_types() -> list[Descriptor]:
    """Every message type of the contracts."""
    return [message for module in contracts() for message in module.DESCRIPTOR.message_types_by_name.values()]


def bindings_of(method: MethodDescriptor) -> Iterator[Binding]:
    """The paths under which one RPC is published."""
    rule = method.GetOptions().Extensions[annotations_pb2.http]
    rules = [rule, *rule.additional_bindings] if rule.WhichOneof("pattern") else []
    for index, one in enumerate(rules):
        verb, path = _pattern(one)
        yield Binding(method, verb, path, one.body, one.response_body, index)


def _pattern(rule: HttpRule) -> tuple[str, str]:
    if rule.WhichOneof("pattern") == "custom":
        return rule.custom.kind.upper(), rule.custom.path
    verb = rule.WhichOneof("pattern") or ""
    return verb.upper(), getattr(rule, verb)
