"""The values that are a message on the wire and one value in the domain: times, dates, amounts.

What goes out is a dict of the message's fields, which protobuf takes in half the time of a message.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final

from rapport_kit.domain import Money, PartialDate

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_BILLION: Final = 1_000_000_000

# asyncpg writes the last and the first date that Python knows as PostgreSQL's infinities.
_ENDS: Final = {"infinity": date.max, "-infinity": date.min}

Fields = dict[str, Any]


def instant_out(value: datetime) -> Fields:
    """google.protobuf.Timestamp of an aware time."""
    since = value - EPOCH
    return {"seconds": since.days * 86_400 + since.seconds, "nanos": since.microseconds * 1_000}


def instant_in(message: Any) -> datetime:
    """A time in UTC; what is finer than a microsecond is cut off, since PostgreSQL keeps no more."""
    return EPOCH + timedelta(seconds=message.seconds, microseconds=message.nanos // 1_000)


def duration_out(value: timedelta) -> Fields:
    """google.protobuf.Duration; seconds and nanos have the same sign."""
    return microseconds_out(value // _MICROSECOND)


def microseconds_out(value: int) -> Fields:
    """google.protobuf.Duration of so many microseconds."""
    seconds, rest = divmod(abs(value), 1_000_000)
    return {"seconds": seconds, "nanos": rest * 1_000} if value >= 0 else {"seconds": -seconds, "nanos": -rest * 1_000}


def duration_in(message: Any) -> timedelta:
    """A duration; what is finer than a microsecond is cut off, towards zero."""
    return timedelta(seconds=message.seconds, microseconds=int(message.nanos / 1_000))


def date_out(value: date | PartialDate) -> Fields:
    """google.type.Date."""
    return {"year": value.year, "month": value.month, "day": value.day}


def date_text_out(value: str) -> Fields:
    """google.type.Date of a date in its stored form, ISO 8601."""
    if value in _ENDS:
        return date_out(_ENDS[value])
    return {"year": int(value[:4]), "month": int(value[5:7]), "day": int(value[8:])}


def date_in(message: Any) -> date:
    """A whole date; ValueError when the year is absent."""
    return date(message.year, message.month, message.day)


def partial_date_in(message: Any) -> PartialDate:
    """A day of a year, or of any year."""
    return PartialDate(message.month, message.day, message.year)


def partial_date_from(text: str) -> PartialDate:
    """`1980-02-29`, or `0000-02-29` when the year is not known: the stored form, which sorts as dates do."""
    return PartialDate(int(text[5:7]), int(text[8:]), int(text[:4]))


def partial_date_text(value: PartialDate) -> str:
    """The stored form; see `partial_date_from`."""
    return f"{value.year:04}-{value.month:02}-{value.day:02}"


def decimal_out(value: Decimal | str) -> Fields:
    """google.type.Decimal."""
    return {"value": str(value)}


def decimal_in(message: Any) -> Decimal:
    """An exact number."""
    return Decimal(message.value)


@cache
def minor_nanos(currency: str) -> int:
    """How many nanos the smallest unit of a currency has: 10,000,000 for a cent.

    Raises:
        KeyError: ISO 4217 has no such currency, or it has no amounts (gold, the test code).
    """
    exponent = _exponents()[currency]
    return _BILLION // 10**exponent  # type: ignore[no-any-return]  # int ** int is Any


def money_out(value: Money) -> Fields:
    """google.type.Money; units and nanos have the same sign."""
    return amount_out(value.minor, value.currency)


def amount_out(minor: int, currency: str) -> Fields:
    """google.type.Money of so many of the currency's smallest units."""
    scale = minor_nanos(currency)
    units, rest = divmod(abs(minor), _BILLION // scale)
    sign = 1 if minor >= 0 else -1
    return {"currency_code": currency, "units": sign * units, "nanos": sign * rest * scale}


def money_in(message: Any) -> Money:
    """An amount; the rules have refused what is finer than the currency's smallest unit."""
    scale = minor_nanos(message.currency_code)
    return Money(message.units * (_BILLION // scale) + message.nanos // scale, message.currency_code)


@cache
def _exponents() -> dict[str, int]:
    from iso4217 import Currency  # a megabyte that only services with money need

    return {currency.code: currency.exponent for currency in Currency if currency.exponent is not None}
