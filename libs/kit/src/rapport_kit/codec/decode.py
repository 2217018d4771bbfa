"""Makes domain objects of messages that passed the rules, and reads single fields for an update."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, Final
from uuid import UUID

from google.protobuf.message import Message

from rapport_kit.annotations import enum_of, enum_words
from rapport_kit.codec import leaves
from rapport_kit.codec.link import Link, Pair
from rapport_kit.errors import Invalid, Violation
from rapport_kit.shape import NO_DEFAULT, Field, Kind

Make = Callable[[dict[str, Any]], Any]

MAKERS: Final[dict[type, Make]] = {}
"""What makes objects of some classes from values by field faster than their constructors; `Schema.map` enters them."""

ABSENT: Final = object()
"""The message says nothing of the field: the dataclass's default holds."""

Read = Callable[[Message, str, list[Violation]], Any]
"""`(message, path, violations) -> value | ABSENT`."""

One = Callable[[Any, str, list[Violation]], Any]
"""`(value on the wire, path, violations) -> value in the domain`."""

_CALLS: Final[dict[Kind, Callable[[Any], Any]]] = {
    Kind.IDENTITY: UUID,
    Kind.INSTANT: leaves.instant_in,
    Kind.DURATION: leaves.duration_in,
    Kind.PARTIAL_DATE: leaves.partial_date_in,
    Kind.DECIMAL: leaves.decimal_in,
    Kind.MONEY: leaves.money_in,
}


class Decoder:
    """Makes an object of one class from its message.

    OUTPUT_ONLY fields are left to the class's defaults, unless the message is taken `whole`: as one that we have given
    out ourselves.
    """

    def __init__(self, link: Link, *, whole: bool = False) -> None:
        self.python = link.shape.python
        self._demanded = [field.name for field in link.shape.fields if whole and field.default is NO_DEFAULT]
        self.reads = {
            pair.field.name: reader(pair, whole=whole) for pair in link.pairs if whole or not pair.output_only
        }

    def __call__(self, message: Message, path: str, out: list[Violation]) -> Any:
        """The object; ABSENT once something was added to `out`."""
        before = len(out)
        values = self.values(message, path, out)
        out += [Violation(path + name, "REQUIRED", "must be set") for name in self._demanded if name not in values]
        if len(out) > before:
            return ABSENT
        make = MAKERS.get(self.python)
        try:
            return self.python(**values) if make is None else make(values)
        except Invalid as error:
            out.extend(placed(error, path))
            return ABSENT

    def values(self, message: Message, path: str, out: list[Violation]) -> dict[str, Any]:
        """The values of all fields that the message speaks of."""
        found = {name: read(message, path, out) for name, read in self.reads.items()}
        return {name: value for name, value in found.items() if value is not ABSENT}


def placed(error: Invalid, path: str) -> list[Violation]:
    """What a domain class found wrong, by the path of the request."""
    violations = error.violations or (Violation("", error.reason, error.message),)
    return [Violation((path + fault.field).rstrip("."), fault.reason, fault.message) for fault in violations]


def reader(pair: Pair, *, whole: bool = False) -> Read:
    """How to read one field; see `Decoder`."""
    field, name = pair.field, pair.wire.name
    if field.kind is Kind.UNION:
        return _union_reader(pair, whole=whole)
    one = _one(field.item or field, pair, whole=whole)
    if field.kind is Kind.MAP:
        return lambda message, path, out: {
            key: one(value, f"{path}{name}[{key!r}].", out) for key, value in getattr(message, name).items()
        }
    if field.kind is Kind.LIST:
        sequence = field.python
        return lambda message, path, out: sequence(
            [one(value, f"{path}{name}[{index}].", out) for index, value in enumerate(getattr(message, name))]
        )
    absent = _absent_value(field)
    if pair.wire.has_presence:
        return lambda message, path, out: (
            one(getattr(message, name), f"{path}{name}.", out) if message.HasField(name) else absent
        )
    if field.kind in (Kind.IDENTITY, Kind.ENUM):
        return lambda message, path, out: one(value, path, out) if (value := getattr(message, name)) else absent
    return lambda message, path, out: getattr(message, name)


def _absent_value(field: Field) -> Any:
    return None if field.optional and field.default is NO_DEFAULT else ABSENT


def _one(field: Field, pair: Pair, *, whole: bool) -> One:
    """How to make one value of what the wire carries."""
    if field.shape is not None:
        return Decoder(pair.links[0], whole=whole)
    if field.kind is Kind.DATE:
        return _date
    if field.kind is Kind.ENUM:
        members = _members(field, pair)
        return lambda value, path, out: members[value]
    if (call := _CALLS.get(field.kind)) is not None:
        return lambda value, path, out: call(value)
    return lambda value, path, out: value


def _date(value: Any, path: str, out: list[Violation]) -> Any:
    try:
        return leaves.date_in(value)
    except ValueError:
        out.append(Violation(path.rstrip("."), "INVALID_DATE", "must have a year"))
        return ABSENT


def _members(field: Field, pair: Pair) -> dict[int, Enum]:
    numbers = enum_words(enum_of(pair.carrier))
    python: Any = field.python
    return {numbers[member.value]: member for member in python}


def _union_reader(pair: Pair, *, whole: bool) -> Read:
    assert pair.wire.containing_oneof is not None
    oneof = pair.wire.containing_oneof.name
    choices = " or ".join(wire.name for wire in pair.wires)
    decoders = {wire.name: Decoder(link, whole=whole) for wire, link in zip(pair.wires, pair.links, strict=True)}
    demanded = pair.field.default is NO_DEFAULT and not pair.field.optional
    absent = _absent_value(pair.field)

    def read(message: Message, path: str, out: list[Violation]) -> Any:
        member = message.WhichOneof(oneof)
        if member is not None:
            return decoders[member](getattr(message, member), f"{path}{member}.", out)
        if demanded:
            out.append(Violation(path + oneof, "REQUIRED", f"must be set: {choices}"))
        return absent

    return read
