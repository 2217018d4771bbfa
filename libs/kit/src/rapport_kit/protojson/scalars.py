"""One JSON value → one scalar of a field, with a sentence about what was expected."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any

from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor

from rapport_kit.protojson.malformed import Malformed

Convert = Callable[[Any], Any]

LONG = frozenset({FieldDescriptor.CPPTYPE_INT64, FieldDescriptor.CPPTYPE_UINT64})
RANGES = {
    FieldDescriptor.CPPTYPE_INT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_UINT32: (0, 2**32 - 1),
    FieldDescriptor.CPPTYPE_INT64: (-(2**63), 2**63 - 1),
    FieldDescriptor.CPPTYPE_UINT64: (0, 2**64 - 1),
}
MOST_SINGLE = 3.4028234663852886e38
SPECIAL = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
INTEGER = re.compile(r"-?\d{1,20}", re.ASCII)


def converter(field: FieldDescriptor) -> Convert:
    """How one value of this field is read; messages are not scalars."""
    if field.enum_type is not None:
        return enum(field.enum_type)
    match field.cpp_type:
        case FieldDescriptor.CPPTYPE_STRING:
            return data if field.type == FieldDescriptor.TYPE_BYTES else text
        case FieldDescriptor.CPPTYPE_BOOL:
            return flag
        case FieldDescriptor.CPPTYPE_DOUBLE:
            return double
        case FieldDescriptor.CPPTYPE_FLOAT:
            return single
        case kind:
            return integer(*RANGES[kind], as_text=kind in LONG)


def text(value: object) -> str:
    """A string."""
    if type(value) is not str:
        raise Malformed.expected("a string")
    return value


def flag(value: object) -> bool:
    """A boolean."""
    if type(value) is not bool:
        raise Malformed.expected("true or false")
    return value


def data(value: object) -> bytes:
    """Bytes in base64, of either alphabet, with or without padding."""
    if type(value) is not str:
        raise Malformed.expected("base64")
    plain = value.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise Malformed.expected("base64", "WRONG_FORMAT") from None


def integer(least: int, most: int, *, as_text: bool) -> Convert:
    """A whole number in a range; 64-bit ones are also read from strings, since JavaScript would round them."""

    def convert(value: object) -> int:
        if type(value) is int:
            number = value
        elif (type(value) is float and value.is_integer()) or (
            as_text and type(value) is str and INTEGER.fullmatch(value)
        ):
            number = int(value)
        else:
            raise Malformed.expected("an integer")
        if not least <= number <= most:
            raise Malformed.expected(f"an integer between {least} and {most}", "OUT_OF_RANGE")
        return number

    return convert


def double(value: object) -> float:
    """A number, or the name of one that JSON lacks."""
    if type(value) is float or type(value) is int:
        return float(value)
    if type(value) is str and value in SPECIAL:
        return SPECIAL[value]
    raise Malformed.expected("a number")


def single(value: object) -> float:
    """A number that fits into 32 bits."""
    number = double(value)
    if MOST_SINGLE < abs(number) < float("inf"):
        raise Malformed.expected("a number of single precision", "OUT_OF_RANGE")
    return number


def enum(descriptor: EnumDescriptor) -> Convert:
    """One of an enum's names."""
    numbers = {name: entry.number for name, entry in descriptor.values_by_name.items()}
    known = ", ".join(numbers)

    def convert(value: object) -> int:
        if type(value) is str and value in numbers:
            return numbers[value]
        raise Malformed.expected(f"one of {known}", "UNKNOWN_VALUE")

    return convert
