"""The columns of a dataclass, and the attributes that they are mapped to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import composite

from rapport_kit.domain import Money
from rapport_kit.schema.types import column_type, server_default, text
from rapport_kit.shape import Field, Kind, Shape

STAMPED = frozenset({"create_time", "update_time"})
"""Optional in the dataclass, since the unit of work sets them; in a table they are always there, so that an index
serves an order by them both ways."""


def tenant_column() -> sa.Column[Any]:
    """The first column of every table, and the first part of its key."""
    return sa.Column("tenant", sa.Uuid(), primary_key=True)


def columns_of(shape: Shape) -> Iterator[sa.Column[Any]]:
    """The columns for every field that is not a table of its own."""
    for field in shape.fields:
        if field.kind is Kind.MONEY:
            minor, currency = money_names(field)
            yield sa.Column(minor, sa.BigInteger(), nullable=field.optional)
            yield sa.Column(currency, text(), nullable=field.optional)
        elif not field.holds_owned:
            yield sa.Column(
                field.name,
                column_type(field),
                primary_key=field.name == "id",
                nullable=field.optional and field.name not in STAMPED,
                server_default=server_default(field),
            )


def properties_of(shape: Shape, table: sa.Table) -> dict[str, Any]:
    """The mapped attributes of a class, other than its owned collections: one a column, and an amount of two."""
    properties: dict[str, Any] = {"_tenant": table.c.tenant}
    for field in shape.fields:
        if field.kind is Kind.MONEY:
            minor, currency = (table.c[name] for name in money_names(field))
            properties |= {f"_{minor.name}": minor, f"_{currency.name}": currency}
            properties[field.name] = composite(Money, minor, currency, return_none_on=_is_absent)
        elif not field.holds_owned:
            properties[field.name] = table.c[field.name]
    return properties


def money_names(field: Field) -> tuple[str, str]:
    """The two columns of an amount: how many of the smallest unit, and of which currency."""
    return f"{field.name}_minor", f"{field.name}_currency"


def _is_absent(minor: int | None, currency: str | None) -> bool:
    return minor is None
