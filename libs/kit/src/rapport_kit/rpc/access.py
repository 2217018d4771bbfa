"""Who may call an RPC, read from its `rapport.api.v1.access` option."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from google.protobuf.descriptor import MethodDescriptor

from rapport.api.v1 import annotations_pb2


@dataclass(frozen=True, slots=True)
class Access:
    """Exactly one of: a permission, anyone with a valid token, or anyone at all."""

    permission: str = ""
    authenticated: bool = False
    public: bool = False


DEPARTMENT = "{department}"
"""Stands, in a contract that any department may serve, for the name of the one that does."""


def access_of(method: MethodDescriptor, department: str = DEPARTMENT) -> Access:
    """The rule of one RPC, as `department` serves it.

    Raises:
        TypeError: it has none. Access is denied by default, so such an RPC could never be called.
    """
    options: Any = method.GetOptions()
    rule = options.Extensions[annotations_pb2.access]
    match rule.WhichOneof("rule"):
        case "permission" if rule.permission:
            return Access(permission=rule.permission.replace(DEPARTMENT, department))
        case "authenticated" if rule.authenticated:
            return Access(authenticated=True)
        case "public" if rule.public:
            return Access(public=True)
    raise TypeError(f"{method.full_name} says nothing about who may call it (rapport.api.v1.access)")
