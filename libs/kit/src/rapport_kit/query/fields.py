"""Which fields of a resource a caller may filter and sort by, read once from its descriptor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cache, lru_cache
from typing import Any, TypeAlias
from uuid import UUID

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from rapport.api.v1 import annotations_pb2
from rapport_kit.annotations import enum_words, is_map, is_sensitive, rules

Value: TypeAlias = str | bool | int | float | UUID | datetime
"""What a field of any kind compares with.

An enum value is the word it is stored as, such as `lead`; a date is `YYYY-MM-DD`; a duration is in microseconds.
"""

MAX_NESTING = 4


class Kind(Enum):
    """How a field's values compare; the value says what a caller writes."""

    TEXT = "a text"
    UUID = "a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057"
    BOOL = "true or false"
    INT = "a whole number"
    DOUBLE = "a number"
    ENUM = "one of the enum's values"
    TIME = "a time of RFC 3339 such as 2026-01-31T09:30:00Z, with at most six digits of fraction"
    DATE = "a date such as 2026-01-31"
    DURATION = "seconds such as 20s or 1.5s, with at most six digits of fraction"

    @property
    def ordered(self) -> bool:
        """Whether < and > mean anything."""
        return self not in (Kind.UUID, Kind.BOOL, Kind.ENUM)


@dataclass(frozen=True, eq=False, slots=True)
class Field:
    """One field that may be filtered or sorted by.

    `steps` leads from the resource to the field; when one of them is a repeated field, `repeated` is its index and
    the field means "any of them".
    """

    path: str
    kind: Kind
    steps: tuple[FieldDescriptor, ...]
    repeated: int | None
    filterable: bool
    sortable: bool

    @property
    def last(self) -> FieldDescriptor:
        """The descriptor of the field itself."""
        return self.steps[-1]

    @property
    def sensitive(self) -> bool:
        """Whether it is stored encrypted, so that only equal values can be found."""
        return is_sensitive(self.last)

    @property
    def nullable(self) -> bool:
        """Whether absent is a state of its own; otherwise absent is the empty text, zero or false."""
        return self.kind in (Kind.UUID, Kind.ENUM) or self.last.has_presence


@dataclass(frozen=True, eq=False)
class Fields:
    """The catalogue of one resource; `key` is its id. The same resource always has the same catalogue object."""

    key: Field
    by_path: Mapping[str, Field]

    @staticmethod
    def of(message: type[Message]) -> Fields:
        """The catalogue of a resource message.

        Raises:
            TypeError: a field is declared filterable or sortable, but has a type that does not compare; or the
                message has no `id`.
        """
        return _catalogue(message.DESCRIPTOR)

    def without(self, masked: frozenset[str]) -> Fields:
        """The catalogue for a caller who may not see the fields at the paths `masked`, nor what is below them."""
        return _without(self, masked) if masked else self

    def filterable(self, path: str) -> Field | None:
        """The field at `path`, if a filter may name it."""
        field = self.by_path.get(path)
        return field if field and field.filterable else None

    def sortable(self, path: str) -> Field | None:
        """The field at `path`, if `order_by` may name it."""
        field = self.by_path.get(path)
        return field if field and field.sortable else None

    def filterable_paths(self) -> str:
        """For an error: what a filter may name."""
        return ", ".join(path for path, field in self.by_path.items() if field.filterable) or "nothing"

    def sortable_paths(self) -> str:
        """For an error: what `order_by` may name."""
        return ", ".join(path for path, field in self.by_path.items() if field.sortable) or "nothing"


@cache
def _catalogue(descriptor: Any) -> Fields:
    found = {field.path: field for field in _walk(descriptor, ())}
    return Fields(found.get("id") or _key(descriptor), found)


# As many as there are sets of masked fields in the roles of the tenants served; a parsed filter is cached by it.
@lru_cache(maxsize=256)
def _without(fields: Fields, masked: frozenset[str]) -> Fields:
    kept = {path: field for path, field in fields.by_path.items() if not _covered(path, masked)}
    return Fields(fields.key, kept)


def words_of(field: FieldDescriptor) -> dict[int, str]:
    """The stored word of each number of an enum field, without the zero, which means absent."""
    assert field.enum_type is not None
    return {number: word for word, number in enum_words(field.enum_type).items()}


def _covered(path: str, masked: frozenset[str]) -> bool:
    parts = path.split(".")
    return any(".".join(parts[:length]) in masked for length in range(1, len(parts) + 1))


def _walk(descriptor: Descriptor, above: tuple[FieldDescriptor, ...]) -> Iterator[Field]:
    for step in descriptor.fields:
        steps = (*above, step)
        options = rules(step)
        if options.filterable or options.sortable:
            yield _field(steps)
        elif (inner := _inside(steps)) is not None:
            yield from _walk(inner, steps)


def _inside(steps: tuple[FieldDescriptor, ...]) -> Descriptor | None:
    """The message to look into at the end of `steps`: one of our own. A recursive type ends the walk."""
    inner = steps[-1].message_type
    if inner is None or is_map(steps[-1]) or inner.full_name.startswith("google."):
        return None
    return None if len(steps) == MAX_NESTING or inner in [step.containing_type for step in steps] else inner


def _field(steps: tuple[FieldDescriptor, ...]) -> Field:
    path = ".".join(step.name for step in steps)
    kind, options = _kind(steps[-1]), rules(steps[-1])
    lists = [index for index, step in enumerate(steps) if step.is_repeated]
    unfit = options.sortable or len(steps) > 1 or bool(lists)
    if kind is None or len(lists) > 1 or (lists and options.sortable) or (is_sensitive(steps[-1]) and unfit):
        raise TypeError(f"{steps[-1].full_name}: as {path} it can be neither filtered nor sorted by")
    return Field(path, kind, steps, lists[0] if lists else None, options.filterable, options.sortable)


def _key(descriptor: Descriptor) -> Field:
    step = descriptor.fields_by_name.get("id")
    if step is None:
        raise TypeError(f"{descriptor.full_name} has no id to list it by")
    return _field((step,))


def _kind(step: FieldDescriptor) -> Kind | None:
    if step.message_type is not None:
        return _MESSAGES.get(step.message_type.full_name)
    if rules(step).format == annotations_pb2.FORMAT_UUID:
        return Kind.UUID
    return _SCALARS.get(step.type)


_MESSAGES = {
    "google.protobuf.Timestamp": Kind.TIME,
    "google.protobuf.Duration": Kind.DURATION,
    "google.type.Date": Kind.DATE,
}
_SCALARS = {
    FieldDescriptor.TYPE_STRING: Kind.TEXT,
    FieldDescriptor.TYPE_BOOL: Kind.BOOL,
    FieldDescriptor.TYPE_INT32: Kind.INT,
    FieldDescriptor.TYPE_INT64: Kind.INT,
    FieldDescriptor.TYPE_DOUBLE: Kind.DOUBLE,
    FieldDescriptor.TYPE_ENUM: Kind.ENUM,
}
