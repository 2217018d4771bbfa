"""Derives tables and their mapping from the domain's dataclasses.

    schema = Schema("contact")
    schema.map(Person, "person", Index("ix_person_name", "tenant", "family_name", "id"))

Every table has `tenant` first and the key `(tenant, id)`. Domain classes stay plain: mapping adds nothing that they
name, and `__init__` works as before. A field becomes

- a column of its own for text, numbers, times, UUIDs and enums (as text);
- `<field>_minor` and `<field>_currency` for an amount;
- jsonb for value objects, unions, lists and maps;
- a table `<root>_<entry>` for a list of owned entities.

What the contract declares sensitive has no column: it lies in one that nobody reads without the subject's key.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Final

import sqlalchemy as sa
from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message
from sqlalchemy.orm import Mapper, registry
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.schema import SchemaItem

from rapport_kit.naming import snake
from rapport_kit.privacy.at_rest import BOX, AtRest, column_of
from rapport_kit.privacy.classified import sensitive_fields
from rapport_kit.schema.children import Child, number_before_flush
from rapport_kit.schema.columns import columns_of, money_names, properties_of, tenant_column
from rapport_kit.schema.derived import keep_derived
from rapport_kit.schema.derived_rows import Derive, DerivedRows
from rapport_kit.schema.frame import Frame
from rapport_kit.schema.making import enter_maker
from rapport_kit.schema.read import read
from rapport_kit.schema.rows import AggregateRows
from rapport_kit.shape import Kind, Shape, shape_of

NAMES: Final = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class Schema:
    """One service's tables, in its own database: its aggregates, and the frame's."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.metadata = sa.MetaData(naming_convention=NAMES)
        self.registry = registry(metadata=self.metadata)
        self.frame = Frame(self.metadata)
        self._shapes: dict[type, Shape] = {}
        self._tables: dict[type, sa.Table] = {}
        self._children: dict[type, tuple[Child, ...]] = {}
        self._reads: dict[type, sa.Select[Any]] = {}
        self._at_rest: dict[type, AtRest] = {}
        self._rows: dict[type, AggregateRows] = {}
        self._derived: dict[type, list[DerivedRows]] = {}
        number_before_flush(self._children)

    def map(self, entity: type, name: str, *extra: SchemaItem, contract: type[Message] | None = None) -> sa.Table:
        """Give `entity` the table `name`.

        `contract` is the resource's message: fields that it declares sensitive are stored encrypted.
        `extra` are indexes, constraints, and columns that the domain does not know, which are not loaded with it;
        `derived` columns are written with it.

        Raises:
            TypeError: a field has a type that no table can hold.
        """
        at_rest = AtRest(contract or Empty)
        shape = shape_of(entity)
        shape = replace(shape, fields=tuple(field for field in shape.fields if field.name not in at_rest.names))
        table = sa.Table(name, self.metadata, tenant_column(), *columns_of(shape), *at_rest.columns(), *extra)
        children = tuple(
            Child(self.registry, shape, table, field, snake(field.item.shape.name))
            for field in shape.fields
            if field.holds_owned and field.item is not None and field.item.shape is not None
        )
        mapper: Mapper[Any] = self.registry.map_imperatively(
            entity,
            table,
            properties=properties_of(shape, table)
            | at_rest.properties(table)
            | {child.field.name: child.relationship(table) for child in children},
            exclude_properties=[item.name for item in extra if isinstance(item, sa.Column)],
            version_id_col=table.c.version,
        )
        keep_derived(mapper, table)
        for child in children:
            child.adopt_into(entity)
        enter_maker(entity, children)
        self._shapes[entity], self._tables[entity], self._children[entity] = shape, table, children
        self._reads[entity] = read(shape, table, {child.field.name: child for child in children}, at_rest.names)
        self._at_rest[entity] = at_rest
        return table

    def derive_rows(self, entity: type, table: sa.Table, value: str, derive: Derive, depends: Collection[str]) -> None:
        """Have `table` hold the texts `derive(aggregate)` in `value`, beside the aggregate's id; see `DerivedRows`."""
        sensitive = self._at_rest[entity].names
        stored = dict.fromkeys(BOX if name in sensitive else name for name in depends)
        rows = DerivedRows(table, value, f"{self._tables[entity].name}_id", derive, tuple(stored))
        rows.keep(sa.inspect(entity))
        self._derived.setdefault(entity, []).append(rows)

    @property
    def entities(self) -> tuple[type, ...]:
        """The mapped classes, in the order of their mapping."""
        return tuple(self._tables)

    def table(self, entity: type) -> sa.Table:
        """The table of a mapped class."""
        return self._tables[entity]

    def child_tables(self, entity: type) -> Mapping[str, sa.Table]:
        """The table of each owned collection, by the collection's name."""
        return {child.field.name: child.table for child in self._children[entity]}

    def read(self, entity: type) -> sa.Select[Any]:
        """The select whose rows `Codec.row_to_message` takes; add conditions, order and further columns to it."""
        return self._reads[entity]

    def at_rest(self, entity: type) -> AtRest:
        """How the sensitive fields of a mapped class are stored."""
        return self._at_rest[entity]

    def check(self, entity: type, contract: type[Message]) -> None:
        """See that what `contract` declares sensitive is stored so.

        Raises:
            TypeError: it is not.
        """
        if lacking := set(sensitive_fields(contract.DESCRIPTOR)) - set(self._at_rest[entity].names):
            raise TypeError(f"{entity.__name__} must be mapped with its contract: sensitive are {sorted(lacking)}")

    def rows(self, entity: type) -> AggregateRows:
        """How new aggregates of a class are written."""
        if entity not in self._rows:
            self._rows[entity] = AggregateRows(entity, self._children[entity], self._derived.get(entity, ()))
        return self._rows[entity]

    def touched(self, entity: Any) -> bool:
        """Whether anything of an aggregate was set, or put in another order, since it was loaded or written."""
        return instance_state(entity).modified or any(child.touched(entity) for child in self._children[type(entity)])

    def columns(self, entity: type) -> Mapping[str, sa.Column[Any]]:
        """Where each field of the resource is stored, by its path.

        `channels.normalized` is a column of a child table (`column.table`), whose foreign key leads to the root. An
        amount has two: `price` for how many of the smallest unit, `price.currency_code`. A sensitive field has its
        blind index.
        """
        columns = _paths(self._shapes[entity], self._tables[entity], "")
        for child in self._children[entity]:
            columns |= _paths(child.shape, child.table, f"{child.field.name}.")
        table = self._tables[entity]
        return columns | {name: table.c[column_of(name)] for name in self._at_rest[entity].looked_for}


def _paths(shape: Shape, table: sa.Table, prefix: str) -> dict[str, sa.Column[Any]]:
    columns: dict[str, sa.Column[Any]] = {}
    for field in shape.visible:
        if field.kind is Kind.MONEY:
            minor, currency = money_names(field)
            columns[prefix + field.name] = table.c[minor]
            columns[f"{prefix}{field.name}.currency_code"] = table.c[currency]
        elif not field.holds_owned and field.name != "version":
            columns[prefix + field.name] = table.c[field.name]
    return columns
