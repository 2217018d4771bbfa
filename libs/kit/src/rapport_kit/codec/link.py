"""Pairs a dataclass with its message, field by field; any difference is a TypeError, so drift ends at import."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from google.api import field_behavior_pb2
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor

from rapport.api.v1 import annotations_pb2
from rapport_kit.annotations import behaviours, enum_of, enum_words, is_map, message_of, rules
from rapport_kit.shape import FRAME_FIELDS, NO_DEFAULT, Field, Kind, Shape

ETAG: Final = "etag"

_SCALARS: Final = {
    Kind.TEXT: {FieldDescriptor.TYPE_STRING},
    Kind.IDENTITY: {FieldDescriptor.TYPE_STRING},
    Kind.BOOLEAN: {FieldDescriptor.TYPE_BOOL},
    Kind.REAL: {FieldDescriptor.TYPE_DOUBLE, FieldDescriptor.TYPE_FLOAT},
    Kind.BINARY: {FieldDescriptor.TYPE_BYTES},
    Kind.ENUM: {FieldDescriptor.TYPE_ENUM},
    Kind.INTEGER: {
        FieldDescriptor.TYPE_INT32,
        FieldDescriptor.TYPE_INT64,
        FieldDescriptor.TYPE_UINT32,
        FieldDescriptor.TYPE_UINT64,
        FieldDescriptor.TYPE_SINT32,
        FieldDescriptor.TYPE_SINT64,
        FieldDescriptor.TYPE_FIXED32,
        FieldDescriptor.TYPE_FIXED64,
        FieldDescriptor.TYPE_SFIXED32,
        FieldDescriptor.TYPE_SFIXED64,
    },
}
_MESSAGES: Final = {
    Kind.INSTANT: "google.protobuf.Timestamp",
    Kind.DURATION: "google.protobuf.Duration",
    Kind.DATE: "google.type.Date",
    Kind.PARTIAL_DATE: "google.type.Date",
    Kind.DECIMAL: "google.type.Decimal",
    Kind.MONEY: "google.type.Money",
}
_EMPTY_IS_A_VALUE: Final = {
    Kind.TEXT,
    Kind.INTEGER,
    Kind.BOOLEAN,
    Kind.REAL,
    Kind.BINARY,
    Kind.LIST,
    Kind.MAP,
    Kind.UNION,
}


@dataclass(frozen=True, eq=False)
class Pair:
    """A field of the dataclass with the fields of the message that carry it: one, or the members of a oneof."""

    field: Field
    wires: tuple[FieldDescriptor, ...]
    links: tuple[Link, ...] = ()
    """For a value object, or a collection of such, its link; for a oneof, one for each of `wires`."""

    @property
    def wire(self) -> FieldDescriptor:
        """The one field of the message."""
        return self.wires[0]

    @property
    def carrier(self) -> FieldDescriptor:
        """The field that carries one entry: for a map the value's, else the field itself."""
        return message_of(self.wire).fields_by_name["value"] if is_map(self.wire) else self.wire

    @property
    def output_only(self) -> bool:
        """Whether a caller may not set it (AIP-203)."""
        return field_behavior_pb2.OUTPUT_ONLY in behaviours(self.wire)

    @property
    def immutable(self) -> bool:
        """Whether it may be set on creation only (AIP-203)."""
        return field_behavior_pb2.IMMUTABLE in behaviours(self.wire)

    @property
    def required(self) -> bool:
        """Whether a caller must set it (AIP-203)."""
        return field_behavior_pb2.REQUIRED in behaviours(self.wire)


@dataclass(frozen=True, eq=False)
class Link:
    """A dataclass and its message. `pairs` follow the dataclass's order of fields."""

    shape: Shape
    descriptor: Descriptor
    pairs: tuple[Pair, ...]


def link(shape: Shape, descriptor: Descriptor, computed: frozenset[str] = frozenset()) -> Link:
    """Pair both sides. `computed` names fields of the message that a handler fills in, beside `etag`.

    Raises:
        TypeError: they differ; the text names both sides and every field in question.
    """
    wires = _wire_names(descriptor)
    fields = {field.name: field for field in shape.fields if not field.hidden and field.name not in FRAME_FIELDS}
    versioned = any(field.name == "version" for field in shape.fields)
    wire_only = wires.keys() - fields.keys() - computed - ({ETAG} if versioned else set())
    faults = [f"{name} is only in the dataclass" for name in fields if name not in wires]
    faults += [f"{name} is only in the message" for name in wires if name in wire_only]
    pairs = []
    for name in fields.keys() & wires.keys():
        try:
            pairs.append(_pair(fields[name], wires[name]))
        except TypeError as error:
            faults.append(f"{name}: {error}")
    if faults:
        raise TypeError(f"{shape.python.__qualname__} and {descriptor.full_name} differ: {'; '.join(sorted(faults))}")
    order = list(fields)
    return Link(shape, descriptor, tuple(sorted(pairs, key=lambda pair: order.index(pair.field.name))))


