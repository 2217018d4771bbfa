"""Who is what to whom: directed, typed, and read from either end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from rapport_kit.domain import Entity
from rapport_kit.errors import Invalid


class RelationType(StrEnum):
    """What somebody is to somebody."""

    EMPLOYEE = "employee"
    EMPLOYER = "employer"
    DECISION_MAKER = "decision_maker"
    PRINCIPAL = "principal"
    ADVISER = "adviser"
    CLIENT = "client"
    SPOUSE = "spouse"
    PARENT = "parent"
    CHILD = "child"
    SIBLING = "sibling"
    REPORT = "report"
    MANAGER = "manager"
    HOUSEHOLD_MEMBER = "household_member"
    HOUSEHOLD = "household"

    def inverse(self, *, between_people: bool) -> RelationType:
        """What the other is in turn; people of one household are its members alike."""
        if self is RelationType.HOUSEHOLD_MEMBER and between_people:
            return self
        return _INVERSE[self]


_PAIRS = (
    (RelationType.EMPLOYEE, RelationType.EMPLOYER),
    (RelationType.DECISION_MAKER, RelationType.PRINCIPAL),
    (RelationType.ADVISER, RelationType.CLIENT),
    (RelationType.SPOUSE, RelationType.SPOUSE),
    (RelationType.PARENT, RelationType.CHILD),
    (RelationType.SIBLING, RelationType.SIBLING),
    (RelationType.REPORT, RelationType.MANAGER),
    (RelationType.HOUSEHOLD_MEMBER, RelationType.HOUSEHOLD),
)
_INVERSE = {one: other for pair in _PAIRS for one, other in (pair, pair[::-1])}

TO_ORGANISATIONS = frozenset(
    {
        RelationType.EMPLOYEE,
        RelationType.DECISION_MAKER,
        RelationType.ADVISER,
        RelationType.CLIENT,
        RelationType.HOUSEHOLD_MEMBER,
    }
)
"""What a person can be to an organisation; to another person everything but a household."""


@dataclass(kw_only=True, eq=False)
class Relation(Entity):
    """What a person is to an organisation or to another person (CON-08)."""

    person_id: UUID
    to_person_id: UUID | None = None
    to_organisation_id: UUID | None = None
    type: RelationType
    title: str = ""
    start_date: date | None = None
    end_date: date | None = None
    strength: int = 0
    note: str = ""

    def settle(self) -> None:
        """Check that both ends fit the type, and that it does not end before it begins.

        Raises:
            Invalid: they do not, or the strength is none.
        """
        if (self.to_person_id is None) == (self.to_organisation_id is None):
            raise Invalid.field("to_person_id", "ONE_TARGET", "exactly one of it and to_organisation_id must be set")
        if self.to_person_id == self.person_id:
            raise Invalid.field("to_person_id", "SAME_PERSON", "must be another person")
        fits = self.type in TO_ORGANISATIONS if self.to_organisation_id else self.type is not RelationType.HOUSEHOLD
        if not fits:
            other = "an organisation" if self.to_organisation_id else "another person"
            raise Invalid.field("type", "INVALID_TYPE", f"is nothing that a person can be to {other}")
        if self.start_date and self.end_date and self.end_date < self.start_date:
            raise Invalid.field("end_date", "INVALID_RANGE", "must not lie before start_date")
        if not 0 <= self.strength <= 100:
            raise Invalid.field("strength", "OUT_OF_RANGE", "must be from 0 to 100")

    def role_of_other(self, asked: UUID) -> RelationType:
        """What the other end is to the end `asked`."""
        between_people = self.to_person_id is not None
        return self.type.inverse(between_people=between_people) if asked == self.person_id else self.type
