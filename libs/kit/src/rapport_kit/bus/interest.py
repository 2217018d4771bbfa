"""Whose events a consumer needs: of what its subscribers are told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from google.api import resource_pb2
from google.protobuf.message import Message


def resources_told_of(events: Iterable[type[Message]]) -> frozenset[str]:
    """The resources whose events these are, such as `contact.rapport/Task`; none where one event does not show it.

    A change event holds the resource that it is named after. Which aggregate tells another fact is not declared, and
    the numbers of an aggregate's events have no gaps: whoever follows one type must take all types of its aggregate.
    """
    resources = {_resource(event.DESCRIPTOR) for event in events}
    return frozenset() if "" in resources else frozenset(resources)


def _resource(event: Any) -> str:
    """The type of the resource in a change event; empty for any other event."""
    for field in event.fields:
        held = field.message_type
        if held is not None and event.name == f"{held.name}Changed":
            declared: str = held.GetOptions().Extensions[resource_pb2.resource].type
            return declared
    return ""
