"""What one restriction of a filter means, once its field is known; everything unclear is refused here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf
from typing import TypeAlias

from rapport_kit.query.fields import Field, Fields, Kind, Value
from rapport_kit.query.literals import value_of
from rapport_kit.query.refusal import refused_filter
from rapport_kit.query.syntax import Restriction

Operator: TypeAlias = OneOf["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Compared:
    """`field operator value`; unknown when the field is absent."""

    field: Field
    operator: Operator
    value: Value


@dataclass(frozen=True, slots=True)
class Begins:
    """The text starts with `prefix`, code point by code point; the empty prefix begins every text."""

    field: Field
    prefix: str


@dataclass(frozen=True, slots=True)
class Present:
    """The field is set: not null, and not the default of a field that has no null."""

    field: Field


Comparison: TypeAlias = Compared | Begins | Present


def resolve(restriction: Restriction, fields: Fields) -> Comparison:
    """`restriction` with its field found in the allow-list and its value read as the field's kind."""
    field = fields.filterable(restriction.path)
    if field is None:
        allowed = fields.filterable_paths()
        raise refused_filter(restriction.position, f"expected a field that can be filtered: {allowed}")
    if field.repeated is not None and restriction.operator != ":":
        raise refused_filter(restriction.operator_position, f"{field.path} is a list: expected : to ask for an entry")
    literal = restriction.value
    if restriction.operator == ":" and literal.text == "*" and literal.stars:
        return Present(field)
    if field.sensitive and (restriction.operator not in (":", "=", "!=") or literal.stars):
        raise refused_filter(restriction.operator_position, f"{field.path} is encrypted: expected = or != and a whole")
    if literal.stars and field.kind is Kind.TEXT:
        return _begins(restriction, field)
    operator: Operator = "=" if restriction.operator == ":" else restriction.operator  # type: ignore[assignment]
    if operator not in ("=", "!=") and not field.kind.ordered:
        raise refused_filter(restriction.operator_position, f"{field.path} has no order: expected = or !=")
    return Compared(field, operator, value_of(literal, field))


def _begins(restriction: Restriction, field: Field) -> Begins:
    literal = restriction.value
    if restriction.operator not in ("=", ":"):
        raise refused_filter(
            restriction.operator_position, "expected = or : before a text with *; NOT gives its opposite"
        )
    if literal.text == "*":
        raise refused_filter(literal.position, f"expected more than *; {field.path}:* asks whether the field is set")
    if literal.stars != (len(literal.text) - 1,):
        raise refused_filter(literal.first_star, r"expected * only at the end; write \* in quotes for a star")
    return Begins(field, literal.text[:-1])
