"""What contracts say of privacy: which fields are private, and whom a message is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from rapport.api.v1 import annotations_pb2
from rapport_kit.annotations import is_map, is_sensitive, rules

PERSON_ID = "person_id"
"""The field by which a fact says whom it is about, where no option says otherwise."""
SEALED = "sealed"
_PRIVATE = (annotations_pb2.DATA_CLASS_PERSONAL, annotations_pb2.DATA_CLASS_SENSITIVE)

Path = tuple[str, ...]


class Part:
    """Some fields of a message type, by their paths: what can be cut out of a message."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.paths = tuple(paths)
        self._top = tuple(path[0] for path in paths if len(path) == 1)
        below: dict[Path, list[str]] = {}
        for path in paths:
            if len(path) > 1:
                below.setdefault(path[:-1], []).append(path[-1])
        self._below = tuple((above, tuple(names)) for above, names in below.items())

    def clear(self, message: Message) -> None:
        """Remove the fields from `message`."""
        for name in self._top:
            message.ClearField(name)
        for above, names in self._below:
            owner = _inside(message, above)
            if owner is not None:
                for name in names:
                    owner.ClearField(name)


@cache
def private_part(descriptor: Descriptor) -> Part:
    """The personal and sensitive fields; a list counts as one field, whatever its entries hold."""
    return Part([path for path, private in _walk(descriptor, ()) if private])


@cache
def public_part(descriptor: Descriptor) -> Part:
    """All other fields."""
    return Part([path for path, private in _walk(descriptor, ()) if not private])


def sensitive_fields(descriptor: Any) -> tuple[str, ...]:
    """The fields of a resource that are sensitive.

    Raises:
        TypeError: a field deeper down is; only a whole field of a resource can be encrypted where it is stored.
    """
    for wire in descriptor.fields:
        inner = wire.message_type
        if not is_sensitive(wire) and inner is not None and _holds_sensitive(inner, ()):
            raise TypeError(f"{wire.full_name} holds something sensitive, and must be DATA_CLASS_SENSITIVE itself")
    return tuple(wire.name for wire in descriptor.fields if is_sensitive(wire))


def subject_field(descriptor: Any) -> str:
    """The field of a resource that names the person it is about; empty for a record about no one."""
    options: Any = descriptor.GetOptions()
    subject: str = options.Extensions[annotations_pb2.resource].subject
    if subject and subject not in descriptor.fields_by_name:
        raise TypeError(f"{descriptor.full_name} has no field {subject}, which is to name its subject")
    return subject


def ends_subject(descriptor: Any) -> bool:
    """Whether an event says that the key of the subject that it is about was destroyed."""
    ends: bool = descriptor.GetOptions().Extensions[annotations_pb2.event].ends_subject
    return ends


@cache
def subject_path(descriptor: Descriptor) -> Path:
    """Where an event or a resource says whom it is about; empty when it does not.

    That is the subject of a resource, the `person_id` of a fact, or the subject of the one resource that it holds.
    """
    if own := subject_field(descriptor) or (PERSON_ID if PERSON_ID in descriptor.fields_by_name else ""):
        return (own,)
    held = [
        (wire.name, subject)
        for wire in descriptor.fields
        if wire.message_type is not None and not wire.is_repeated and (subject := subject_field(wire.message_type))
    ]
    return held[0] if len(held) == 1 else ()


def subject_of(message: Message) -> UUID | None:
    """The person that a message is about, or None."""
    path = subject_path(message.DESCRIPTOR)
    owner: Any = message
    for step in path:
        owner = getattr(owner, step)
    return UUID(owner) if path and owner else None


def _walk(descriptor: Descriptor, above: tuple[FieldDescriptor, ...]) -> Iterator[tuple[Path, bool]]:
    """Every field and whether it is private; into messages that say nothing themselves, for what they hold."""
    subject = subject_path(descriptor)
    for wire in descriptor.fields:
        path = (*(step.name for step in above), wire.name)
        if rules(wire).data_class in _PRIVATE and path != subject:
            yield path, True
        elif (inner := _own_message(wire)) is None or inner in [step.message_type for step in above]:
            yield path, False
        elif wire.is_repeated:
            yield path, any(private for _, private in _walk(inner, (*above, wire)))
        else:
            yield from _walk(inner, (*above, wire))


def _own_message(wire: FieldDescriptor) -> Descriptor | None:
    """The message type of a field, if it is one of ours and not the seal itself."""
    inner = wire.message_type
    if inner is None or is_map(wire) or inner.full_name.startswith("google.") or wire.name == SEALED:
        return None
    return inner


def _holds_sensitive(descriptor: Descriptor, above: tuple[Descriptor, ...]) -> bool:
    return any(
        is_sensitive(wire)
        or (
            wire.message_type is not None
            and wire.message_type not in above
            and _holds_sensitive(wire.message_type, (*above, descriptor))
        )
        for wire in descriptor.fields
    )


def _inside(message: Any, above: Path) -> Any:
    """The message at the end of a path; None when there is none."""
    for step in above:
        if not message.HasField(step):
            return None
        message = getattr(message, step)
    return message
