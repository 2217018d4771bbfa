"""A value as written in a filter to the value that its field compares with."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

from google.protobuf.descriptor import FieldDescriptor

from rapport_kit.query.fields import Field, Kind, Value, words_of
from rapport_kit.query.refusal import refused_filter
from rapport_kit.query.syntax import Literal


def value_of(literal: Literal, field: Field) -> Value:
    """The value that `literal` is for `field`.

    Raises:
        Invalid: it is none; the error has the literal's position and what was expected.
    """
    try:
        value = _READERS[field.kind](literal.text, field.last)
    except (ValueError, OverflowError):
        value = None
    if value is None:
        raise refused_filter(literal.position, f"expected {_wanted(field)} for {field.path}")
    return value


def _wanted(field: Field) -> str:
    if field.last.enum_type is None:
        return str(field.kind.value)
    names = [value.name for value in field.last.enum_type.values if value.number]
    return f"one of {', '.join(names)} (or NOT {field.path}:* for none)"


def _text(text: str, _: FieldDescriptor) -> str:
    return text


def _uuid(text: str, _: FieldDescriptor) -> UUID | None:
    return UUID(text) if _UUID.fullmatch(text) else None


def _bool(text: str, _: FieldDescriptor) -> bool | None:
    return {"true": True, "false": False}.get(text)


def _int(text: str, field: FieldDescriptor) -> int | None:
    bits = 31 if field.type == FieldDescriptor.TYPE_INT32 else 63
    if not _INT.fullmatch(text) or not -(1 << bits) <= int(text) < 1 << bits:
        return None
    return int(text)


def _double(text: str, _: FieldDescriptor) -> float | None:
    if not _DOUBLE.fullmatch(text) or not math.isfinite(float(text)):
        return None
    return float(text)


def _enum(text: str, field: FieldDescriptor) -> str | None:
    """The word of a value's name. The zero value has none: absent is asked for with `NOT field:*`."""
    value = field.enum_type and field.enum_type.values_by_name.get(text)
    return words_of(field).get(value.number) if value else None


def _time(text: str, _: FieldDescriptor) -> datetime | None:
    return datetime.fromisoformat(text.upper()).astimezone(UTC) if _TIME.fullmatch(text) else None


def _date(text: str, _: FieldDescriptor) -> str | None:
    return date.fromisoformat(text).isoformat() if _DATE.fullmatch(text) else None


def _duration(text: str, _: FieldDescriptor) -> int | None:
    """The JSON form of google.protobuf.Duration in microseconds, with no binary fraction in between."""
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    sign, seconds, fraction = match.groups()
    value = int(seconds) * 1_000_000 + int((fraction or "").ljust(6, "0"))
    return -value if sign else value


_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_INT = re.compile(r"[+-]?[0-9]{1,19}")
_DOUBLE = re.compile(r"[+-]?[0-9]{1,400}(\.[0-9]{1,400})?([eE][+-]?[0-9]{1,3})?")
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DURATION = re.compile(r"(-?)([0-9]{1,12})(?:\.([0-9]{1,6}))?s")

_READERS: dict[Kind, Callable[[str, FieldDescriptor], Value | None]] = {
    Kind.TEXT: _text,
    Kind.UUID: _uuid,
    Kind.BOOL: _bool,
    Kind.INT: _int,
    Kind.DOUBLE: _double,
    Kind.ENUM: _enum,
    Kind.TIME: _time,
    Kind.DATE: _date,
    Kind.DURATION: _duration,
}
