"""Foreign keys of what belongs to a customer: merging re-points and erasure removes by looking at them."""

from __future__ import annotations

import sqlalchemy as sa

from rapport_kit.schema.aliases import TOLD


def part_of(table: str, column: str = "") -> sa.ForeignKeyConstraint:
    """The key of a row that goes with the row of `table` which `column` names."""
    column = column or f"{table}_id"
    return sa.ForeignKeyConstraint(["tenant", column], [f"{table}.tenant", f"{table}.id"], ondelete="CASCADE")


def stamped() -> tuple[sa.Index, sa.Index]:
    """The indexes of the orders that every resource can be listed in."""
    return sa.Index(None, "tenant", "create_time", "id"), sa.Index(None, "tenant", "update_time", "id")


def follows(table: sa.Table, *columns: str) -> None:
    """Have rows go with a person who turns out to be another; their revision calls `follow_merges`."""
    for name in columns:
        table.append_column(sa.Column(f"{TOLD}{name}", sa.Uuid))
