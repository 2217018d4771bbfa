"""Texts that may tell of people and belong to nobody's key: they are in the rows of their records, and nowhere else.

Events outlive every record, and so does what others make of them; kept answers are found by nobody who erases. Neither
has such a text. An answer that is repeated has it as the record has it now.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from google.api import resource_pb2
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from rapport_kit.annotations import is_map, is_unattributed
from rapport_kit.resources import resource_named

if TYPE_CHECKING:
    from rapport_kit.uow import UnitOfWork

M = TypeVar("M", bound=Message)


@cache
def unattributed_fields(descriptor: Descriptor) -> tuple[str, ...]:
    """The fields of a message, not of what it holds, that are such texts."""
    return tuple(wire.name for wire in descriptor.fields if is_unattributed(wire))


@cache
def holds_unattributed(descriptor: Descriptor) -> bool:
    """Whether messages of this type have such texts, however deep."""
    return any(unattributed_fields(each) for each in _within(descriptor, set()))


def without_unattributed(message: M) -> M:
    """A copy of `message` without such texts; the message itself when its type has none."""
    if not holds_unattributed(message.DESCRIPTOR):
        return message
    copy = type(message)()
    copy.CopyFrom(message)
    for each in _parts(copy):
        for name in unattributed_fields(each.DESCRIPTOR):
            each.ClearField(name)
    return copy


async def put_back(answer: Any, uow: UnitOfWork) -> None:
    """Give the records in an answer such texts as they have them now, of those that are there still."""
    for record in _parts(answer):
        names = unattributed_fields(record.DESCRIPTOR)
        if names and (now := await _now(record, uow)) is not None:
            record.MergeFrom(_only(now, names))


def _only(record: Message, names: tuple[str, ...]) -> Message:
    only = type(record)()
    only.CopyFrom(record)
    for wire, _ in record.ListFields():
        if wire.name not in names:
            only.ClearField(wire.name)
    return only


async def _now(record: Any, uow: UnitOfWork) -> Message | None:
    """The record as it is stored; None for one that is gone, and for what is no record."""
    resource = resource_named(record.DESCRIPTOR.GetOptions().Extensions[resource_pb2.resource].type)
    if resource is None:
        return None
    table = uow.schema.table(resource.entity)
    mine = uow.schema.read(resource.entity).where(uow.visible(table), table.c.id == UUID(record.id))
    row = (await uow.connection.execute(mine)).one_or_none()
    return None if row is None else resource.codec.row_to_message(row)


def _parts(message: Any) -> Iterator[Any]:
    """A message and those in it that may have such texts."""
    yield message
    for wire, value in message.ListFields():
        if wire.message_type is not None and not is_map(wire) and holds_unattributed(wire.message_type):
            for each in value if wire.is_repeated else [value]:
                yield from _parts(each)


def _within(descriptor: Descriptor, seen: set[str]) -> Iterator[Descriptor]:
    """A message type and those of what it holds."""
    if descriptor.full_name not in seen:
        seen.add(descriptor.full_name)
        yield descriptor
        for wire in descriptor.fields:
            if wire.message_type is not None:
                yield from _within(wire.message_type, seen)
