"""Compiles domain objects, and rows, into messages.

Reads are the hot path of the suite: fifty people with their channels pass through here for each page. So the
converters are generated as source, the way `dataclasses` generates `__init__`: one call of the message's
constructor with every field in place.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection
from datetime import datetime
from enum import Enum
from typing import Any, Final

import orjson
from google.protobuf.message import Message

from rapport_kit.annotations import enum_of, enum_words
from rapport_kit.codec import leaves
from rapport_kit.codec.link import Link, Pair
from rapport_kit.shape import Field, Kind


class Form(Enum):
    """Where a value is read from."""

    OBJECT = "a domain object"
    COLUMN = "a column of a row"
    JSON = "stored JSON"


Convert = Callable[[Any], Any]

# What a leaf needs beyond being taken as it is. Identities are selected as text, amounts as two columns.
_LEAVES: Final[dict[Form, dict[Kind, Convert]]] = {
    Form.OBJECT: {
        Kind.IDENTITY: str,
        Kind.INSTANT: leaves.instant_out,
        Kind.DURATION: leaves.duration_out,
        Kind.DATE: leaves.date_out,
        Kind.PARTIAL_DATE: leaves.date_out,
        Kind.DECIMAL: leaves.decimal_out,
        Kind.MONEY: leaves.money_out,
    },
    Form.COLUMN: {
        Kind.INSTANT: leaves.instant_out,
        Kind.DURATION: leaves.microseconds_out,
        Kind.DATE: leaves.date_out,
        Kind.PARTIAL_DATE: leaves.date_text_out,
        Kind.DECIMAL: leaves.decimal_out,
    },
    Form.JSON: {
        Kind.REAL: float,
        Kind.BINARY: base64.b64decode,
        Kind.INSTANT: lambda value: leaves.instant_out(datetime.fromisoformat(value)),
        Kind.DURATION: leaves.microseconds_out,
        Kind.DATE: leaves.date_text_out,
        Kind.PARTIAL_DATE: leaves.date_text_out,
        Kind.DECIMAL: leaves.decimal_out,
        Kind.MONEY: lambda value: leaves.amount_out(value["minor"], value["currency"]),
    },
}


class Writer:
    """Generates the functions that turn one kind of thing, and all that it holds, into constructor arguments."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {"loads": orjson.loads, "amount": leaves.amount_out}

    def encoder(self, link: Link, message: type[Message]) -> Callable[[Any], Message]:
        """`entity -> message`, its etag included."""
        arguments = [_keyword(*self._entry(pair, f"e.{pair.field.name}", Form.OBJECT)) for pair in link.pairs]
        return self._function("e", self._construct(link, message, arguments, "e.version"))

    def row_encoder(
        self, link: Link, message: type[Message], sensitive: Collection[str] = ()
    ) -> Callable[[Any], Message]:
        """`row -> message` for rows as `Schema.read` selects them: by place, further columns may follow.

        Sensitive fields have no columns of their own, and are left out.
        """
        pairs = {pair.field.name: pair for pair in link.pairs}
        places: list[str] = []
        parsing: list[str] = []
        arguments: list[str] = []
        version = ""
        for field in link.shape.visible:
            if field.name in sensitive:
                continue
            place = f"c{len(places)}"
            places.append(place)
            if field.kind is Kind.MONEY:
                places.append(f"c{len(places)}")
                arguments.append(f"{field.name}=None if {place} is None else amount({place}, {places[-1]})")
            elif field.name == "version":
                version = place
            elif field.stored_as_json:
                worth_parsing = f"{place} is not None" if field.item is None else f"{place} and len({place}) > 2"
                parsing.append(f"{place} = loads({place}) if {worth_parsing} else None")
                arguments.append(_keyword(*self._entry(pairs[field.name], place, Form.JSON)))
            else:
                arguments.append(_keyword(*self._entry(pairs[field.name], place, Form.COLUMN)))
        construct = self._construct(link, message, arguments, version)
        return self._function("row", f"{', '.join(places)}, *_ = row", *parsing, construct)

    def dictionary(self, link: Link, form: Form) -> Callable[[Any], dict[str, Any]]:
        """`object or JSON -> constructor arguments`."""
        parts = [self._entry(pair, self._part(pair.field, link, form), form) for pair in link.pairs]
        entries = [f"{name!r}: {value}" if name else f"**{value}" for name, value in parts]
        return self._function("v", f"{{{', '.join(entries)}}}")

    def _construct(self, link: Link, message: type[Message], arguments: list[str], version: str) -> str:
        if "etag" in link.descriptor.fields_by_name:
            arguments = [*arguments, f"etag='\"%d\"' % {version}"]
        return f"{self._name(message)}({', '.join(arguments)})"

    def _part(self, field: Field, link: Link, form: Form) -> str:
        """Where a part of a dataclass is: stored owned entities are arrays in order of their fields, values objects."""
        if form is Form.OBJECT:
            return f"v.{field.name}"
        return f"v[{link.shape.visible.index(field)}]" if link.shape.owned else f"v.get({field.name!r})"

    def _entry(self, pair: Pair, source: str, form: Form) -> tuple[str, str]:
        """One argument's name and expression; for a oneof no name, and a dict of the member that is set."""
        if pair.field.kind is Kind.UNION:
            return "", f"{self._name(self._union(pair, form))}({source})"
        return pair.wire.name, self._expression(pair, source, form)

    def _expression(self, pair: Pair, source: str, form: Form) -> str:
        field = pair.field
        if field.item is None:
            return self._one(field, pair, source, form)
        item = self._one(field.item, pair, "x", form)
        if item == "x":
            return source
        guard = f" if {source} else None"
        if field.kind is Kind.MAP:
            return f"{{k: {item} for k, x in {source}.items()}}{guard}"
        return f"[{item} for x in {source}]{guard}"

    def _one(self, field: Field, pair: Pair, source: str, form: Form) -> str:
        """The expression for one value that is no collection."""
        if field.kind is Kind.ENUM:
            return f"{self._name(self._numbers(field, pair, form))}[{source}]"
        convert = self.dictionary(pair.links[0], form) if field.shape is not None else _LEAVES[form].get(field.kind)
        if convert is None:
            return source
        call = f"{self._name(convert)}({source})"
        may_be_none = field.optional or (form is Form.JSON and field is pair.field)
        return f"None if {source} is None else {call}" if may_be_none else call

    def _numbers(self, field: Field, pair: Pair, form: Form) -> dict[Any, int]:
        """The number of each member, by member or by stored word; None is UNSPECIFIED."""
        words: dict[Any, int] = dict(enum_words(enum_of(pair.carrier)))
        members: Any = field.python
        if form is Form.OBJECT:
            words = {member: words[member.value] for member in members}
        return {None: 0, **words}

    def _union(self, pair: Pair, form: Form) -> Callable[[Any], dict[str, Any]]:
        """The member that is set, under its name in the message."""
        parts = [
            (member, wire.name, self.dictionary(link, form))
            for member, wire, link in zip(pair.field.members, pair.wires, pair.links, strict=True)
        ]
        by_class = {member.python: (name, write) for member, name, write in parts}
        by_name = {member.name: (name, write) for member, name, write in parts}

        def of_object(value: Any) -> dict[str, Any]:
            if value is None:
                return {}
            name, write = by_class[type(value)]
            return {name: write(value)}

        def of_json(value: Any) -> dict[str, Any]:
            if value is None:
                return {}
            ((kind, content),) = value.items()
            name, write = by_name[kind]
            return {name: write(content)}

        return of_object if form is Form.OBJECT else of_json

    def _name(self, value: Any) -> str:
        """A name for `value` in the generated code."""
        name = f"n{len(self.names)}"
        self.names[name] = value
        return name

    def _function(self, parameter: str, *lines: str) -> Callable[[Any], Any]:
        *before, result = lines
        body = "".join(f"    {line}\n" for line in (*before, f"return {result}"))
        namespace = dict(self.names)
        exec(f"def convert({parameter}):\n{body}", namespace)  # noqa: S102 - of our own identifiers, at import
        convert: Callable[[Any], Any] = namespace["convert"]
        return convert


def _keyword(name: str, value: str) -> str:
    return f"{name}={value}" if name else f"**{value}"
