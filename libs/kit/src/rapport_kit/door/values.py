"""From what is typed or stands in a file to a message, with the field or the line of every fault."""

from __future__ import annotations

from collections.abc import Iterable

import orjson
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from rapport_kit.errors import Invalid, Violation
from rapport_kit.protojson import Decoders, Malformed, Wrong
from rapport_kit.protojson.names import name_given_twice

_DECODERS = Decoders()


def typed(descriptor: Descriptor, values: Iterable[tuple[str, str]]) -> Message:
    """A message of fields and what was typed for them: JSON, or else a text.

    Raises:
        Invalid: a field is unknown or wants something else; the error says what.
    """
    try:
        return _filled(descriptor, {name: _value(descriptor, name, text) for name, text in values})
    except Malformed as fault:
        wrongs = [_with_choice(descriptor, wrong) for wrong in fault.wrongs]
        raise _invalid(Malformed(*wrongs)) from fault


def line_of_file(descriptor: Descriptor, number: int, line: bytes) -> Message:
    """The message that a line holds as a JSON object.

    Raises:
        Invalid: it holds something else; the error begins with the number of the line.
    """
    try:
        return _filled(descriptor, _json(line))
    except Malformed as fault:
        raise _invalid(fault, f"line {number}: ") from fault


def _filled(descriptor: Descriptor, value: object) -> Message:
    message = GetMessageClass(descriptor)()
    _DECODERS.of(descriptor)(message, value)
    return message


def _json(line: bytes) -> object:
    try:
        text = line.decode()
        value = orjson.loads(text)
    except UnicodeDecodeError as error:
        raise Malformed(Wrong("", "NOT_UTF_8", f"byte {error.start + 1} is not UTF-8")) from error
    except orjson.JSONDecodeError as error:
        raise Malformed(Wrong("", "INVALID_JSON", f"no JSON: {error.msg} at character {error.colno}")) from error
    if twice := name_given_twice(line, value):
        raise Malformed(Wrong(twice, "GIVEN_TWICE", "given twice"))
    return value


def _value(descriptor: Descriptor, name: str, text: str) -> object:
    """What a field is given. A text needs no quotes, whatever it looks like; null takes a value away from any field."""
    try:
        value: object = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    field = _field(descriptor, name)
    if field is not None and _is_text(field) and value is not None and not isinstance(value, str):
        return text
    return value


def _field(descriptor: Descriptor, name: str) -> FieldDescriptor | None:
    return next((field for field in descriptor.fields if name in (field.name, field.json_name)), None)


def _is_text(field: FieldDescriptor) -> bool:
    return field.type == FieldDescriptor.TYPE_STRING and not field.is_repeated


def _with_choice(descriptor: Descriptor, wrong: Wrong) -> Wrong:
    """The fault, and of a field that is unknown or an object, the names that there are."""
    field = _field(descriptor, wrong.field)
    inner = field.message_type if field is not None else None
    if wrong.reason == "UNKNOWN_FIELD" and "." not in wrong.field:
        return Wrong(wrong.field, wrong.reason, f"{wrong.message}; there are {_names(descriptor)}")
    if wrong.message == "expected an object" and inner is not None and not inner.GetOptions().map_entry:
        return Wrong(wrong.field, wrong.reason, f"{wrong.message} with {_names(inner)}")
    return wrong


def _names(descriptor: Descriptor) -> str:
    return ", ".join(field.name for field in descriptor.fields)


def _invalid(fault: Malformed, where: str = "") -> Invalid:
    told = "; ".join(f"{wrong.field}: {wrong.message}" if wrong.field else wrong.message for wrong in fault.wrongs)
    violations = [Violation(wrong.field, wrong.reason, wrong.message) for wrong in fault.wrongs]
    return Invalid(violations[0].reason, f"{where}{told}", violations=violations)
