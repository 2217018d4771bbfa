"""The sensitive fields of a resource where it is stored: all in one box, beside what equal values have in common.

The box is a message of the resource with these fields alone, behind the id of whose key opens it: a record that is
handed to another person, as in a merge, stays readable. A field that lists may be filtered by has a column for its
blind index: the same value gives the same few bytes within a tenant, and no value can be told from them without the
tenant's key (HMAC-SHA256, RFC 2104). Nothing else can be asked of such a field: no order, no range, no prefix.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from google.protobuf.message import Message

from rapport_kit.annotations import rules
from rapport_kit.privacy.cipher import Key
from rapport_kit.privacy.classified import Part, sensitive_fields, subject_field
from rapport_kit.query.fields import Field, Fields, Value
from rapport_kit.query.predicate import reader

COLUMN: Final = "sensitive"
BOX: Final = "_sensitive"
"""The mapped attribute of an entity that holds its box."""
_UUID_BYTES = 16
_TERM_BYTES = 16


class AtRest:
    """How the sensitive fields of one resource are stored."""

    def __init__(self, contract: type[Message]) -> None:
        """Raises TypeError when it does not say whose data that is."""
        descriptor: Any = contract.DESCRIPTOR
        self.contract = contract
        self.names = sensitive_fields(descriptor)
        self.subject = subject_field(descriptor)
        self.looked_for = tuple(name for name in self.names if rules(descriptor.fields_by_name[name]).filterable)
        self._present = [name for name in self.names if descriptor.fields_by_name[name].has_presence]
        self._plain = [name for name in self.names if name not in self._present]
        self._others = Part([(wire.name,) for wire in descriptor.fields if wire.name not in self.names])
        if self.names and not self.subject:
            raise TypeError(f"{descriptor.full_name} has sensitive fields, and must name the person whose data it is")

    def columns(self) -> Iterator[sa.schema.SchemaItem]:
        """The column of the box, and those of the blind indexes with their indexes."""
        if self.names:
            yield sa.Column(COLUMN, sa.LargeBinary)
        for name in self.looked_for:
            blind = column_of(name)
            yield sa.Column(blind, sa.LargeBinary)
            yield sa.Index(None, "tenant", blind, postgresql_where=sa.text(f"{blind} IS NOT NULL"))

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        """The mapped attributes of these columns: their names behind an underscore."""
        return (BOX, *(f"_{column_of(name)}" for name in self.looked_for)) if self.names else ()

    def properties(self, table: sa.Table) -> dict[str, sa.Column[Any]]:
        """What the mapper is told of them."""
        return {attribute: table.c[attribute.removeprefix("_")] for attribute in self.attributes}

    def values(self, entity: Any) -> tuple[Any, ...]:
        """The sensitive fields of an aggregate as they are now, whatever becomes of their collections."""
        held = vars(entity)
        return tuple(_kept(held[name]) for name in self.names)

    def content(self, state: Message) -> bytes:
        """The sensitive part of a resource; empty when nothing is set."""
        if not any(map(state.HasField, self._present)) and not any(getattr(state, name) for name in self._plain):
            return b""
        part = type(state)()
        part.CopyFrom(state)
        self._others.clear(part)
        return part.SerializeToString(deterministic=True)

    def terms(self, state: Message, key: Key) -> dict[str, bytes | None]:
        """The blind index of each field, by the attribute that holds it; None for one that is not set."""
        set_ = {wire.name for wire, _ in state.ListFields()}
        return {
            f"_{column_of(name)}": term(key, field, self._read(field, state)) if name in set_ else None
            for name, field in self._fields.items()
        }

    @cached_property
    def _fields(self) -> dict[str, Field]:
        catalogue = Fields.of(self.contract).by_path
        return {name: catalogue[name] for name in self.looked_for}

    def _read(self, field: Field, state: Message) -> Value:
        value = reader(field)(state)
        assert value is not None, f"{field.path} is set"
        return value


def _kept(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    return dict(value) if isinstance(value, dict) else value


def column_of(name: str) -> str:
    """The column of a field's blind index."""
    return f"{name}_blind"


def term(key: Key, field: Field, value: Value) -> bytes:
    """What the index has for a value: 128 bits of an HMAC under the tenant's key for this field."""
    own = hmac.digest(key.raw, field.last.full_name.encode(), "sha256")
    return hmac.digest(own, str(value).encode(), "sha256")[:_TERM_BYTES]


def seal_row(content: bytes, subject: UUID, key: Key, bound: bytes) -> bytes:
    """The box of a row."""
    return subject.bytes + key.seal(content, b"row\0" + subject.bytes + bound)


def subject_of_row(box: bytes) -> UUID:
    """Whose key opens the box of a row."""
    return UUID(bytes=box[:_UUID_BYTES])


def open_row(box: bytes, key: Key, bound: bytes) -> bytes:
    """The content of the box of a row; Unreadable when it is not of this key and place."""
    return key.open(box[_UUID_BYTES:], b"row\0" + box[:_UUID_BYTES] + bound)
