"""Column types: how each kind of field is stored.

Text compares by code point (`COLLATE "C"`), so that SQL and Python order alike and so that row-level security does not
keep PostgreSQL from using an index; enums are text and durations int8 for the same reason.
"""

from __future__ import annotations

from datetime import timedelta
from enum import Enum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.mutable import MutableDict, MutableList
from sqlalchemy.types import TypeEngine

from rapport_kit.codec.leaves import partial_date_from, partial_date_text
from rapport_kit.domain import PartialDate
from rapport_kit.schema.stored_json import dumper, loader
from rapport_kit.shape import Field, Kind

_MICROSECOND: Final = timedelta(microseconds=1)


def text() -> sa.Text:
    """Text that sorts and compares by code point."""
    return sa.Text(collation="C")


class EnumText(sa.TypeDecorator[Enum]):
    """A member as its value, which is text in lower case."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, python: type[Enum]) -> None:
        super().__init__(collation="C")
        self.python = python

    def process_bind_param(self, value: Enum | str | None, dialect: sa.Dialect) -> str | None:
        """A member, or its word as a filter gives it."""
        return None if value is None else self.python(value).value

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Enum | None:
        """The member of a stored word."""
        return None if value is None else self.python(value)


class PartialDateText(sa.TypeDecorator[PartialDate]):
    """`1980-02-29`; the year is 0000 when it is not known."""

    impl = sa.Text
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(collation="C")

    def process_bind_param(self, value: PartialDate | None, dialect: sa.Dialect) -> str | None:
        """The stored form of a day."""
        return None if value is None else partial_date_text(value)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> PartialDate | None:
        """The day of a stored form."""
        return None if value is None else partial_date_from(value)


class Microseconds(sa.TypeDecorator[timedelta]):
    """A duration as a count of microseconds."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: sa.Dialect) -> int | None:
        """How many microseconds."""
        return None if value is None else value // _MICROSECOND

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> timedelta | None:
        """The duration of so many microseconds."""
        return None if value is None else value * _MICROSECOND


class Json(sa.TypeDecorator[Any]):
    """What a field holds, as jsonb."""

    impl = JSONB
    cache_ok = True

    def __init__(self, field: Field) -> None:
        super().__init__(none_as_null=True)
        self.field = field
        self._dump, self._load = dumper(field), loader(field)

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        """What JSON can hold of it."""
        return self._dump(value)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Any:
        """The field's value again."""
        return self._load(value)


_LEAVES: Final[dict[Kind, TypeEngine[Any]]] = {
    Kind.INTEGER: sa.BigInteger(),
    Kind.BOOLEAN: sa.Boolean(),
    Kind.REAL: sa.Double(),
    Kind.BINARY: sa.LargeBinary(),
    Kind.IDENTITY: sa.Uuid(),
    Kind.INSTANT: sa.TIMESTAMP(timezone=True),
    Kind.DURATION: Microseconds(),
    Kind.DATE: sa.Date(),
    Kind.DECIMAL: sa.Numeric(),
    Kind.PARTIAL_DATE: PartialDateText(),
}


def column_type(field: Field) -> TypeEngine[Any]:
    """The type of the column that holds `field`, for every kind that takes one column.

    Lists and maps know when they are changed in place, through SQLAlchemy's mutable collections: an `append` is
    written as an assignment is. Value objects are frozen, so nothing inside them can change.
    """
    if field.kind is Kind.TEXT:
        return text()
    if field.kind is Kind.ENUM:
        return EnumText(field.python)
    if field.kind is Kind.LIST and field.python is list:
        return MutableList.as_mutable(Json(field))
    if field.kind is Kind.MAP:
        return MutableDict.as_mutable(Json(field))
    return Json(field) if field.stored_as_json else _LEAVES[field.kind]


_EMPTY: Final = {
    Kind.TEXT: "''",
    Kind.INTEGER: "0",
    Kind.BOOLEAN: "false",
    Kind.REAL: "0",
    Kind.LIST: "'[]'::jsonb",
    Kind.MAP: "'{}'::jsonb",
}


def server_default(field: Field) -> sa.TextClause | None:
    """The empty value, so that a column can be added while the previous version still writes."""
    return sa.text(_EMPTY[field.kind]) if field.kind in _EMPTY and not field.optional else None
