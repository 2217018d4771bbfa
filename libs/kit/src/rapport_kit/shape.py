"""What a domain dataclass says about its fields: one analysis that the codec and the schema both derive from."""

from __future__ import annotations

import dataclasses
import types
import typing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum, auto
from typing import Any, Final
from uuid import UUID

from rapport_kit.domain import Money, Owned, PartialDate

NO_DEFAULT: Final = object()
"""The default of a field that has none."""

FRAME_FIELDS: Final = frozenset({"version", "sequence"})
"""Fields of every entity that the frame keeps for itself; the wire shows the version as `etag`."""


class Kind(Enum):
    """What a field holds, and so how it travels and how it is stored."""

    TEXT = auto()
    INTEGER = auto()
    BOOLEAN = auto()
    REAL = auto()
    BINARY = auto()
    IDENTITY = auto()
    INSTANT = auto()
    DURATION = auto()
    DATE = auto()
    PARTIAL_DATE = auto()
    DECIMAL = auto()
    MONEY = auto()
    ENUM = auto()
    VALUE = auto()
    UNION = auto()
    OWNED = auto()
    LIST = auto()
    MAP = auto()


_LEAVES: Final[dict[type, Kind]] = {
    str: Kind.TEXT,
    int: Kind.INTEGER,
    bool: Kind.BOOLEAN,
    float: Kind.REAL,
    bytes: Kind.BINARY,
    UUID: Kind.IDENTITY,
    datetime: Kind.INSTANT,
    timedelta: Kind.DURATION,
    date: Kind.DATE,
    PartialDate: Kind.PARTIAL_DATE,
    Decimal: Kind.DECIMAL,
    Money: Kind.MONEY,
}


@dataclass(frozen=True, eq=False)
class Field:
    """One field. `python` is its class (for a list: list or tuple); `item` is what a list or map holds.

    `shape` describes a value object or an owned entity, `members` the classes of a union. `default` is
    the dataclass's default or its factory. A `hidden` field is stored but never leaves the service.
    """

    name: str
    kind: Kind
    python: type
    optional: bool = False
    default: Any = NO_DEFAULT
    hidden: bool = False
    item: Field | None = None
    shape: Shape | None = None
    members: tuple[Shape, ...] = ()

    @property
    def holds_owned(self) -> bool:
        """Whether this is a collection of owned entities, which has a table of its own."""
        return self.item is not None and self.item.kind is Kind.OWNED

    @property
    def stored_as_json(self) -> bool:
        """Whether a row carries it as JSON; the rest have columns."""
        return self.kind in (Kind.LIST, Kind.MAP, Kind.VALUE, Kind.UNION)


@dataclass(frozen=True, eq=False)
class Shape:
    """A dataclass, field by field."""

    python: type
    fields: tuple[Field, ...]

    @property
    def name(self) -> str:
        """The class's own name."""
        return self.python.__name__

    @property
    def owned(self) -> bool:
        """Whether this is an owned entity: a part of an aggregate with an identity inside it."""
        return issubclass(self.python, Owned)

    @property
    def visible(self) -> tuple[Field, ...]:
        """The fields that a reader of the resource gets, in the order in which rows carry them.

        The version is among them, as the etag.
        """
        return tuple(field for field in self.fields if not field.hidden and field.name != "sequence")


def shape_of(python: type) -> Shape:
    """The analysis of a dataclass, made once.

    Raises:
        TypeError: it is none, or a field has a type that neither the wire nor a table can hold.
    """
    if python not in _shapes:
        _shapes[python] = _analysed(python)
    return _shapes[python]


_shapes: Final[dict[type, Shape]] = {}


def _analysed(python: type) -> Shape:
    if not dataclasses.is_dataclass(python):
        raise TypeError(f"{python.__name__} is not a dataclass")
    hints = typing.get_type_hints(python)
    return Shape(python, tuple(_declared(python, field, hints[field.name]) for field in dataclasses.fields(python)))


def _declared(owner: type, declared: dataclasses.Field[Any], hint: Any) -> Field:
    """The field as declared, its default and marks included: `field(metadata={"hidden": True})`."""
    analysed = _field(owner, declared.name, hint)
    given = [value for value in (declared.default, declared.default_factory) if value is not dataclasses.MISSING]
    default = given[0] if given else NO_DEFAULT
    return dataclasses.replace(analysed, default=default, hidden=bool(declared.metadata.get("hidden")))


def _field(owner: type, name: str, hint: Any) -> Field:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        members = [member for member in typing.get_args(hint) if member is not types.NoneType]
        optional = len(members) < len(typing.get_args(hint))
        if len(members) > 1:
            return Field(name, Kind.UNION, object, optional, members=_union(owner, name, members))
        return dataclasses.replace(_field(owner, name, members[0]), optional=optional)
    if (origin := typing.get_origin(hint)) in (list, tuple, dict):
        return _container(owner, name, origin, typing.get_args(hint))
    if hint in _LEAVES:
        return Field(name, _LEAVES[hint], hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return Field(name, Kind.ENUM, _checked_enum(hint))
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return Field(name, Kind.OWNED if issubclass(hint, Owned) else Kind.VALUE, hint, shape=shape_of(hint))
    raise _unsupported(owner, name, f"{hint} has no form on the wire or in a table")


def _container(owner: type, name: str, origin: type, arguments: tuple[Any, ...]) -> Field:
    if origin is tuple and arguments[1:] != (Ellipsis,):
        raise _unsupported(owner, name, "a tuple must be tuple[X, ...]")
    if origin is dict and arguments[0] is not str:
        raise _unsupported(owner, name, "the keys of a map are text")
    item = _field(owner, name, arguments[1 if origin is dict else 0])
    if item.optional or item.kind in (Kind.LIST, Kind.MAP, Kind.UNION):
        raise _unsupported(owner, name, "a collection holds plain values or dataclasses")
    if item.kind is Kind.OWNED and origin is not list:
        raise _unsupported(owner, name, "owned entities are kept in a list")
    return Field(name, Kind.MAP if origin is dict else Kind.LIST, origin, item=item)


def _union(owner: type, name: str, members: list[Any]) -> tuple[Shape, ...]:
    if not all(isinstance(member, type) and dataclasses.is_dataclass(member) for member in members):
        raise _unsupported(owner, name, "the members of a union are dataclasses")
    return tuple(shape_of(member) for member in members)


def _checked_enum(python: type[Enum]) -> type[Enum]:
    for member in python:
        if not isinstance(member.value, str) or member.value != member.value.lower():
            raise TypeError(f"{python.__name__}.{member.name}: the value is stored, and must be text in lower case")
    return python


def _unsupported(owner: type, name: str, why: str) -> TypeError:
    return TypeError(f"{owner.__name__}.{name}: {why}")
