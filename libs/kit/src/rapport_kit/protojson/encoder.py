"""Message → plain Python values for orjson, by a function compiled once per message type.

The same answer as `json_format.MessageToDict`, several times faster: the source of one straight-line function
is written per descriptor, as dataclasses does for `__init__`.
"""

from __future__ import annotations

import base64
import math
import struct
from collections.abc import Callable
from keyword import iskeyword
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from rapport_kit.protojson import wellknown
from rapport_kit.protojson.scalars import LONG

Encode = Callable[[Any], Any]

REAL = frozenset({FieldDescriptor.CPPTYPE_DOUBLE, FieldDescriptor.CPPTYPE_FLOAT})


class Encoders:
    """The encoders of all message types, each compiled when it is first asked for."""

    def __init__(self) -> None:
        self._compiled: dict[str, Encode] = dict(wellknown.ENCODE)
        self._pending: set[str] = set()

    def of(self, descriptor: Descriptor) -> Callable[[Message], Any]:
        """The function that turns a message of this type into what orjson writes."""
        name = descriptor.full_name
        if name == "google.protobuf.Any":
            raise TypeError("google.protobuf.Any has no place in a public contract")
        if name in self._pending:
            # A type that holds itself: bind late, when its compilation has ended.
            return self._late(name)
        if name not in self._compiled:
            self._pending.add(name)
            try:
                self._compiled[name] = self._compile(descriptor)
            finally:
                self._pending.discard(name)
        return self._compiled[name]

    def _late(self, name: str) -> Encode:
        def encode(message: Any) -> Any:
            return self._compiled[name](message)

        return encode

    def field(self, field: FieldDescriptor) -> Encode:
        """The function that turns the value of one field, in a message that has it, into what orjson writes."""
        if _is_map(field):
            return _map_encoder(self, field)
        one = self._one(field)
        if not field.is_repeated:
            return one or _same
        return list if one is None else lambda values: [one(value) for value in values]

    def _compile(self, descriptor: Descriptor) -> Encode:
        if descriptor.full_name in wellknown.WRAPPERS:
            convert = self._one(descriptor.fields_by_name["value"]) or _same
            return lambda message: convert(message.value)
        names: dict[str, Any] = {}
        lines = [line for field in descriptor.fields for line in self._lines(field, names)]
        source = "\n    ".join(["def encode(message):", "out = {}", *lines, "return out"])
        exec(compile(source, f"<encoder of {descriptor.full_name}>", "exec"), names)  # noqa: S102
        encode: Encode = names["encode"]
        return encode

    def _lines(self, field: FieldDescriptor, names: dict[str, Any]) -> list[str]:
        """The statements that put one field into `out` when it is set."""
        value, target = f"getattr(message, {field.name!r})", f"out[{field.json_name!r}]"
        if not iskeyword(field.name):
            value = f"message.{field.name}"
        convert = f"convert_{field.number}"
        encoder = self.field(field)
        simple = encoder is _same
        names[convert] = encoder
        if field.has_presence:
            given = value if simple else f"{convert}({value})"
            return [f"if message.HasField({field.name!r}): {target} = {given}"]
        test = f"value := {value}"
        if field.cpp_type in REAL and not field.is_repeated:
            # Minus zero is false, and yet not the default.
            test = f"({test}) or repr(value) == '-0.0'"
        return [f"if {test}: {target} = {'value' if simple else f'{convert}(value)'}"]

    def _one(self, field: FieldDescriptor) -> Encode | None:
        """The conversion of a single value, or None when orjson writes it as it is."""
        if field.message_type is not None:
            return self.of(field.message_type)
        if field.enum_type is not None:
            if field.enum_type.full_name == "google.protobuf.NullValue":
                return lambda _: None
            labels = {number: entry.name for number, entry in field.enum_type.values_by_number.items()}
            return lambda number: labels.get(number, number)
        if field.cpp_type in LONG:
            return str
        if field.cpp_type in REAL:
            single = field.cpp_type == FieldDescriptor.CPPTYPE_FLOAT
            return lambda number: _real(number, single)
        if field.type == FieldDescriptor.TYPE_BYTES:
            return lambda data: base64.b64encode(data).decode("ascii")
        return None


def _same(value: Any) -> Any:
    return value


def _real(number: float, single: bool) -> float | str:
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    return _shortest(number) if single else number


def _shortest(number: float) -> float:
    """The fewest digits that read back as the same single: 0.1, not 0.10000000149011612."""
    for digits in range(6, 9):
        candidate = float(f"{number:.{digits}g}")
        if struct.unpack("<f", struct.pack("<f", candidate))[0] == number:
            return candidate
    return float(f"{number:.9g}")


def _is_map(field: FieldDescriptor) -> bool:
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def _map_encoder(encoders: Encoders, field: FieldDescriptor) -> Encode:
    entry: Any = field.message_type
    key, value = entry.fields_by_name["key"], entry.fields_by_name["value"]
    one = encoders.field(value)
    if key.cpp_type == FieldDescriptor.CPPTYPE_STRING:
        return dict if one is _same else lambda entries: {name: one(entry) for name, entry in entries.items()}
    if key.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return lambda entries: {"true" if flag else "false": one(entry) for flag, entry in entries.items()}
    return lambda entries: {str(number): one(entry) for number, entry in entries.items()}
