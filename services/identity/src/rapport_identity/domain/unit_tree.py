"""The tree of business units: acyclic, of bounded depth, and the reach of its parts."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from rapport_kit.errors import Refused

MOST_LEVELS = 20


class UnitTree:
    """Every business unit of a tenant with its parent; `parents` maps a unit to the one it belongs to, or None."""

    def __init__(self, parents: Mapping[UUID, UUID | None]) -> None:
        self._parents = dict(parents)
        self._children: dict[UUID, list[UUID]] = {}
        for unit, parent in self._parents.items():
            if parent is not None:
                self._children.setdefault(parent, []).append(unit)

    def check_move(self, unit: UUID, parent: UUID | None) -> None:
        """Refuse to hang `unit`, with all below it, under `parent` if that made a cycle or more than 20 levels."""
        above = self._ancestors(parent)
        if unit in above:
            raise Refused("BUSINESS_UNIT_CYCLE", "a business unit cannot be below itself", id=unit)
        if len(above) + self._height(unit) > MOST_LEVELS:
            raise Refused("BUSINESS_UNIT_DEPTH", f"the tree has at most {MOST_LEVELS} levels", id=unit)

    def below(self, unit: UUID) -> frozenset[UUID]:
        """`unit` and every unit below it."""
        found, open_ = {unit}, [unit]
        while open_:
            for child in self._children.get(open_.pop(), ()):
                if child not in found:
                    found.add(child)
                    open_.append(child)
        return frozenset(found)

    def _ancestors(self, unit: UUID | None) -> list[UUID]:
        """`unit` and what is above it, the nearest first."""
        path: list[UUID] = []
        while unit is not None and unit not in path:
            path.append(unit)
            unit = self._parents.get(unit)
        return path

    def _height(self, unit: UUID) -> int:
        """Levels from `unit` down, itself included."""
        height, level = 0, [unit]
        while level and height <= MOST_LEVELS:
            height, level = height + 1, [child for each in level for child in self._children.get(each, ())]
        return height
