"""How value objects, unions, lists and maps are kept as JSON: exact in both directions, readable in SQL.

A value object is an object of its fields, a union an object with the class's name as its only key. Times are ISO 8601,
durations microseconds, bytes base64, amounts `{"minor": 150, "currency": "EUR"}`. A field that a stored value
lacks, because the class gained it later, has the class's default.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from rapport_kit.codec.leaves import partial_date_from, partial_date_text
from rapport_kit.domain import Money
from rapport_kit.shape import Field, Kind, Shape

Convert = Callable[[Any], Any]
_MICROSECOND: Final = timedelta(microseconds=1)

_DUMP: Final[dict[Kind, Convert]] = {
    Kind.REAL: lambda value: value if math.isfinite(value) else str(value),
    Kind.BINARY: lambda value: base64.b64encode(value).decode("ascii"),
    Kind.IDENTITY: str,
    Kind.INSTANT: datetime.isoformat,
    Kind.DURATION: lambda value: value // _MICROSECOND,
    Kind.DATE: date.isoformat,
    Kind.PARTIAL_DATE: partial_date_text,
    Kind.DECIMAL: str,
    Kind.MONEY: lambda value: {"minor": value.minor, "currency": value.currency},
    Kind.ENUM: lambda value: value.value,
}
_LOAD: Final[dict[Kind, Convert]] = {
    Kind.REAL: float,
    Kind.BINARY: base64.b64decode,
    Kind.IDENTITY: UUID,
    Kind.INSTANT: datetime.fromisoformat,
    Kind.DURATION: lambda value: value * _MICROSECOND,
    Kind.DATE: date.fromisoformat,
    Kind.PARTIAL_DATE: partial_date_from,
    Kind.DECIMAL: Decimal,
    Kind.MONEY: lambda value: Money(value["minor"], value["currency"]),
}


def dumper(field: Field) -> Convert:
    """`value -> what JSON can hold`; None stays None."""
    return _none_stays(_dump(field))


def loader(field: Field) -> Convert:
    """The inverse of `dumper`."""
    return _none_stays(_load(field))


def _dump(field: Field) -> Convert:
    if field.item is not None:
        return _each(field, dumper(field.item), list)
    if field.shape is not None:
        return _dump_object(field.shape)
    if field.kind is Kind.UNION:
        names = {member.python: (member.name, _dump_object(member)) for member in field.members}

        def dump_union(value: Any) -> dict[str, Any]:
            name, dump = names[type(value)]
            return {name: dump(value)}

        return dump_union
    return _DUMP.get(field.kind, _as_it_is)


def _load(field: Field) -> Convert:
    if field.item is not None:
        return _each(field, loader(field.item), field.python)
    if field.shape is not None:
        return _load_object(field.shape)
    if field.kind is Kind.UNION:
        members = {member.name: _load_object(member) for member in field.members}

        def load_union(stored: dict[str, Any]) -> Any:
            ((name, content),) = stored.items()
            return members[name](content)

        return load_union
    return field.python if field.kind is Kind.ENUM else _LOAD.get(field.kind, _as_it_is)


def _each(field: Field, convert: Convert, sequence: Callable[[Any], Any]) -> Convert:
    if field.kind is Kind.MAP:
        return lambda values: {key: convert(value) for key, value in values.items()}
    return lambda values: sequence([convert(value) for value in values])


def _dump_object(shape: Shape) -> Convert:
    parts = [(field.name, dumper(field)) for field in shape.fields]
    return lambda value: {name: dump(getattr(value, name)) for name, dump in parts}


def _load_object(shape: Shape) -> Convert:
    parts = [(field.name, loader(field)) for field in shape.fields]
    python = shape.python
    return lambda stored: python(**{name: load(stored[name]) for name, load in parts if name in stored})


def _none_stays(convert: Convert) -> Convert:
    return convert if convert is _as_it_is else lambda value: None if value is None else convert(value)


def _as_it_is(value: Any) -> Any:
    return value