def _wire_names(descriptor: Descriptor) -> dict[str, tuple[FieldDescriptor, ...]]:
    """What a dataclass may call the fields: their names, and for a oneof (other than `optional`) its own."""
    names: dict[str, tuple[FieldDescriptor, ...]] = {}
    for wire in descriptor.fields:
        oneof = wire.containing_oneof
        if oneof is None or oneof.name.startswith("_"):
            names[wire.name] = (wire,)
        else:
            names[oneof.name] = tuple(oneof.fields)
    return names


def _pair(field: Field, wires: tuple[FieldDescriptor, ...]) -> Pair:
    wire = wires[0]
    if (len(wires) > 1) != (field.kind is Kind.UNION):
        raise TypeError("a oneof is a union of dataclasses, and nothing else is")
    if field.kind is Kind.UNION:
        return Pair(field, *_members(field, wires))
    if is_map(wire) != (field.kind is Kind.MAP) or (wire.is_repeated and not is_map(wire)) != (field.kind is Kind.LIST):
        raise TypeError("one value, a list and a map are different things")
    carrier = message_of(wire).fields_by_name["value"] if is_map(wire) else wire
    links = tuple(_carried(field.item or field, carrier, rules(wire)))
    pair = Pair(field, wires, links)
    _check_absence(pair)
    return pair


def _members(field: Field, wires: tuple[FieldDescriptor, ...]) -> tuple[tuple[FieldDescriptor, ...], tuple[Link, ...]]:
    """The oneof's members in the order of the union: matched by the name of the class and of the message."""
    by_type = {wire.message_type.name: wire for wire in wires if wire.message_type}
    names = [member.name for member in field.members]
    if len(by_type) != len(wires) or set(by_type) != set(names):
        raise TypeError(f"the union holds {', '.join(names)}, the oneof {', '.join(wire.name for wire in wires)}")
    ordered = tuple(by_type[name] for name in names)
    links = (link(member, message_of(wire)) for member, wire in zip(field.members, ordered, strict=True))
    return ordered, tuple(links)


def _carried(field: Field, wire: FieldDescriptor, options: annotations_pb2.Field) -> Iterator[Link]:
    """Check that `wire` can carry one `field`; yields the link of a nested message."""
    if field.shape is not None:
        if wire.message_type is None or wire.message_type.full_name in _MESSAGES.values():
            raise TypeError(f"{field.shape.name} needs a message of its own")
        yield link(field.shape, wire.message_type)
    elif field.kind in _MESSAGES:
        if wire.message_type is None or wire.message_type.full_name != _MESSAGES[field.kind]:
            raise TypeError(f"{field.python.__name__} is carried by {_MESSAGES[field.kind]}")
    elif wire.type not in _SCALARS[field.kind]:
        raise TypeError(f"{field.python.__name__} is not what the message carries")
    elif field.kind is Kind.IDENTITY and options.format != annotations_pb2.FORMAT_UUID:
        raise TypeError("a UUID needs FORMAT_UUID on the wire")
    elif field.kind is Kind.ENUM:
        _check_enum(field, enum_of(wire))


def _check_enum(field: Field, descriptor: EnumDescriptor) -> None:
    members: Any = field.python
    differing = {member.value for member in members} ^ enum_words(descriptor).keys()
    if differing:
        raise TypeError(f"{field.python.__name__} and {descriptor.full_name} differ in {', '.join(sorted(differing))}")


def _check_absence(pair: Pair) -> None:
    """What may be absent on one side must be able to be absent on the other."""
    field, wire = pair.field, pair.wire
    speaks = wire.has_presence or field.kind in (Kind.IDENTITY, Kind.ENUM)
    if field.optional and not speaks:
        raise TypeError("None needs `optional` on the wire")
    if not field.optional and wire.has_presence and field.kind in _EMPTY_IS_A_VALUE:
        raise TypeError("`optional` on the wire needs None in the dataclass")
    settable = not (pair.required or pair.output_only)
    if settable and field.default is NO_DEFAULT and not field.optional and field.kind not in _EMPTY_IS_A_VALUE:
        raise TypeError("without a default in the dataclass it must be REQUIRED on the wire")
