"""What a change touched, as the paths of its update mask."""

from __future__ import annotations

from typing import Final

from google.protobuf.message import Message

from rapport_kit.codec.link import ETAG

BOOKKEEPING: Final = frozenset({ETAG, "update_time"})
"""Fields that follow from the change itself."""


def populated(message: Message) -> list[str]:
    """The top-level fields that are set, bookkeeping apart."""
    return [wire.name for wire, _ in message.ListFields() if wire.name not in BOOKKEEPING]


def diff(before: Message, after: Message) -> list[str]:
    """The top-level fields in which two states of a resource differ, bookkeeping apart, in the order of the message."""
    first = {wire.number: value for wire, value in before.ListFields()}
    second = {wire.number: value for wire, value in after.ListFields()}
    return [
        wire.name
        for wire in before.DESCRIPTOR.fields
        if wire.name not in BOOKKEEPING and not _same(first.get(wire.number), second.get(wire.number))
    ]


def _same(first: object, second: object) -> bool:
    return (first is None) == (second is None) and (first is None or first == second)
