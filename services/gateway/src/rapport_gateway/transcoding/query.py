"""Query parameters and path variables → fields of the request message."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from rapport_kit.protojson import Decoders, Malformed, Wrong, wellknown
from rapport_kit.protojson.malformed import MOST_WRONGS
from rapport_kit.protojson.scalars import INTEGER

DEEPEST = 5
"""Nested messages are reachable by dotted names to this depth; a type that holds itself would never end."""
MOST_PARAMETERS = 2_000
_REAL = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One field that a query or a path may set."""

    path: tuple[str, ...]
    """Names of the fields from the request down."""
    field: FieldDescriptor
    convert: Callable[[str], Any]
    """From the text to what the JSON decoder of the field reads, or would have read."""
    put: Callable[[Any, Any], None]

    @property
    def name(self) -> str:
        """The dotted path in the proto's spelling."""
        return ".".join(self.path)

    @property
    def json_name(self) -> str:
        """The dotted path as documented: `pageSize`."""
        return ".".join([*map(wellknown.camel, self.path[:-1]), self.field.json_name])

    def set(self, message: Any, text: str) -> None:
        """Puts one value in, or appends it when the field is repeated."""
        target = message
        for step in self.path[:-1]:
            target = getattr(target, step)
        try:
            self.put(target, self.convert(text))
        except Malformed as fault:
            # The entry's place in its list is noise here: the parameter is named once per value.
            raise Malformed(*(Wrong(self.name, wrong.reason, wrong.message) for wrong in fault.wrongs)) from None


def parameters(descriptor: Descriptor, decoders: Decoders) -> list[Parameter]:
    """Every field of the message that text can set, nested ones by their dotted path."""
    return list(_below(descriptor, (), decoders))


def _below(descriptor: Descriptor, above: tuple[str, ...], decoders: Decoders) -> Iterable[Parameter]:
    for field in descriptor.fields:
        kind = field.message_type
        path = (*above, field.name)
        if kind is None or kind.full_name in wellknown.DECODE or kind.full_name in wellknown.WRAPPERS:
            put = decoders.field(field)
            yield Parameter(path, field, _reader(field), _append(put) if field.is_repeated else put)
        elif not field.is_repeated and len(path) < DEEPEST:
            yield from _below(kind, path, decoders)


def _append(put: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    return lambda message, value: put(message, [value])


def _reader(field: FieldDescriptor) -> Callable[[str], Any]:
    """Text → the JSON value that means the same; what cannot be read stays text, for the decoder to refuse."""
    if field.message_type is not None and field.message_type.full_name in wellknown.WRAPPERS:
        field = field.message_type.fields_by_name["value"]
    match field.cpp_type:
        case FieldDescriptor.CPPTYPE_BOOL:
            return lambda text: {"true": True, "false": False}.get(text, text)
        case FieldDescriptor.CPPTYPE_INT32 | FieldDescriptor.CPPTYPE_UINT32:
            return lambda text: int(text) if INTEGER.fullmatch(text) else text
        case FieldDescriptor.CPPTYPE_DOUBLE | FieldDescriptor.CPPTYPE_FLOAT:
            return lambda text: float(text) if _REAL.fullmatch(text) else text
        case _:
            return str


class QueryReader:
    """Reads the query of one RPC; a name it does not know is a fault."""

    def __init__(self, accepted: Iterable[Parameter]) -> None:
        self.parameters = tuple(accepted)
        self._by_name = {name: one for one in self.parameters for name in (one.name, one.json_name)}

    def read(self, message: Message, query: bytes) -> None:
        """Puts every parameter into `message`; raises `Malformed` with all faults."""
        wrongs: list[Wrong] = []
        seen: set[str] = set()
        for name, text in _pairs(query):
            one = self._by_name.get(name)
            if one is None:
                wrongs.append(Wrong(name, "UNKNOWN_PARAMETER", "no such query parameter"))
            elif one.name in seen and not one.field.is_repeated:
                wrongs.append(Wrong(one.name, "GIVEN_TWICE", "given more than once"))
            else:
                seen.add(one.name)
                try:
                    one.set(message, text)
                except Malformed as fault:
                    wrongs += fault.wrongs
        if wrongs:
            raise Malformed(*wrongs[:MOST_WRONGS])


def _pairs(query: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except UnicodeDecodeError:
        raise Malformed(Wrong("query", "WRONG_FORMAT", "expected percent-encoded UTF-8")) from None
    except ValueError:
        raise Malformed(Wrong("query", "TOO_MANY", f"at most {MOST_PARAMETERS} parameters")) from None
