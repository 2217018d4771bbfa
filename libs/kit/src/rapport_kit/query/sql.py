"""A filter as a SQL predicate, with the meaning that `predicate` gives it over messages.

Only operators that PostgreSQL holds for leakproof are used, because row-level security keeps the planner from using
an index for any other: a prefix is a range, never LIKE.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, and_, not_, or_

from rapport_kit.query.columns import Columns, Place
from rapport_kit.query.comparisons import Begins, Compared, Comparison, Present
from rapport_kit.query.fields import Kind, Value
from rapport_kit.query.tree import Fold, Tree

Condition: TypeAlias = ColumnElement[bool]


def compile_condition(tree: Tree[Comparison], columns: Columns) -> Condition:
    """The WHERE condition for a whole filter on the table that `columns` describes."""

    def leaf(comparison: Comparison) -> Condition:
        place = columns.place(comparison.field)
        return place.quantify(_test(comparison, place))

    fold: Fold[Comparison, Condition] = Fold(leaf, not_, _every, _some)
    return fold(tree)


def _every(parts: Sequence[Condition]) -> Condition:
    return and_(*parts)


def _some(parts: Sequence[Condition]) -> Condition:
    return or_(*parts)


def _test(comparison: Comparison, place: Place) -> Condition:
    if place.blind is not None:
        return _blind_test(comparison, place)
    match comparison:
        case Compared(_, name, value):
            return _OPERATORS[name](place.column, place.stored(value))
        case Begins(_, prefix):
            return _prefix_range(place.column, prefix)
        case Present(field):
            unset = _UNSET.get(field.kind)
            return place.column.is_not(None) if field.nullable or unset is None else place.column != unset


def _blind_test(comparison: Comparison, place: Place) -> Condition:
    """Of a sensitive field: a value that is not set has no index, and is unknown only where the field can be absent."""
    set_ = place.column.is_not(None)
    if not isinstance(comparison, Compared):
        return set_
    field, value = comparison.field, comparison.value
    if field.nullable:
        return _OPERATORS[comparison.operator](place.column, place.stored(value))
    same = not_(set_) if value == _UNSET.get(field.kind) else and_(place.column == place.stored(value), set_)
    return same if comparison.operator == "=" else not_(same)


_OPERATORS: dict[str, Callable[[Any, Any], Condition]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_UNSET: dict[Kind, Value] = {Kind.TEXT: "", Kind.BOOL: False, Kind.INT: 0, Kind.DOUBLE: 0.0}


def _prefix_range(column: ColumnElement[Any], prefix: str) -> Condition:
    end = successor(prefix)
    return column >= prefix if end is None else and_(column >= prefix, column < end)


def successor(prefix: str) -> str | None:
    """The first text, in code-point order, after all that begin with `prefix`; None when there is none."""
    kept = prefix.rstrip("\U0010ffff")
    if not kept:
        return None
    following = ord(kept[-1]) + 1
    # Surrogates are no characters of UTF-8.
    return kept[:-1] + chr(0xE000 if following == 0xD800 else following)
