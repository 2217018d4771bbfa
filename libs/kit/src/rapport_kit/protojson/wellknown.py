"""The message types of google.protobuf whose JSON is not an object, both ways."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from google.protobuf.message import Message

from rapport_kit.protojson.malformed import Malformed, below

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_SECONDS = 315_576_000_000
"""The widest google.protobuf.Duration: ten thousand years."""

_TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII
)
_DURATION = re.compile(r"(-?)(\d{1,12})(?:\.(\d{1,9}))?s", re.ASCII)
_PATH = re.compile(r"[a-z][a-zA-Z0-9_]*(?:\.[a-z][a-zA-Z0-9_]*)*|\*", re.ASCII)
_CAPITAL = re.compile(r"[A-Z]")
_AFTER_UNDERSCORE = re.compile(r"_([a-z])")


def camel(name: str) -> str:
    """`display_name` → `displayName`."""
    return _AFTER_UNDERSCORE.sub(lambda found: found[1].upper(), name)


def snake(name: str) -> str:
    """`displayName` → `display_name`; a name that is already so stays as it is."""
    return _CAPITAL.sub(lambda found: f"_{found[0].lower()}", name)


def _fraction(nanos: int) -> str:
    if not nanos:
        return ""
    if not nanos % 1_000_000:
        return f".{nanos // 1_000_000:03d}"
    return f".{nanos // 1000:06d}" if not nanos % 1000 else f".{nanos:09d}"


def encode_timestamp(message: Any) -> str:
    """RFC 3339 in UTC, with 0, 3, 6 or 9 digits of fraction."""
    return f"{_second(message.seconds)}{_fraction(message.nanos)}Z"


@lru_cache(maxsize=8192)
def _second(seconds: int) -> str:
    return (EPOCH + timedelta(seconds=seconds)).isoformat()[:19]


def decode_timestamp(message: Any, value: object) -> None:
    """Reads RFC 3339 with any offset."""
    found = _TIMESTAMP.fullmatch(value) if type(value) is str else None
    fault = Malformed.expected("an RFC 3339 time such as 2026-01-31T09:00:00Z", "WRONG_FORMAT")
    if not found:
        raise fault
    year, month, day, hour, minute, second, fraction, sign, off_hours, off_minutes = found.groups()
    try:
        moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), tzinfo=UTC)
        if sign:
            if int(off_hours) > 23 or int(off_minutes) > 59:
                raise fault
            offset = timedelta(hours=int(off_hours), minutes=int(off_minutes))
            moment = moment - offset if sign == "+" else moment + offset
    except (ValueError, OverflowError):
        raise fault from None
    message.seconds = (moment - EPOCH) // timedelta(seconds=1)
    message.nanos = int(fraction.ljust(9, "0")) if fraction else 0
    message.SetInParent()


def encode_duration(message: Any) -> str:
    """Seconds with 0, 3, 6 or 9 digits of fraction: `3.500s`."""
    sign = "-" if message.seconds < 0 or message.nanos < 0 else ""
    return f"{sign}{abs(message.seconds)}{_fraction(abs(message.nanos))}s"


def decode_duration(message: Any, value: object) -> None:
    """Reads seconds such as `3.5s`."""
    found = _DURATION.fullmatch(value) if type(value) is str else None
    if not found or int(found[2]) > MOST_SECONDS:
        raise Malformed.expected("a duration in seconds such as 3.5s", "WRONG_FORMAT")
    sign = -1 if found[1] else 1
    message.seconds = sign * int(found[2])
    message.nanos = sign * int((found[3] or "0").ljust(9, "0"))
    message.SetInParent()


def encode_field_mask(message: Any) -> str:
    """Paths in lowerCamelCase, comma separated."""
    return ",".join(map(camel, message.paths))


def decode_field_mask(message: Any, value: object) -> None:
    """Reads comma separated paths in either spelling."""
    if type(value) is not str:
        raise Malformed.expected("field names, comma separated", "WRONG_FORMAT")
    message.SetInParent()
    for name in value.split(",") if value else ():
        if not _PATH.fullmatch(name):
            raise Malformed.expected("field names, comma separated, such as displayName,channels", "WRONG_FORMAT")
        message.paths.append(snake(name))


def encode_value(message: Any) -> object:
    """google.protobuf.Value → whatever JSON it holds."""
    kind = message.WhichOneof("kind")
    if kind is None or kind == "null_value":
        return None
    held = getattr(message, kind)
    if kind == "struct_value":
        return encode_struct(held)
    if kind == "list_value":
        return encode_list(held)
    return int(held) if kind == "number_value" and held.is_integer() else held


def encode_struct(message: Any) -> dict[str, object]:
    """google.protobuf.Struct → an object."""
    return {key: encode_value(value) for key, value in message.fields.items()}


def encode_list(message: Any) -> list[object]:
    """google.protobuf.ListValue → an array."""
    return [encode_value(value) for value in message.values]


def decode_value(message: Any, value: object) -> None:
    """Any JSON → google.protobuf.Value."""
    match value:
        case None:
            message.null_value = 0
        case bool():
            message.bool_value = value
        case str():
            message.string_value = value
        case int() | float():
            if not math.isfinite(value):
                raise Malformed.expected("a finite number")
            message.number_value = value
        case dict():
            decode_struct(message.struct_value, value)
        case _:
            decode_list(message.list_value, value)


def decode_struct(message: Any, value: object) -> None:
    """An object → google.protobuf.Struct."""
    if type(value) is not dict:
        raise Malformed.expected("an object")
    message.SetInParent()
    for key, entry in value.items():
        with below(key):
            decode_value(message.fields[key], entry)


def decode_list(message: Any, value: object) -> None:
    """An array → google.protobuf.ListValue."""
    if type(value) is not list:
        raise Malformed.expected("an array")
    message.SetInParent()
    for index, entry in enumerate(value):
        with below(f"[{index}]"):
            decode_value(message.values.add(), entry)


ENCODE: dict[str, Callable[[Message], object]] = {
    "google.protobuf.Timestamp": encode_timestamp,
    "google.protobuf.Duration": encode_duration,
    "google.protobuf.FieldMask": encode_field_mask,
    "google.protobuf.Value": encode_value,
    "google.protobuf.Struct": encode_struct,
    "google.protobuf.ListValue": encode_list,
}

DECODE: dict[str, Callable[[Any, object], None]] = {
    "google.protobuf.Timestamp": decode_timestamp,
    "google.protobuf.Duration": decode_duration,
    "google.protobuf.FieldMask": decode_field_mask,
    "google.protobuf.Value": decode_value,
    "google.protobuf.Struct": decode_struct,
    "google.protobuf.ListValue": decode_list,
}

WRAPPERS = frozenset(
    f"google.protobuf.{kind}Value"
    for kind in ("Double", "Float", "Int64", "UInt64", "Int32", "UInt32", "Bool", "String", "Bytes")
)
"""Messages that hold one scalar in `value` and are written as that scalar."""
