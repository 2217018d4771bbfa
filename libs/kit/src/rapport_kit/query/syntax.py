"""What a filter says before its fields are looked up: a tree of restrictions, each with its place in the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from rapport_kit.query.tree import Tree


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as written, escapes resolved; `stars` are the indexes in `text` of `*` that stand for anything.

    `first_star` is the position of the first of them in the filter.
    """

    text: str
    position: int
    quoted: bool = False
    stars: tuple[int, ...] = ()
    first_star: int = 0


@dataclass(frozen=True, slots=True)
class Restriction:
    """One `path operator value`; positions are characters of the filter, from 1."""

    path: str
    position: int
    operator: str
    operator_position: int
    value: Literal


Syntax: TypeAlias = Tree[Restriction]
