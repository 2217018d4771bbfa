"""Tables whose rows follow from an aggregate, such as the keys under which it is found, and are never read with it.

They are written in the statement that writes a new aggregate, and put right whenever what they follow from changes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import instance_state

from rapport_kit.schema.sets import Batch, Sink

Derive = Callable[[Any], Collection[str]]


class DerivedRows:
    """Rows `(tenant, value, owner)` of `table`, one for each of the texts that `derive(aggregate)` gives.

    `depends` names the fields, owned collections among them, without a change of which the rows stay as they are.
    """

    def __init__(self, table: sa.Table, value: str, owner: str, derive: Derive, depends: Collection[str]) -> None:
        self._table, self._value, self._owner = table, value, owner
        self._derive, self._depends = derive, tuple(depends)
        self._sink = Sink(table, ["tenant", value, owner])

    def put(self, entity: Any, batch: Batch) -> None:
        """Have the rows of a new aggregate written with `batch`."""
        for row in self.rows(entity):
            batch.add(self._sink, row)

    def rows(self, entity: Any) -> list[dict[str, Any]]:
        """What the table should hold of an aggregate."""
        tenant = vars(entity)["_tenant"]
        return [{"tenant": tenant, self._value: text, self._owner: entity.id} for text in self._derive(entity)]

    def keep(self, mapper: Mapper[Any]) -> None:
        """Put the rows right whenever a stored aggregate is changed."""
        event.listen(mapper, "before_update", self._write)

    def _write(self, mapper: Mapper[Any], connection: sa.Connection, entity: Any) -> None:
        if not any(_changed(entity, name) for name in self._depends):
            return
        rows, table = self.rows(entity), self._table.c
        theirs = sa.and_(table.tenant == vars(entity)["_tenant"], table[self._owner] == entity.id)
        kept = [row[self._value] for row in rows]
        connection.execute(sa.delete(self._table).where(theirs, table[self._value].not_in(kept)))
        if rows:
            connection.execute(insert(self._table).values(rows).on_conflict_do_nothing())


def _changed(entity: Any, name: str) -> bool:
    if sa.inspect(entity).attrs[name].history.has_changes():
        return True
    held = vars(entity).get(name)
    parts = held if isinstance(held, list) else ()
    return any(hasattr(part, "_sa_instance_state") and _is_changed(part) for part in parts)


def _is_changed(part: Any) -> bool:
    """Whether a field has another value than was loaded: what was set to what it was counts as modified, too."""
    return any(vars(part).get(name) != loaded for name, loaded in instance_state(part).committed_state.items())
