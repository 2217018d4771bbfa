"""What must hold inside the well-known messages that the domain has values for."""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from rapport_kit.codec import leaves

Fault = tuple[str, str]
"""A reason and a message."""

# Years 1 to 9999 (timestamp.proto), but for the first and the last microsecond: asyncpg writes these as infinities and
# reads them back without a time zone. The first is also the zero time of Go, which nobody means.
_FIRST, _LAST = (-62_135_596_800, 999), (253_402_300_799, 999_998_999)
_LONGEST_SECONDS: Final = 315_576_000_000  # 10,000 years (duration.proto)
_BILLION: Final = 1_000_000_000
_INT64: Final = 2**63


def _timestamp(message: Any) -> Fault | None:
    if not _FIRST < (message.seconds, message.nanos) <= _LAST or not 0 <= message.nanos < _BILLION:
        return "INVALID_TIMESTAMP", "must lie after 0001-01-01T00:00:00Z and before 9999-12-31T23:59:59.999999Z"
    return None


def _duration(message: Any) -> Fault | None:
    if abs(message.seconds) > _LONGEST_SECONDS or abs(message.nanos) >= _BILLION:
        return "INVALID_DURATION", "must be within 10,000 years"
    if message.seconds * message.nanos < 0:
        return "INVALID_DURATION", "seconds and nanos must have the same sign"
    return None


def _date(message: Any) -> Fault | None:
    year = message.year or 2000  # without a year, 29 February is a day
    if not message.month or not message.day:
        return "INVALID_DATE", "must have a month and a day; the year may be absent"
    if (
        not 1 <= year <= 9999
        or not 1 <= message.month <= 12
        or not 1 <= message.day <= monthrange(year, message.month)[1]
    ):
        return "INVALID_DATE", "is no day of the calendar"
    return None


def _money(message: Any) -> Fault | None:
    try:
        scale = leaves.minor_nanos(message.currency_code)
    except KeyError:
        return "INVALID_CURRENCY", "currency_code must be an ISO 4217 code in capitals"
    if abs(message.nanos) >= _BILLION or message.units * message.nanos < 0:
        return "INVALID_MONEY", "nanos must be below a whole unit and have the sign of units"
    if message.nanos % scale:
        return "INVALID_MONEY", f"finer than the smallest unit of {message.currency_code}"
    if not -_INT64 < message.units * (_BILLION // scale) < _INT64 - _BILLION:
        return "INVALID_MONEY", "too large"
    return None


def _decimal(message: Any) -> Fault | None:
    try:
        value = Decimal(message.value)
    except InvalidOperation:
        return "INVALID_DECIMAL", "must be a decimal number"
    if not value.is_finite() or not math.isfinite(float(value)) or len(value.as_tuple().digits) > 100:
        return "INVALID_DECIMAL", "must be a finite number of at most 100 digits"
    return None


KNOWN: Final[dict[str, Callable[[Any], Fault | None]]] = {
    "google.protobuf.Timestamp": _timestamp,
    "google.protobuf.Duration": _duration,
    "google.type.Date": _date,
    "google.type.Money": _money,
    "google.type.Decimal": _decimal,
}
