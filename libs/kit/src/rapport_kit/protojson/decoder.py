"""Plain Python values from orjson → message, strictly, with the path of every fault.

Accepts what `json_format` writes, and field names in either spelling (`displayName`, `display_name`). Stricter
than `json_format.Parse` in three places: numbers up to 32 bits are not read from strings, enums are names, and
nothing unknown is ignored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from rapport_kit.protojson import wellknown
from rapport_kit.protojson.malformed import MOST_WRONGS, Malformed, Wrong, below
from rapport_kit.protojson.scalars import converter, flag

Decode = Callable[[Any, Any], None]


@dataclass(frozen=True, slots=True)
class Slot:
    """How the entries under one key of an object are put into a message."""

    name: str
    put: Decode
    nullable: bool
    """Null means absent; only google.protobuf.Value has a null of its own."""
    other: str
    """The field's other spelling, which must not be given as well."""


class Decoders:
    """The decoders of all message types, each compiled when it is first asked for."""

    def __init__(self) -> None:
        self._compiled: dict[str, Decode] = dict(wellknown.DECODE)

    def of(self, descriptor: Descriptor) -> Callable[[Message, object], None]:
        """The function that fills a message of this type from what orjson read.

        It raises `Malformed` with every fault it found, `MOST_WRONGS` at most.
        """
        name = descriptor.full_name
        if name not in self._compiled:
            if name == "google.protobuf.Any":
                raise TypeError("google.protobuf.Any has no place in a public contract")
            if name in wellknown.WRAPPERS:
                self._compiled[name] = _wrapper(descriptor)
            else:
                slots: dict[str, Slot] = {}
                # Known before its fields are compiled, so that a type may hold itself.
                self._compiled[name] = _object_decoder(slots)
                for field in descriptor.fields:
                    slots |= self._slots(field)
        return self._compiled[name]

    def field(self, field: FieldDescriptor) -> Decode:
        """The function that puts one JSON value into this field of a message."""
        name = field.name
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            return self._map(field)
        if field.message_type is not None:
            decode = self.of(field.message_type)
            if field.is_repeated:
                return _repeated(lambda message, value: decode(getattr(message, name).add(), value))
            return lambda message, value: decode(getattr(message, name), value)
        convert = converter(field)
        if field.is_repeated:
            return _repeated(lambda message, value: getattr(message, name).append(convert(value)))
        return lambda message, value: setattr(message, name, convert(value))

    def _slots(self, field: FieldDescriptor) -> dict[str, Slot]:
        put = self.field(field)
        oneof = field.containing_oneof
        if oneof is not None and len(oneof.fields) > 1:
            put = _exclusive(put, field)
        nullable = field.message_type is None or field.message_type.full_name != "google.protobuf.Value"
        if field.json_name == field.name:
            return {field.name: Slot(field.name, put, nullable, "")}
        return {
            field.json_name: Slot(field.name, put, nullable, ""),
            field.name: Slot(field.name, put, nullable, field.json_name),
        }

    def _map(self, field: FieldDescriptor) -> Decode:
        name = field.name
        pair: Any = field.message_type
        key_of = _map_key(pair.fields_by_name["key"])
        value = pair.fields_by_name["value"]
        decode = self.of(value.message_type) if value.message_type is not None else None
        convert = converter(value) if value.message_type is None else None

        def put(message: Any, entries: object) -> None:
            if type(entries) is not dict:
                raise Malformed.expected("an object")
            target = getattr(message, name)
            for key, entry in entries.items():
                with below(key):
                    if convert is not None:
                        target[key_of(key)] = convert(entry)
                    elif decode is not None:
                        decode(target[key_of(key)], entry)

        return put


def _object_decoder(slots: dict[str, Slot]) -> Decode:
    def decode(message: Any, value: object) -> None:
        if type(value) is not dict:
            raise Malformed.expected("an object")
        message.SetInParent()
        wrongs: list[Wrong] = []
        for key, entry in value.items():
            slot = slots.get(key)
            if slot is None:
                wrongs.append(Wrong(key, "UNKNOWN_FIELD", "no such field"))
            elif slot.other and slot.other in value:
                wrongs.append(Wrong(key, "GIVEN_TWICE", f"given twice, also as {slot.other}"))
            elif entry is not None or not slot.nullable:
                try:
                    slot.put(message, entry)
                except Malformed as fault:
                    wrongs += fault.below(slot.name).wrongs
        if wrongs:
            raise Malformed(*wrongs[:MOST_WRONGS])

    return decode


def _repeated(add: Decode) -> Decode:
    def put(message: Any, entries: object) -> None:
        if type(entries) is not list:
            raise Malformed.expected("an array")
        for index, entry in enumerate(entries):
            try:
                add(message, entry)
            except Malformed as fault:
                raise fault.below(f"[{index}]") from None

    return put


def _exclusive(put: Decode, field: FieldDescriptor) -> Decode:
    """A member of a oneof: JSON may give one of them, not two."""
    group: Any = field.containing_oneof
    oneof, name = group.name, field.name

    def put_alone(message: Any, value: object) -> None:
        present = message.WhichOneof(oneof)
        if present not in (None, name):
            raise Malformed(Wrong("", "GIVEN_TWICE", f"only one of {oneof} may be set, and {present} is"))
        put(message, value)

    return put_alone


def _wrapper(descriptor: Descriptor) -> Decode:
    convert = converter(descriptor.fields_by_name["value"])

    def decode(message: Any, value: object) -> None:
        message.value = convert(value)
        message.SetInParent()

    return decode


def _map_key(key: FieldDescriptor) -> Callable[[str], object]:
    if key.cpp_type == FieldDescriptor.CPPTYPE_STRING:
        return lambda name: name
    if key.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return lambda name: flag({"true": True, "false": False}.get(name, name))
    convert = converter(key)
    return lambda name: convert(int(name) if name.lstrip("-").isdecimal() and len(name) < 22 else name)
