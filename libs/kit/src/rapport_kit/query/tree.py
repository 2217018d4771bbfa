"""The shape that a filter has before and after its fields are known: leaves under AND, OR and NOT."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

Leaf = TypeVar("Leaf")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Not(Generic[Leaf]):
    """True where its part is false; unknown where that is unknown."""

    part: Tree[Leaf]


@dataclass(frozen=True, slots=True)
class Every(Generic[Leaf]):
    """All parts hold (AND)."""

    parts: tuple[Tree[Leaf], ...]


@dataclass(frozen=True, slots=True)
class Some(Generic[Leaf]):
    """At least one part holds (OR)."""

    parts: tuple[Tree[Leaf], ...]


Tree: TypeAlias = Leaf | Not[Leaf] | Every[Leaf] | Some[Leaf]


@dataclass(frozen=True, slots=True)
class Fold(Generic[Leaf, Result]):
    """One meaning of a tree: what a leaf is, and what each connective makes of its parts."""

    leaf: Callable[[Leaf], Result]
    negate: Callable[[Result], Result]
    every: Callable[[Sequence[Result]], Result]
    some: Callable[[Sequence[Result]], Result]

    def __call__(self, tree: Tree[Leaf]) -> Result:
        """Work from the leaves up. The parser bounds the depth, so recursion is safe."""
        match tree:
            case Not(part):
                return self.negate(self(part))
            case Every(parts):
                return self.every([self(part) for part in parts])
            case Some(parts):
                return self.some([self(part) for part in parts])
            case leaf:
                return self.leaf(leaf)
