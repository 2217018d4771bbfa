"""Whose events a consumer needs: of what its subscribers are told."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from google.api import resource_pb2
from google.protobuf.message import Message

from rapport.api.v1 import annotations_pb2


def resources_told_of(events: Iterable[type[Message]]) -> frozenset[str]:
    """The resources whose events these are, such as `contact.rapport/Task`; none where one event does not say it.

    The numbers of an aggregate's events have no gaps: whoever follows one type must take all types of its aggregate.
    """
    resources = {resource_telling(event.DESCRIPTOR) for event in events}
    return frozenset() if "" in resources else frozenset(resources)


@cache
def resource_telling(event: Any) -> str:
    """The type of the resource whose aggregates tell an event; empty when its contract does not say.

    A change event holds the resource that it is named after; any other may name it by the option `event.resource`.
    """
    for field in event.fields:
        held = field.message_type
        if held is not None and event.name == f"{held.name}Changed":
            declared: str = held.GetOptions().Extensions[resource_pb2.resource].type
            return declared
    named: str = event.GetOptions().Extensions[annotations_pb2.event].resource
    return named
