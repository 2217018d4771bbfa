"""Teams and the business units they are part of."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from rapport_kit.domain import Entity


@dataclass(kw_only=True, eq=False)
class BusinessUnit(Entity):
    """A part of the company; `UnitTree` holds the rules of the tree."""

    display_name: str
    parent_id: UUID | None = None


@dataclass(kw_only=True, eq=False)
class Team(Entity):
    """People who work on the same records."""

    display_name: str
    business_unit_id: UUID | None = None
    description: str = ""
