"""What contracts say of a field, as its descriptor has it."""

from __future__ import annotations

from typing import Any

from google.api import field_behavior_pb2
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor

from rapport.api.v1 import annotations_pb2


def message_of(wire: FieldDescriptor) -> Descriptor:
    """The message type of a field that holds messages."""
    assert wire.message_type is not None, wire.full_name
    return wire.message_type


def enum_of(wire: FieldDescriptor) -> EnumDescriptor:
    """The enum of a field that holds members of one."""
    assert wire.enum_type is not None, wire.full_name
    return wire.enum_type


def behaviours(wire: FieldDescriptor) -> frozenset[int]:
    """The `google.api.field_behavior` of a field."""
    return frozenset(wire.GetOptions().Extensions[field_behavior_pb2.field_behavior])


def rules(wire: FieldDescriptor) -> annotations_pb2.Field:
    """The `rapport.api.v1.field` option of a field; the default when it has none."""
    extensions: Any = wire.GetOptions().Extensions
    options: annotations_pb2.Field = extensions[annotations_pb2.field]
    return options


def is_sensitive(wire: FieldDescriptor) -> bool:
    """Whether a field must be encrypted where it is stored."""
    return rules(wire).data_class == annotations_pb2.DATA_CLASS_SENSITIVE


def is_unattributed(wire: FieldDescriptor) -> bool:
    """Whether a field may tell of people by whose keys it cannot be sealed."""
    return rules(wire).data_class == annotations_pb2.DATA_CLASS_UNATTRIBUTED


def is_map(wire: FieldDescriptor) -> bool:
    """Whether the field is a map: a repeated message of key and value."""
    return bool(wire.message_type and wire.message_type.GetOptions().map_entry)


def enum_words(descriptor: EnumDescriptor) -> dict[str, int]:
    """The word of each value, such as `lead` for `LIFECYCLE_STAGE_LEAD`, with its number; without the zero."""
    zero = descriptor.values_by_number[0].name
    if not zero.endswith("_UNSPECIFIED"):
        raise TypeError(f"the zero of {descriptor.full_name} must be …_UNSPECIFIED")
    prefix = zero.removesuffix("UNSPECIFIED")
    return {value.name.removeprefix(prefix).lower(): value.number for value in descriptor.values if value.number}
