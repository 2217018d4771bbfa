"""Where the fields of a resource are kept: in which column, and for a list in which table of entries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Double,
    FromClause,
    Integer,
    String,
    Table,
    TypeDecorator,
    Uuid,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.types import TypeEngine

from rapport_kit.query.fields import Field, Fields, Kind, Value
from rapport_kit.schema.aliases import current_id, followed

Condition: TypeAlias = ColumnElement[bool]


def _itself(condition: Condition) -> Condition:
    return condition


def _as_it_is(value: Value) -> object:
    return value


@dataclass(frozen=True, slots=True)
class Place:
    """How to reach one field.

    `quantify` turns a condition on the column into one on the resource's row; `stored` turns a filter's value into
    what the column takes.
    """

    column: ColumnElement[Any]
    nullable: bool
    quantify: Callable[[Condition], Condition] = _itself
    stored: Callable[[Value], object] = _as_it_is
    blind: Field | None = None
    """The sensitive field whose blind index the column is."""
    names: Table | None = None
    """Whose ids the column holds, if these can lead on to others."""


@dataclass(frozen=True, eq=False, slots=True)
class Columns:
    """The places of all fields of one resource, by path."""

    places: Mapping[str, Place]

    @staticmethod
    def of(fields: Fields, stored: Mapping[str, Column[Any]], root: Table) -> Columns:
        """The places in the table `root` and its tables of entries; `stored` is what `Schema.columns` says.

        Raises:
            TypeError: a field has no column of its own, or one in which SQL would compare or sort it otherwise than
                a filter promises.
        """
        catalogue = {field.path: field for field in (*fields.by_path.values(), fields.key)}
        if lacking := catalogue.keys() - stored.keys():
            raise TypeError(f"{root.name} has no column to filter or sort by for {', '.join(sorted(lacking))}")
        return Columns({path: _place(field, stored[path], root) for path, field in catalogue.items()})

    def with_index(self, term: Callable[[Field, Value], bytes]) -> Columns:
        """The same for a tenant in whose blind indexes a value of a field is `term(field, value)`."""
        places = self.places.items()
        blind = {path: replace(at, stored=partial(term, at.blind)) for path, at in places if at.blind is not None}
        return Columns({**self.places, **blind})

    def within(self, tenant: UUID) -> Columns:
        """The same for a tenant, of whose records those that became others are looked for as these."""
        named = {path: at.names for path, at in self.places.items() if at.names is not None}
        known = {
            path: replace(self.places[path], stored=partial(current_id, table, tenant)) for path, table in named.items()
        }
        return Columns({**self.places, **known})

    def place(self, field: Field) -> Place:
        """Where `field` is kept."""
        return self.places[field.path]


def _place(field: Field, column: Column[Any], root: Table) -> Place:
    if field.sensitive:
        return Place(column, nullable=True, blind=field)
    quantify = _itself if column.table is root else any_entry(root, column.table)
    plain, type_ = _without_converter(column)
    nullable = bool(column.nullable)
    if nullable and not field.nullable:
        raise TypeError(f"{column} can be null, but {field.path} cannot be absent")
    if not _fits(field.kind, type_):
        raise TypeError(f"{column} is of a type that cannot be filtered or sorted by as {field.kind.name}")
    if field.kind is Kind.DATE and isinstance(type_, Date):
        return Place(plain, nullable, quantify, stored=lambda value: date.fromisoformat(str(value)))
    return Place(plain, nullable, quantify, names=followed(column))


def _without_converter(column: Column[Any]) -> tuple[ColumnElement[Any], TypeEngine[Any]]:
    """The column as the database has it: what a filter compares with needs no converting."""
    if not isinstance(column.type, TypeDecorator):
        return column, column.type
    type_ = column.type.impl_instance
    return type_coerce(column, type_), type_


def _fits(kind: Kind, type_: TypeEngine[Any]) -> bool:
    """Whether SQL compares values of the type as Python does; text must be ordered by code point for that."""
    if isinstance(type_, String):
        return type_.collation == "C" and kind in (Kind.TEXT, Kind.ENUM, Kind.DATE)
    return isinstance(type_, _TYPES.get(kind, ()))


_TYPES: dict[Kind, tuple[type[TypeEngine[Any]], ...]] = {
    Kind.UUID: (Uuid,),
    Kind.BOOL: (Boolean,),
    Kind.INT: (Integer,),
    Kind.DOUBLE: (Double,),
    Kind.TIME: (DateTime,),
    Kind.DATE: (Date,),
    Kind.DURATION: (BigInteger,),
}


def any_entry(root: Table, entries: FromClause) -> Callable[[Condition], Condition]:
    """What makes a condition on an entry one on a root row: true when at least one of its entries fulfils it.

    The foreign key of the table of entries says which entries are a row's: tenant and owner.
    """
    pairs = [(key.parent, key.column) for key in entries.foreign_keys if key.column.table is root]
    if not pairs:
        raise TypeError(f"{entries} has no foreign key to {root.name}")
    owned = [entry == owner for entry, owner in pairs]

    def quantify(condition: Condition) -> Condition:
        return select(literal(1)).select_from(entries).where(*owned, condition).correlate(root).exists()

    return quantify
