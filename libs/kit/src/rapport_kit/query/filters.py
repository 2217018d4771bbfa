"""A filter: what a caller wants to see, said once, for the database and for messages alike."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from google.protobuf.message import Message
from sqlalchemy import ColumnElement, true

from rapport_kit.query.columns import Columns
from rapport_kit.query.comparisons import Comparison, resolve
from rapport_kit.query.fields import Fields
from rapport_kit.query.predicate import Predicate, compile_predicate
from rapport_kit.query.sql import compile_condition
from rapport_kit.query.syntax import Restriction
from rapport_kit.query.tree import Every, Fold, Not, Some, Tree


@dataclass(frozen=True, eq=False)
class Filter:
    r"""A filter of AIP-160 over one resource; false when it lets everything through.

    What it means, in SQL and in Python alike:

    - AND, OR (which binds tighter than AND), NOT and `-` have three values, as in SQL: a record is found when the
      whole is true, not when it is unknown.
    - A text, number or boolean that is not set is empty, zero or false, as in proto3, and compares as such.
      UUIDs, enums, times, dates, durations and `optional` fields that are not set are absent: comparing them is
      unknown, so `team_id != "…"` and `NOT team_id = "…"` find no record without a team; `NOT team_id:*` finds
      just those.
    - `field:*` asks whether a field is set; on other values `:` is `=`. For a list, `channels.normalized:"…"` asks
      whether any entry is such; that is true or false, never unknown.
    - Texts compare by code point. `"Ada*"` with `=` or `:` is a prefix; `\*` is a star.
    - A sensitive field is stored encrypted: it can be asked for equality and for being set, and nothing else.
    - The id of a record that became another stands for that one. Only the database knows which that is: `matches`
      goes by current ids.
    - Enum values go by their full names and have no order. Times compare in microseconds. A date without a year
      counts as one of the year zero.
    """

    tree: Tree[Comparison] | None = None

    @staticmethod
    def parse(text: str, fields: Fields) -> Filter:
        """Read a filter; the result is cached, and a blank one costs nothing.

        Raises:
            Invalid: INVALID_FILTER, with the position (from 1) and what was expected there.
        """
        if not text or text.isspace():
            return _EVERYTHING
        return _parse(text, fields)

    def __bool__(self) -> bool:
        return self.tree is not None

    def sql(self, columns: Columns) -> ColumnElement[bool]:
        """The condition for a WHERE clause on the table that `columns` describes."""
        return true() if self.tree is None else compile_condition(self.tree, columns)

    def matches(self, message: Message) -> bool:
        """Whether a resource message is one of those that `sql` finds."""
        return self.tree is None or self._predicate(message) is True

    @cached_property
    def looks_for_sensitive(self) -> bool:
        """Whether it names a sensitive field, whose values are found by a blind index."""
        return self.tree is not None and _NAMES_SENSITIVE(self.tree)

    @cached_property
    def _predicate(self) -> Predicate:
        return (lambda _: True) if self.tree is None else compile_predicate(self.tree)


_NAMES_SENSITIVE: Fold[Comparison, bool] = Fold(lambda each: each.field.sensitive, lambda part: part, any, any)
_EVERYTHING = Filter()


# Few entries: a caller chooses how large each is, up to the limits of `parser`.
@lru_cache(maxsize=256)
def _parse(text: str, fields: Fields) -> Filter:
    from rapport_kit.query.parser import parse  # what a process without a filter need not hold

    def leaf(restriction: Restriction) -> Tree[Comparison]:
        return resolve(restriction, fields)

    bind: Fold[Restriction, Tree[Comparison]] = Fold(
        leaf,
        negate=Not,
        every=lambda parts: Every(tuple(parts)),
        some=lambda parts: Some(tuple(parts)),
    )
    return Filter(bind(parse(text)))
