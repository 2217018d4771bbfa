"""Reads what a variable says by the type of the field that it is for.

Types are texts, numbers, truths, paths, literals, or an optional one of these; `Annotated` adds calls that return the
value, or what it stands for, or raise ValueError with a text that does not repeat it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin


@dataclass(frozen=True, slots=True)
class Within:
    """What a number may be: `at_least` or `above` something, and `at_most` something."""

    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None

    def __call__(self, number: float) -> float:
        """The number itself."""
        if self.at_least is not None and not number >= self.at_least:
            raise ValueError(f"must be greater than or equal to {self.at_least}")
        if self.above is not None and not number > self.above:
            raise ValueError(f"must be greater than {self.above}")
        if self.at_most is not None and not number <= self.at_most:
            raise ValueError(f"must be less than or equal to {self.at_most}")
        return number


def value_of(kind: Any, text: str) -> Any:
    """What a text says for a field of a type; ValueError says what is wrong with it."""
    origin = get_origin(kind)
    if origin is Annotated:
        kind, *checks = get_args(kind)
        value = value_of(kind, text)
        for check in checks:
            value = check(value)
        return value
    if origin in (Union, UnionType):
        return value_of(next(each for each in get_args(kind) if each is not NoneType), text)
    if origin is Literal and text not in get_args(kind):
        *others, last = map(repr, get_args(kind))
        raise ValueError(f"must be {', '.join(others)} or {last}")
    return _READERS.get(kind, str)(text)


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError("must be a whole number") from None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError("must be a number") from None


def _truth(text: str) -> bool:
    said = text.lower()
    if said not in _WORDS:
        raise ValueError("must be true or false")
    return _WORDS[said]


_WORDS: Final = dict.fromkeys(("1", "true", "t", "yes", "y", "on"), True) | dict.fromkeys(
    ("0", "false", "f", "no", "n", "off"), False
)
_READERS: Final[Mapping[type, Callable[[str], Any]]] = {int: _whole, float: _number, bool: _truth, Path: Path}
"""How types are read that are not text; what else a field is, its own check makes of the text."""
