"""Groups that customers belong to, and members who may be won as customers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from rapport_contact.domain.contacting import ContactChannel, ContactReason, Purpose
from rapport_contact.domain.customer import AboutCustomer
from rapport_contact.domain.display_name import settle_name
from rapport_contact.domain.person import LifecycleStage
from rapport_contact.domain.reach import Reach
from rapport_kit.domain import Entity
from rapport_kit.errors import Invalid

CUSTOMERS = frozenset({LifecycleStage.CUSTOMER, LifecycleStage.EVANGELIST})
"""The stages of those who are customers; a former customer may be won back."""


class GroupKind(StrEnum):
    """What a group is."""

    CLUB = "club"
    ASSOCIATION = "association"
    SCHOOL = "school"
    PARTNER_PROGRAMME = "partner_programme"


@dataclass(kw_only=True, eq=False)
class Group(Entity):
    """A club, an association, a school or a partner programme (CON-07)."""

    display_name: str
    kind: GroupKind

    def settle(self) -> None:
        """Check the name; raises Invalid when it is blank."""
        settle_name(self)


@dataclass(kw_only=True, eq=False)
class GroupMembership(AboutCustomer, Entity):
    """That a person or an organisation belongs to a group, from its first day to its last (CON-07)."""

    group_id: UUID
    role: str = ""
    start_date: date | None = None
    end_date: date | None = None

    def settle(self) -> None:
        """Check the member, and that the membership does not end before it begins.

        Raises:
            Invalid: one of them is not so.
        """
        if (self.person_id is None) == (self.organisation_id is None):
            raise Invalid.field("person_id", "ONE_MEMBER", "exactly one of it and organisation_id must be set")
        if self.start_date and self.end_date and self.end_date < self.start_date:
            raise Invalid.field("end_date", "INVALID_RANGE", "must not lie before start_date")


@dataclass(frozen=True, slots=True)
class GroupProspect:
    """A member who is no customer yet: how to contact them, or why they are to be skipped."""

    person_id: UUID
    display_name: str
    lifecycle_stage: LifecycleStage
    channel: ContactChannel | None = None
    skip_reason: ContactReason | None = None


def approach(
    reach: Reach, purpose: Purpose, channels: Iterable[ContactChannel], at: datetime
) -> tuple[ContactChannel | None, ContactReason | None]:
    """The first of `channels` by which somebody may be contacted; or none, and what stands in the way of the first."""
    verdicts = [reach.check(purpose, channel, at) for channel in channels]
    usable = next((each.channel for each in verdicts if each.usable), None)
    return (usable, None) if usable else (None, verdicts[0].reason)
