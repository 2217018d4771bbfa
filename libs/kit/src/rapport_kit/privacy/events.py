"""Events with the private fields of the person they are about in a box: what is stored, published and kept."""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import Any, TypeVar
from uuid import UUID

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from rapport.api.v1 import privacy_pb2
from rapport_kit.privacy.cipher import Key
from rapport_kit.privacy.classified import SEALED, private_part, public_part, subject_path

M = TypeVar("M", bound=Message)


@cache
def is_sealable(descriptor: Descriptor) -> bool:
    """Whether events of this type are about a person and hold something private.

    Raises:
        TypeError: they are and do, but have no field to put the box in.
    """
    if not subject_path(descriptor) or not private_part(descriptor).paths:
        return False
    box = descriptor.fields_by_name.get(SEALED)
    if box is None or box.message_type is not privacy_pb2.Sealed.DESCRIPTOR:
        raise TypeError(f"{descriptor.full_name} is about a person: it needs `rapport.api.v1.Sealed {SEALED} = 15`")
    return True


def check_events(module: ModuleType) -> None:
    """See that every event of a contract can be sealed that must be.

    Raises:
        TypeError: one cannot.
    """
    for descriptor in module.DESCRIPTOR.message_types_by_name.values():
        is_sealable(descriptor)


def sealed_event(event: M, subject: UUID, key: Key | None, tenant: UUID) -> M:
    """A copy of `event` with what is private in a box; nothing private is in it when there is no key."""
    descriptor, private = event.DESCRIPTOR, type(event)()
    private.CopyFrom(event)
    public_part(descriptor).clear(private)
    if not private.ByteSize():
        return event
    public: Any = type(event)()
    public.CopyFrom(event)
    private_part(descriptor).clear(public)
    public.sealed.subject_id = str(subject)
    if key is not None:
        public.sealed.content = key.seal(private.SerializeToString(), _bound(descriptor, subject, tenant))
    return public  # type: ignore[no-any-return]


def sealed_for(event: Any) -> UUID | None:
    """Whose key opens `event`; None when it is open, or sealed for good."""
    if not is_sealable(event.DESCRIPTOR) or not event.HasField(SEALED):
        return None
    return UUID(event.sealed.subject_id) if event.sealed.content else None


def open_event(event: Any, key: Key, tenant: UUID) -> None:
    """Put the private fields back where they were.

    Raises:
        Unreadable: the box belongs to another person, tenant or kind of event.
    """
    subject = UUID(event.sealed.subject_id)
    event.MergeFromString(key.open(event.sealed.content, _bound(event.DESCRIPTOR, subject, tenant)))
    event.ClearField(SEALED)


def _bound(descriptor: Any, subject: UUID, tenant: UUID) -> bytes:
    name: str = descriptor.full_name
    return b"event\0" + tenant.bytes + subject.bytes + name.encode()
