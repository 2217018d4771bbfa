"""A hypothesis strategy for messages of any type."""

from __future__ import annotations

from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from hypothesis import strategies as st

DEEPEST = 4
SCALARS: dict[int, st.SearchStrategy[Any]] = {
    FieldDescriptor.CPPTYPE_INT32: st.integers(-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_UINT32: st.integers(0, 2**32 - 1),
    FieldDescriptor.CPPTYPE_INT64: st.integers(-(2**63), 2**63 - 1),
    FieldDescriptor.CPPTYPE_UINT64: st.integers(0, 2**64 - 1),
    FieldDescriptor.CPPTYPE_DOUBLE: st.floats(allow_nan=False),
    FieldDescriptor.CPPTYPE_FLOAT: st.floats(allow_nan=False, width=32),
    FieldDescriptor.CPPTYPE_BOOL: st.booleans(),
    FieldDescriptor.CPPTYPE_STRING: st.text(max_size=8),
}
PATHS = st.lists(st.sampled_from(["id", "display_name", "owner.team_id"]), max_size=3)


@st.composite
def messages(draw: st.DrawFn, descriptor: Descriptor, depth: int = 0) -> Message:
    """A message of the type, with any of its fields set."""
    message: Any = GetMessageClass(descriptor)()
    if descriptor.full_name == "google.protobuf.Timestamp":
        message.seconds = draw(st.integers(-62135596800, 253402300799))
        message.nanos = draw(st.sampled_from([0, 1, 1000, 1_000_000, 999_999_999]) | st.integers(0, 999_999_999))
    elif descriptor.full_name == "google.protobuf.Duration":
        sign = draw(st.sampled_from([1, -1]))
        message.seconds = sign * draw(st.integers(0, 315_576_000_000 - 1))
        message.nanos = sign * draw(st.integers(0, 999_999_999))
    elif descriptor.full_name == "google.protobuf.FieldMask":
        message.paths.extend(draw(PATHS))
    elif descriptor.fields and depth < DEEPEST:
        for field in draw(st.lists(st.sampled_from(list(descriptor.fields)), unique_by=lambda f: f.name, max_size=8)):
            _fill(draw, message, field, depth)
    return message  # type: ignore[no-any-return]


def _fill(draw: st.DrawFn, message: Any, field: FieldDescriptor, depth: int) -> None:
    kind = field.message_type
    if kind is not None and kind.GetOptions().map_entry:
        key, value = kind.fields_by_name["key"], kind.fields_by_name["value"]
        for name in draw(st.lists(_scalar(key), max_size=2, unique=True)):
            if value.message_type is None:
                getattr(message, field.name)[name] = draw(_scalar(value))
            else:
                getattr(message, field.name)[name].CopyFrom(draw(messages(value.message_type, depth + 1)))
    elif kind is not None and field.is_repeated:
        getattr(message, field.name).extend(draw(st.lists(messages(kind, depth + 1), max_size=2)))
    elif kind is not None:
        getattr(message, field.name).CopyFrom(draw(messages(kind, depth + 1)))
        getattr(message, field.name).SetInParent()
    elif field.is_repeated:
        getattr(message, field.name).extend(draw(st.lists(_scalar(field), max_size=2)))
    else:
        setattr(message, field.name, draw(_scalar(field)))


def _scalar(field: FieldDescriptor) -> st.SearchStrategy[Any]:
    if field.enum_type is not None:
        return st.sampled_from([entry.number for entry in field.enum_type.values])
    if field.type == FieldDescriptor.TYPE_BYTES:
        return st.binary(max_size=8)
    return SCALARS[field.cpp_type]
