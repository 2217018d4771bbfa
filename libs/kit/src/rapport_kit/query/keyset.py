"""The condition "after this row" for any order: the way through a list that no insertion disturbs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, and_, false, or_, tuple_

from rapport_kit.query.columns import Columns, Place
from rapport_kit.query.order import Order

Key: TypeAlias = tuple[Any, ...]
"""What a row has in the columns of an order, term by term; None for null."""


def after(key: Key, order: Order, columns: Columns) -> ColumnElement[bool]:
    """True for the rows that come after the row with `key`.

    When all terms go one way and none can be null it is one row comparison, which an index answers in one step.
    """
    pairs = zip(order.terms, key, strict=True)
    steps = [_Step(columns.place(term.field), term.descending, value) for term, value in pairs]
    if len({step.descending for step in steps}) == 1 and not any(step.place.nullable for step in steps):
        row, bound = tuple_(*(step.place.column for step in steps)), tuple_(*(step.value for step in steps))
        return row < bound if steps[0].descending else row > bound
    return _lexicographic(steps)


@dataclass(frozen=True, slots=True)
class _Step:
    """One term of the order at the row that was last seen; nulls come last in both directions."""

    place: Place
    descending: bool
    value: Any

    def beyond(self) -> ColumnElement[bool]:
        """Strictly after, by this term alone."""
        if self.value is None:
            return false()
        column = self.place.column
        further = column < self.value if self.descending else column > self.value
        return or_(further, column.is_(None)) if self.place.nullable else further

    def same(self) -> ColumnElement[bool]:
        """A tie in this term."""
        return self.place.column.is_(None) if self.value is None else self.place.column == self.value


def _lexicographic(steps: Sequence[_Step]) -> ColumnElement[bool]:
    first, *rest = steps
    if not rest:
        return first.beyond()
    tied = and_(first.same(), _lexicographic(rest))
    # The bound of the first term is said once more in front: the planner takes none from within an OR.
    return and_(or_(first.beyond(), first.same()), or_(first.beyond(), tied))
