"""Contact's schema, and what its tables have in common.

Each field that a list can be sorted by has an index that ends in `id`, which lists break ties by. What is in the trash
is in the indexes too: it is little, and may be listed as well.
"""

from __future__ import annotations

import sqlalchemy as sa

from rapport_kit.schema import Schema
from rapport_kit.schema.aliases import TOLD

EXTERNAL_ID = ("system", "value")

schema = Schema("contact")


def part_of(table: str, column: str = "") -> sa.ForeignKeyConstraint:
    """The key of a row that goes with the row of `table` which `column` names: erasure and merging follow it."""
    column = column or f"{table}_id"
    return sa.ForeignKeyConstraint(["tenant", column], [f"{table}.tenant", f"{table}.id"], ondelete="CASCADE")


def part_of_customer() -> tuple[sa.ForeignKeyConstraint, sa.ForeignKeyConstraint]:
    """The keys of a row that goes with the person, or the organisation, that it is about."""
    return part_of("person"), part_of("organisation")


def stamped() -> tuple[sa.Index, sa.Index]:
    """The indexes of the orders that every resource can be listed in."""
    return sa.Index(None, "tenant", "create_time", "id"), sa.Index(None, "tenant", "update_time", "id")


def follows(table: sa.Table, *columns: str) -> None:
    """Have rows go with a record that turns out to be another; their revision calls `follow_merges`."""
    for name in columns:
        table.append_column(sa.Column(f"{TOLD}{name}", sa.Uuid))
