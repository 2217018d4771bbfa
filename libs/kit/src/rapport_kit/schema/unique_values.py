"""A table for values inside a JSON list that no two records may share.

The writing is done by the trigger that `rapport_kit.migrations.keep_unique` makes.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa


def unique_values(metadata: sa.MetaData, name: str, *, of: str, keys: Sequence[str]) -> sa.Table:
    """Declare the table `name` that holds the `keys` of every item of a list in the table `of`."""
    owner = f"{of}_id"
    return sa.Table(
        name,
        metadata,
        sa.Column("tenant", sa.Uuid(), nullable=False),
        *(sa.Column(key, sa.Text(collation="C"), nullable=False) for key in keys),
        sa.Column(owner, sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", *keys),
        sa.ForeignKeyConstraint(["tenant", owner], [f"{of}.tenant", f"{of}.id"], ondelete="CASCADE"),
        sa.Index(None, "tenant", owner),
    )
