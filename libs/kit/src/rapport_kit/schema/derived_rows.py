"""Tables whose rows follow from an aggregate, such as the keys under which it is found, and are never read with it.

They are written in the statement that writes a new aggregate, and put right whenever what they follow from changes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapper, Session, object_session
from sqlalchemy.orm.attributes import instance_state

from rapport_kit.schema.ids import any_of
from rapport_kit.schema.sets import Batch, Sink

Derive = Callable[[Any], Collection[str]]
_CHANGED: Final = "derived_rows"
"""Where a session notes, while it flushes, of which aggregates rows have to be put right."""


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
        """Put the rows right whenever stored aggregates are changed: at once for all that one flush writes."""
        event.listen(mapper, "before_update", self._note)

    def _note(self, mapper: Mapper[Any], connection: sa.Connection, entity: Any) -> None:
        session = object_session(entity)
        if session is not None and any(_changed(entity, name) for name in self._depends):
            session.info.setdefault(_CHANGED, {}).setdefault(self, []).append(entity)

    def put_right(self, entities: Sequence[Any], connection: sa.Connection) -> None:
        """Have the table hold what it should of some aggregates of one tenant."""
        tenant, table = vars(entities[0])["_tenant"], self._table.c
        rows = [row for entity in entities for row in self.rows(entity)]
        owners = sa.cast([row[self._owner] for row in rows], sa.ARRAY(sa.Uuid))
        values = sa.cast([row[self._value] for row in rows], sa.ARRAY(sa.Text))
        columns = (sa.column("owner", sa.Uuid), sa.column("value", sa.Text))
        kept = sa.func.unnest(owners, values).table_valued(*columns, name="kept").render_derived()
        theirs = table[self._owner] == any_of(entity.id for entity in entities)
        right = sa.exists().where(kept.c.owner == table[self._owner], kept.c.value == table[self._value])
        connection.execute(sa.delete(self._table).where(table.tenant == tenant, theirs, ~right))
        if rows:
            new = sa.select(sa.literal(tenant, sa.Uuid), kept.c.value, kept.c.owner)
            names = ["tenant", self._value, self._owner]
            connection.execute(insert(self._table).from_select(names, new).on_conflict_do_nothing())


@event.listens_for(Session, "before_flush")
def _begin(session: Session, *_: object) -> None:
    session.info.pop(_CHANGED, None)  # what a flush that failed left


@event.listens_for(Session, "after_flush")
def _end(session: Session, *_: object) -> None:
    for derived, entities in session.info.pop(_CHANGED, {}).items():
        derived.put_right(entities, session.connection())


def _changed(entity: Any, name: str) -> bool:
    if sa.inspect(entity).attrs[name].history.has_changes():
        return True
    held = vars(entity).get(name)
    parts = held if isinstance(held, list) else ()
    return any(hasattr(part, "_sa_instance_state") and _is_changed(part) for part in parts)


def _is_changed(part: Any) -> bool:
    """Whether a field has another value than was loaded: what was set to what it was counts as modified, too."""
    return any(vars(part).get(name) != loaded for name, loaded in instance_state(part).committed_state.items())
