"""Columns that follow from the aggregate that they are stored with, and are never read back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapper, deferred

Derive = Callable[[Any], Any]
_INFO: Final = "derive"


def derived(column: sa.Column[Any], derive: Derive) -> sa.Column[Any]:
    """Have `column` written as `derive(aggregate)` whenever the aggregate's row is; give it to `Schema.map`."""
    column.info[_INFO] = derive
    return column


def derivations(table: sa.Table) -> dict[str, Derive]:
    """How each derived column of `table` comes about."""
    return {str(column.name): column.info[_INFO] for column in table.c if _INFO in column.info}


def keep_derived(mapper: Mapper[Any], table: sa.Table) -> None:
    """Write the derived columns of a mapped class whenever a stored aggregate is changed."""
    derive = {f"_{name}": value for name, value in derivations(table).items()}
    for name in derivations(table):
        mapper.add_property(f"_{name}", deferred(table.c[name]))

    def write(mapper: Mapper[Any], connection: sa.Connection, entity: Any) -> None:
        for attribute, value in derive.items():
            setattr(entity, attribute, value(entity))

    if derive:
        event.listen(mapper, "before_update", write)
