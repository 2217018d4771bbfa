"""The families of people, as far as they told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from rapport_kit.domain import Entity, PartialDate


class FamilyRole(StrEnum):
    """What a family member is to somebody."""

    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    SIBLING = "sibling"
    GRANDPARENT = "grandparent"
    GRANDCHILD = "grandchild"
    OTHER = "other"


@dataclass(kw_only=True, eq=False)
class FamilyMember(Entity):
    """Somebody of a person's family who is no record of the company's own (CON-05)."""

    person_id: UUID
    role: FamilyRole
    display_name: str = ""
    birth_date: PartialDate | None = None
    note: str = ""
