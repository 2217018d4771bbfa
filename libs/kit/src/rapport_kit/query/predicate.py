"""A filter as a Python function over messages, with the meaning that `sql` gives it over rows."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC
from typing import Any, TypeAlias
from uuid import UUID

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from rapport_kit.query.comparisons import Begins, Compared, Comparison, Present
from rapport_kit.query.fields import Field, Kind, Value, words_of
from rapport_kit.query.tree import Fold

Truth: TypeAlias = bool | None
"""SQL's three values; None is unknown."""

Predicate: TypeAlias = Callable[[Message], Truth]


def _leaf(comparison: Comparison) -> Predicate:
    field, test = comparison.field, _test(comparison)
    if field.repeated is None:
        read = reader(field)
        return lambda message: test(read(message))
    entries, entry = _entries(field), _entry_reader(field)
    return lambda message: any(test(entry(each)) is True for each in entries(message))


def _test(comparison: Comparison) -> Callable[[Value | None], Truth]:
    """One comparison on a value that may be absent."""
    match comparison:
        case Compared(_, name, wanted):
            compare = _OPERATORS[name]
            return lambda value: None if value is None else compare(value, wanted)
        case Begins(_, prefix):
            return lambda value: None if value is None else str(value).startswith(prefix)
        case Present(field):
            default = _DEFAULTS.get(field.kind) if not field.nullable else None
            return lambda value: value != default


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_DEFAULTS: dict[Kind, Value] = {Kind.TEXT: "", Kind.BOOL: False, Kind.INT: 0, Kind.DOUBLE: 0.0}


def reader(field: Field) -> Callable[[Message], Value | None]:
    """Reads a field that is not in a list; None when it is absent."""
    return _reader(field.steps, field.kind)


def _reader(steps: Sequence[FieldDescriptor], kind: Kind) -> Callable[[Message], Value | None]:
    *above, last = steps
    convert = _CONVERT[kind](last)
    names, name = [step.name for step in above], last.name
    may_lack = last.has_presence

    def read(message: Message) -> Value | None:
        owner: Any = message
        for each in names:
            owner = getattr(owner, each)
        return None if may_lack and not owner.HasField(name) else convert(getattr(owner, name))

    return read


def _entries(field: Field) -> Callable[[Message], Iterable[Any]]:
    names = [step.name for step in field.steps[: (field.repeated or 0) + 1]]

    def entries(message: Message) -> Iterable[Any]:
        owner: Any = message
        for each in names:
            owner = getattr(owner, each)
        return owner  # type: ignore[no-any-return]

    return entries


def _entry_reader(field: Field) -> Callable[[Any], Value | None]:
    below = field.steps[(field.repeated or 0) + 1 :]
    return _reader(below, field.kind) if below else _CONVERT[field.kind](field.last)


def _as_it_is(_: FieldDescriptor) -> Callable[[Any], Value | None]:
    return lambda value: value


def _enum(field: FieldDescriptor) -> Callable[[Any], Value | None]:
    return words_of(field).get


_CONVERT: dict[Kind, Callable[[FieldDescriptor], Callable[[Any], Value | None]]] = {
    Kind.TEXT: _as_it_is,
    Kind.BOOL: _as_it_is,
    Kind.INT: _as_it_is,
    # PostgreSQL has NaN above infinity; literals are finite, so infinity compares as NaN does.
    Kind.DOUBLE: lambda _: lambda value: math.inf if math.isnan(value) else value,
    Kind.UUID: lambda _: lambda value: UUID(value) if value else None,
    Kind.ENUM: _enum,
    Kind.TIME: lambda _: lambda value: value.ToDatetime(tzinfo=UTC),
    Kind.DATE: lambda _: lambda value: f"{value.year:04}-{value.month:02}-{value.day:02}",
    Kind.DURATION: lambda _: lambda value: value.ToMicroseconds(),
}


def _negate(part: Predicate) -> Predicate:
    def negated(message: Message) -> Truth:
        truth = part(message)
        return None if truth is None else not truth

    return negated


def _every(parts: Sequence[Predicate]) -> Predicate:
    def every(message: Message) -> Truth:
        result: Truth = True
        for part in parts:
            truth = part(message)
            if truth is False:
                return False
            result = result if truth else None
        return result

    return every


def _some(parts: Sequence[Predicate]) -> Predicate:
    def some(message: Message) -> Truth:
        result: Truth = False
        for part in parts:
            truth = part(message)
            if truth:
                return True
            result = result if truth is False else None
        return result

    return some


compile_predicate: Fold[Comparison, Predicate] = Fold(_leaf, _negate, _every, _some)
"""The predicate of a whole filter; build it once and call it for every message."""
