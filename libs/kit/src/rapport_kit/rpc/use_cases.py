"""Which method of a handler class serves an RPC."""

from __future__ import annotations

from typing import Any

from google.protobuf.descriptor import MethodDescriptor

from rapport_kit.naming import snake


def use_case_of(handler: object, method: MethodDescriptor) -> Any:
    """The method of `handler` that serves an RPC.

    Raises:
        TypeError: there is none: better at start than at the first call.
    """
    found = getattr(handler, snake(method.name), None)
    if found is None:
        raise TypeError(f"{type(handler).__name__} lacks {snake(method.name)} for {method.full_name}")
    return found
