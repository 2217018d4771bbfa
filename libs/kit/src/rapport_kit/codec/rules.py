"""The shape rules that a contract states beside its types, compiled once for each message type.

REQUIRED (AIP-203), lengths, counts, formats, known enum values and plain text are checked for every request before
a use case runs. What is OUTPUT_ONLY is ignored, as AIP-203 asks, unless a message is taken whole (`Codec.restore`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any, Final

from google.api import field_behavior_pb2, resource_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from rapport_kit.annotations import behaviours, enum_of, is_map, message_of, rules
from rapport_kit.codec.formats import FORMS
from rapport_kit.codec.known import KNOWN
from rapport_kit.errors import Invalid, Violation

MAX_LENGTH: Final = 1_000
MAX_ITEMS: Final = 1_000

# Everything of Unicode category Cc, but for tab, line feed and carriage return.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_INT64: Final = 2**63

Check = Callable[[Any, str, list[Violation]], None]
"""Adds what is wrong with a value, found at a path, to a list."""


class Rules:
    """The rules of one message type.

    `partial` is for the resource inside an update: which of its fields must be set depends on the mask, so
    REQUIRED is left to `Codec.apply`, but it must say which record it is, unless there is only one (AIP-156).
    `whole` looks at what is OUTPUT_ONLY, too.
    """

    def __init__(self, descriptor: Descriptor, *, partial: bool = False, whole: bool = False) -> None:
        self._descriptor = descriptor
        self._partial = partial
        self._whole = whole
        self._checks: dict[int, Check] | None = None
        self._required: tuple[FieldDescriptor, ...] = ()

    def __call__(self, message: Message, path: str, out: list[Violation], only: Collection[str] | None = None) -> None:
        """Add every violation to `out`; `path` is empty, or ends with a full stop. `only` names fields to look at."""
        checks = self._checks
        if checks is None:  # compiled at first use: message types may be recursive
            checks = self._compile()
        for wire, value in message.ListFields():
            if (check := checks.get(wire.number)) is not None and (only is None or wire.name in only):
                check(value, path, out)
        out += [
            Violation(path + wire.name, "REQUIRED", "must be set")
            for wire in self._required
            if not _is_set(message, wire) and (only is None or wire.name in only)
        ]

    def _compile(self) -> dict[int, Check]:
        wires = self._descriptor.fields
        checks = {wire.number: self._field(wire) for wire in wires if not self._ignored(wire)}
        self._required = tuple(wire for wire in wires if self._demanded(wire))
        self._checks = {number: check for number, check in checks.items() if check is not None}
        return self._checks

    def _ignored(self, wire: FieldDescriptor) -> bool:
        if self._whole or (self._partial and wire.name == "id"):
            return False
        return field_behavior_pb2.OUTPUT_ONLY in behaviours(wire)

    def _demanded(self, wire: FieldDescriptor) -> bool:
        if self._partial:
            return wire.name == "id" and not _is_singleton(self._descriptor)
        if field_behavior_pb2.REQUIRED not in behaviours(wire):
            return False
        if wire.type == FieldDescriptor.TYPE_BOOL and not wire.has_presence:
            raise TypeError(f"{wire.full_name}: a bool without `optional` cannot be REQUIRED, false looks absent")
        return True

    def _field(self, wire: FieldDescriptor) -> Check | None:
        options = rules(wire)
        most = options.max_items or MAX_ITEMS
        if is_map(wire):
            return _map_check(wire, most, whole=self._whole)
        if wire.is_repeated:
            return _list_check(wire, most, whole=self._whole)
        partial = _is_updated(self._descriptor, wire) or self._partial
        return _one_check(wire, wire.name, partial=partial, whole=self._whole)


def _is_singleton(descriptor: Descriptor) -> bool:
    """Whether a tenant has one of the resource: its pattern has no variable."""
    patterns = descriptor.GetOptions().Extensions[resource_pb2.resource].pattern
    return bool(patterns) and not any("{" in pattern for pattern in patterns)


@cache
def rules_for(descriptor: Descriptor, *, partial: bool = False, whole: bool = False) -> Rules:
    """The rules of a message type."""
    return Rules(descriptor, partial=partial, whole=whole)


def check(message: Message, prefix: str = "") -> None:
    """Refuse a message that breaks the rules of its contract; all violations are told at once.

    Raises:
        Invalid: with one violation for each fault, by its path, such as `person.channels[0].email.address`.
    """
    out: list[Violation] = []
    rules_for(message.DESCRIPTOR)(message, f"{prefix}." if prefix else "", out)
    if out:
        raise refused(out)


def refused(violations: Sequence[Violation]) -> Invalid:
    """One error for all `violations`; its reason is theirs when they agree."""
    first, *others = violations
    more = f" (and {len(others)} more)" if others else ""
    reason = first.reason if all(other.reason == first.reason for other in others) else "INVALID_FIELD"
    return Invalid(reason, f"{first.field}: {first.message}{more}", violations=violations, field=first.field)


def _is_set(message: Message, wire: FieldDescriptor) -> bool:
    if wire.has_presence and wire.type != FieldDescriptor.TYPE_STRING:
        return message.HasField(wire.name)
    value = getattr(message, wire.name)
    return bool(value.strip() if isinstance(value, str) else value)


def _is_updated(request: Descriptor, wire: FieldDescriptor) -> bool:
    """Whether a field is the resource of an update request (AIP-134)."""
    mask = request.fields_by_name.get("update_mask")
    is_mask = mask is not None and message_of(mask).full_name == "google.protobuf.FieldMask"
    return is_mask and request.name.startswith("Update") and field_behavior_pb2.REQUIRED in behaviours(wire)


def _one_check(wire: FieldDescriptor, label: str, *, partial: bool = False, whole: bool = False) -> Check | None:
    """The check of one value of `wire`; `label` is put behind the path."""
    if wire.message_type is not None:
        return _message_check(wire.message_type, label, partial=partial, whole=whole)
    if wire.type == FieldDescriptor.TYPE_STRING:
        return _text_check(wire, label)
    if wire.type == FieldDescriptor.TYPE_ENUM:
        return _enum_check(wire, label)
    if wire.type in (FieldDescriptor.TYPE_UINT64, FieldDescriptor.TYPE_FIXED64):
        return _limit_check(label, lambda value: value >= _INT64, "OUT_OF_RANGE", "must be below 2^63")
    if wire.type == FieldDescriptor.TYPE_BYTES and (longest := rules(wire).max_length):
        return _limit_check(label, lambda value: len(value) > longest, "TOO_LONG", f"has more than {longest} bytes")
    return None


def _text_check(wire: FieldDescriptor, label: str) -> Check:
    options = rules(wire)
    longest = options.max_length or MAX_LENGTH
    form = FORMS.get(options.format)
    empty_is_absent = not wire.is_repeated

    def check_text(value: str, path: str, out: list[Violation]) -> None:
        if len(value) > longest:
            out.append(Violation(path + label, "TOO_LONG", f"has more than {longest} characters"))
        elif not value.isprintable() and _CONTROL.search(value):
            out.append(Violation(path + label, "CONTROL_CHARACTER", "must not hold control characters"))
        elif form is not None and not form.matches(value) and not (empty_is_absent and not value):
            out.append(Violation(path + label, form.reason, form.message))

    return check_text


def _enum_check(wire: FieldDescriptor, label: str) -> Check:
    known = frozenset(enum_of(wire).values_by_number) - ({0} if wire.is_repeated else set())

    def check_enum(value: int, path: str, out: list[Violation]) -> None:
        if value not in known:
            out.append(Violation(path + label, "UNKNOWN_ENUM_VALUE", f"{value} is no value to set"))

    return check_enum


def _limit_check(label: str, broken: Callable[[Any], bool], reason: str, message: str) -> Check:
    def check_limit(value: Any, path: str, out: list[Violation]) -> None:
        if broken(value):
            out.append(Violation(path + label, reason, message))

    return check_limit


def _message_check(descriptor: Descriptor, label: str, *, partial: bool, whole: bool) -> Check:
    known = KNOWN.get(descriptor.full_name)
    if known is None:
        nested = rules_for(descriptor, partial=partial, whole=whole)
        return lambda value, path, out: nested(value, f"{path}{label}.", out)

    def check_known(value: Any, path: str, out: list[Violation]) -> None:
        if (fault := known(value)) is not None:
            out.append(Violation(path + label, *fault))

    return check_known


def _list_check(wire: FieldDescriptor, most: int, *, whole: bool) -> Check:
    one = _one_check(wire, "", whole=whole)
    name = wire.name

    def check_list(values: Sequence[Any], path: str, out: list[Violation]) -> None:
        if len(values) > most:
            out.append(Violation(path + name, "TOO_MANY", f"has more than {most} entries"))
        elif one is not None:
            for index, value in enumerate(values):
                one(value, f"{path}{name}[{index}]", out)

    return check_list


def _map_check(wire: FieldDescriptor, most: int, *, whole: bool) -> Check:
    options, name = rules(wire), wire.name
    longest = options.max_length or MAX_LENGTH

    def check_map(values: Any, path: str, out: list[Violation]) -> None:
        if len(values) > most:
            out.append(Violation(path + name, "TOO_MANY", f"has more than {most} entries"))
            return
        for key, value in values.items():
            place = f"{path}{name}[{json.dumps(str(key))[:62]}]"
            for text in (part for part in (key, value) if isinstance(part, str)):
                if len(text) > longest:
                    out.append(Violation(place, "TOO_LONG", f"has more than {longest} characters"))
                elif _CONTROL.search(text):
                    out.append(Violation(place, "CONTROL_CHARACTER", "must not hold control characters"))
            if one is not None and not isinstance(value, str):
                one(value, place, out)

    one = _one_check(message_of(wire).fields_by_name["value"], "", whole=whole)
    return check_map
