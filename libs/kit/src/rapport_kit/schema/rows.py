"""New aggregates as rows of their tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapper

from rapport_kit.schema.children import Child
from rapport_kit.schema.derived import derivations
from rapport_kit.schema.derived_rows import DerivedRows
from rapport_kit.schema.making import watch
from rapport_kit.schema.sets import Batch, Row, Sink, json_value


class Rows:
    """The objects of one mapped class as rows of its table."""

    def __init__(self, mapper: Mapper[Any]) -> None:
        table = mapper.local_table
        assert isinstance(table, sa.Table)
        self._derive = derivations(table)
        keys = {prop.columns[0].name: prop.key for prop in mapper.column_attrs}
        given = [column for column in table.c if column.name in keys]
        stored = [(str(column.name), keys[column.name], json_value(column)) for column in given]
        stored = [entry for entry in stored if entry[0] not in self._derive]
        self._plain = [(name, key) for name, key, convert in stored if convert is None]
        self._converted = [(name, key, convert) for name, key, convert in stored if convert is not None]
        self.sink = Sink(table, [column.name for column in given])

    def row(self, thing: Any) -> Row:
        """The row of one object."""
        values = vars(thing)
        row = {name: values[key] for name, key in self._plain}
        for name, key, convert in self._converted:
            row[name] = convert(values[key])
        for name, derive in self._derive.items():
            row[name] = derive(thing)
        return row


class AggregateRows:
    """The aggregates of one class as rows: a root's, those of its owned entities, and those that follow from it."""

    def __init__(self, entity: type, children: Iterable[Child], derived: Iterable[DerivedRows] = ()) -> None:
        self._derived = list(derived)
        self._root = Rows(sa.inspect(entity))
        self._children = [(child, Rows(sa.inspect(child.python))) for child in children]

    def put(self, entity: Any, batch: Batch) -> None:
        """Have a new aggregate written with `batch`."""
        batch.add(self._root.sink, self._root.row(entity))
        for child, rows in self._children:
            for part in child.placed(entity):
                batch.add(rows.sink, rows.row(part))
        for derived in self._derived:
            derived.put(entity, batch)

    def watch(self, entity: Any) -> None:
        """Have an aggregate that was put be as if it had been loaded: what is changed later is written as a change."""
        for child, _ in self._children:
            for part in vars(entity)[child.field.name]:
                watch(part)
        watch(entity)
