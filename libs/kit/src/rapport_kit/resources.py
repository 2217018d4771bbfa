"""What the frame knows of a resource, all of it from the resource's descriptor and its dataclass."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Generic, TypeVar

from google.api import resource_pb2
from google.protobuf.message import Message

from rapport_kit.codec import Codec
from rapport_kit.domain import Entity
from rapport_kit.naming import snake
from rapport_kit.privacy.classified import subject_field
from rapport_kit.privacy.events import check_events

E = TypeVar("E", bound=Entity)


@dataclass(frozen=True)
class ResourceType(Generic[E]):
    """One resource: its domain class, its message, and the names that AIP-123 gives it."""

    entity: type[E]
    message: type[Message]
    codec: Codec[E]
    name: str
    """`contact.rapport/Person`"""
    singular: str
    plural: str
    changed: type[Message]
    """The event that the frame records for every change: `PersonChanged{person, update_mask}`."""
    subject: str
    """The field that names the person whose data this is; empty for a record about no one."""

    @property
    def field(self) -> str:
        """The name of a field that holds one: `business_unit`."""
        return snake(self.singular)

    @property
    def plural_field(self) -> str:
        """The name of a field that holds several."""
        return snake(self.plural)

    @property
    def reason(self) -> str:
        """The resource's name as the start of an error reason: `BUSINESS_UNIT`."""
        return self.field.upper()

    @property
    def words(self) -> str:
        """The resource's name in a sentence: `business unit`."""
        return self.field.replace("_", " ")

    def changed_event(self, state: Message, paths: list[str]) -> Message:
        """The event that says `paths` changed and `state` is what came of it."""
        event = self.changed()
        getattr(event, self.field).CopyFrom(state)
        event.update_mask.paths.extend(paths)  # type: ignore[attr-defined]
        return event


_declared: dict[type[Entity], ResourceType[Any]] = {}


def declare(entity: type[E], message: type[Message], *, computed: Collection[str] = ()) -> ResourceType[E]:
    """Make `entity` known under `message`; the two must agree field by field, but for `computed` ones of the message.

    Raises:
        TypeError: they differ, the message has no `google.api.resource`, its `…Changed` event is missing, or an event
            of the same package is about a person and cannot be sealed.
    """
    descriptor = message.DESCRIPTOR
    annotation = descriptor.GetOptions().Extensions[resource_pb2.resource]
    if not annotation.type:
        raise TypeError(f"{descriptor.full_name} has no google.api.resource option")
    declared = ResourceType(
        entity=entity,
        message=message,
        codec=Codec(entity, message, computed=computed),
        name=annotation.type,
        singular=annotation.singular,
        plural=annotation.plural,
        changed=_changed_event(descriptor),
        subject=subject_field(descriptor),
    )
    _declared[entity] = declared
    return declared


def resource_of(entity: type[E]) -> ResourceType[E] | None:
    """The resource that `entity` was declared as, or None for an entity that has no contract of its own."""
    return _declared.get(entity)


def resource_named(name: str) -> ResourceType[Any] | None:
    """The resource that was declared as `contact.rapport/Person`, or None."""
    return next((declared for declared in _declared.values() if declared.name == name), None)


def _changed_event(descriptor: Any) -> type[Message]:
    """The `…Changed` message, which lies in the package's `events.proto`."""
    events = import_module(f"{descriptor.file.package}.events_pb2")
    check_events(events)
    event: type[Message] | None = getattr(events, f"{descriptor.name}Changed", None)
    if event is None:
        raise TypeError(f"{descriptor.full_name} needs the event {descriptor.name}Changed in events.proto")
    return event
