"""How Alembic lays the metadata beside a migrated database, and what it writes for the difference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import _repr_type, renderers
from alembic.operations.ops import (
    CreateIndexOp,
    CreateTableOp,
    DropIndexOp,
    DropTableOp,
    MigrateOperation,
    MigrationScript,
    ModifyTableOps,
    OpContainer,
)
from alembic.runtime.migration import MigrationContext
from sqlalchemy.dialects.postgresql import JSONB

from rapport_kit.migrations.frame import TABLES

IncludeName = Callable[[Any, Any, Any], bool]
"""Name, kind (`table`, `index`, …) and where it belongs."""


def comparable(connection: sa.Connection) -> IncludeName:
    """Alembic's `include_name`: every table but partitions, which come and go by themselves."""
    partitions = frozenset(connection.scalars(sa.text("SELECT relname FROM pg_class WHERE relispartition")))
    connection.rollback()

    def include(name: str | None, kind: str, parents: object) -> bool:
        return kind != "table" or name not in partitions

    return include


def stored_type(kind: str, item: Any, context: AutogenContext) -> str | Literal[False]:
    """Alembic's `render_item`: a type of ours is written as what PostgreSQL stores, so that revisions outlive it."""
    if kind == "type" and isinstance(item, sa.TypeDecorator):
        stored = item.impl_instance
        return _repr_type(JSONB() if isinstance(stored, JSONB) else stored, context)
    return False


class Line(MigrateOperation):
    """One line of a revision that is being written, and what it imports from this package."""

    def __init__(self, text: str, imports: str) -> None:
        self.text, self.imports = text, imports

    def to_diff_tuple(self) -> tuple[str, str]:
        """What `alembic check` would print."""
        return ("line", self.text)


@renderers.dispatch_for(Line)
def _render(context: AutogenContext, line: Line) -> str:
    context.imports.add(f"from rapport_kit.migrations import {line.imports}")
    return line.text


def complete(context: MigrationContext, revision: Any, directives: list[MigrationScript]) -> None:
    """Alembic's `process_revision_directives`: no table without its wall, and the frame's tables by one line.

    A table whose foreign key cascades is a part of an aggregate: its rows may be deleted.
    """
    for script in directives:
        for upgrade in script.upgrade_ops_list:
            created = [op for op in upgrade.ops if isinstance(op, CreateTableOp) and op.table_name not in TABLES]
            if _take_out_frame(upgrade):
                upgrade.ops.insert(0, Line("frame.create(op)", "frame"))
            upgrade.ops += [Line(_secure(op), "secure") for op in created]
        for downgrade in script.downgrade_ops_list:
            if _take_out_frame(downgrade):
                downgrade.ops.append(Line("frame.drop(op)", "frame"))
            dropped = {op.table_name for op in downgrade.ops if isinstance(op, DropTableOp)}
            downgrade.ops[:] = [op for op in downgrade.ops if not _goes_with(op, dropped)]


def _goes_with(op: MigrateOperation, dropped: set[str]) -> bool:
    """An index needs no dropping when its table is dropped."""
    if isinstance(op, ModifyTableOps):
        return op.table_name in dropped and all(isinstance(part, DropIndexOp) for part in op.ops)
    return isinstance(op, DropIndexOp) and op.table_name in dropped


def _secure(created: CreateTableOp) -> str:
    cascades = any(isinstance(part, sa.ForeignKeyConstraint) and part.ondelete == "CASCADE" for part in created.columns)
    return f'secure(op, "{created.table_name}"{", delete=True" if cascades else ""})'


def _take_out_frame(container: OpContainer) -> bool:
    kept = [op for op in container.ops if not _is_of_frame(op)]
    taken = len(kept) < len(container.ops)
    container.ops[:] = kept
    return taken


def _is_of_frame(op: MigrateOperation) -> bool:
    named = (CreateTableOp, DropTableOp, CreateIndexOp, DropIndexOp, ModifyTableOps)
    return isinstance(op, named) and op.table_name in TABLES
