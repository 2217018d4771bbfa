"""In which order a list comes (AIP-132), always down to a unique one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement

from rapport_kit.errors import Invalid
from rapport_kit.query.columns import Columns
from rapport_kit.query.fields import Field, Fields
from rapport_kit.query.refusal import refusal

MAX_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Term:
    """One field to sort by."""

    field: Field
    descending: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Order:
    """The terms of an order, the last of which is the id: no two records ever tie.

    The id goes the way of the term before it, so that one index serves both. Ids are time-ordered (UUIDv7), so the
    order of an empty `order_by`, ids downwards, is the newest first. Records without a value come last, upwards and
    downwards. Texts sort by code point, enums by the lower-case name they are stored under.
    """

    terms: tuple[Term, ...]

    @staticmethod
    @lru_cache(maxsize=256)
    def parse(text: str, fields: Fields) -> Order:
        """Read an `order_by` such as `family_name, create_time desc`.

        Raises:
            Invalid: INVALID_ORDER_BY, with the position (from 1) and what was expected there.
        """
        if len(text) > MAX_LENGTH:
            raise _refused(MAX_LENGTH + 1, f"an order has at most {MAX_LENGTH} characters")
        terms = _terms(text, fields) if text.strip() else []
        if not any(term.field is fields.key for term in terms):
            terms.append(Term(fields.key, descending=terms[-1].descending if terms else True))
        return Order(tuple(terms))

    @property
    def is_newest_first(self) -> bool:
        """Whether it is that of an empty `order_by`."""
        return len(self.terms) == 1 and self.terms[0].descending

    def sql(self, columns: Columns) -> list[ColumnElement[Any]]:
        """The ORDER BY terms; "nulls last" is said only where a null can be, so that plain indexes serve."""
        clauses: list[ColumnElement[Any]] = []
        for term in self.terms:
            place = columns.place(term.field)
            clause = place.column.desc() if term.descending else place.column.asc()
            clauses.append(clause.nulls_last() if place.nullable else clause)
        return clauses


def _terms(text: str, fields: Fields) -> list[Term]:
    terms: list[Term] = []
    start = 0
    for part in text.split(","):
        term = _term(part, start, fields)
        if any(term.field is earlier.field for earlier in terms):
            raise _refused(start + _indent(part), f"{term.field.path} is named twice")
        terms.append(term)
        start += len(part) + 1
    return terms


def _term(part: str, start: int, fields: Fields) -> Term:
    begin = start + _indent(part)
    named = _NAME.match(part)
    if named is None:
        raise _refused(begin, "expected a field name")
    field = fields.sortable(named[1])
    if field is None:
        raise _refused(begin, f"expected a field that can be sorted by: {fields.sortable_paths()}")
    behind = _DIRECTION.match(part, named.end())
    direction = behind[1] if behind else None
    end = behind.end() if behind else named.end()
    if end < len(part):
        ways = "" if direction else "asc, desc, "
        raise _refused(start + end + _indent(part[end:]), f"expected {ways}a comma or the end")
    return Term(field, descending=direction == "desc")


def _indent(part: str) -> int:
    """The position, from 1 in `part`, of its first character that is no space."""
    return len(part) - len(part.lstrip()) + 1


def _refused(position: int, message: str) -> Invalid:
    return refusal("order_by", position, message)


_NAME = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_.]*)\s*")
_DIRECTION = re.compile(r"(asc|desc)\b\s*")
