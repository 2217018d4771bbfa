"""Days of people that come again every year, each told of once a year."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from google.type.date_pb2 import Date

from rapport.contact.v1 import events_pb2, milestones_pb2
from rapport_contact.domain.local_time import zone
from rapport_kit.domain import Entity, PartialDate
from rapport_kit.errors import Invalid

TOLD_AT = time(6)
"""The time of the day, in the tenant's time zone, at which what comes on it is told."""
FARTHEST = 300
"""So many days ahead a reminder can be at most: less than a year, so that reminders of two years never mix."""

LAST_YEAR = 2200


class MilestoneKind(StrEnum):
    """What comes again."""

    BIRTHDAY = "birthday"
    ANNIVERSARY = "anniversary"
    CUSTOMER_SINCE = "customer_since"
    CUSTOM = "custom"


class LeapDay(StrEnum):
    """When 29 February comes in years without one."""

    FEBRUARY_28 = "february_28"
    MARCH_1 = "march_1"


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a tenant goes by: an IANA time zone, empty for UTC, and its rule for 29 February."""

    time_zone: str = ""
    leap_day: LeapDay = LeapDay.FEBRUARY_28

    def day_in(self, year: int, day: PartialDate) -> date:
        """The day on which `day` comes in a year."""
        if (day.month, day.day) == (2, 29) and not calendar.isleap(year):
            return date(year, 2, 28) if self.leap_day is LeapDay.FEBRUARY_28 else date(year, 3, 1)
        return date(year, day.month, day.day)

    def moment(self, day: date) -> datetime:
        """When what comes on `day` is told."""
        return datetime.combine(day, TOLD_AT, zone(self.time_zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True, order=True)
class Notice:
    """Something to tell: that a milestone comes, or comes in `days_before` days, in a year of its own."""

    at: datetime
    year: int
    days_before: int


@dataclass(kw_only=True, eq=False)
class Milestone(Entity):
    """A day of a person's that comes again every year (CON-05)."""

    person_id: UUID
    kind: MilestoneKind
    date: PartialDate
    display_name: str = ""
    remind_days_before: list[int] = field(default_factory=list)

    def settle(self) -> None:
        """Check the day and the reminders.

        Raises:
            Invalid: one of them cannot be, or a custom milestone has no name.
        """
        if not self.date.month or not self.date.day:
            raise Invalid.field("date", "INVALID_DATE", "must have a month and a day")
        if self.date.year > LAST_YEAR:
            raise Invalid.field("date", "OUT_OF_RANGE", f"must not lie after the year {LAST_YEAR}")
        if self.kind is MilestoneKind.CUSTOM and not self.display_name.strip():
            raise Invalid.field("display_name", "REQUIRED", "must say what a custom milestone is about")
        for index, days in enumerate(self.remind_days_before):
            if not 1 <= days <= FARTHEST:
                raise Invalid.field(f"remind_days_before[{index}]", "OUT_OF_RANGE", f"must be from 1 to {FARTHEST}")

    def next_notice(self, after: datetime, by: Calendar) -> Notice:
        """The first thing to tell after a moment."""
        return min(notice for notice in self._notices(after.year, by) if notice.at > after)

    def notice(self, year: int, days_before: int, by: Calendar) -> Notice:
        """What is to be told in a year, and when: that changes with the tenant's time zone and rule for 29 February."""
        return Notice(by.moment(by.day_in(year, self.date) - timedelta(days=days_before)), year, days_before)

    def tell(self, notice: Notice, by: Calendar) -> None:
        """Record that the milestone has come, or comes in some days."""
        day = by.day_in(notice.year, self.date)
        fact: events_pb2.MilestoneDue | events_pb2.MilestoneApproaching
        if notice.days_before:
            fact = events_pb2.MilestoneApproaching(days_before=notice.days_before)
        else:
            fact = events_pb2.MilestoneDue(years=notice.year - self.date.year if self.date.year else 0)
        fact.milestone_id, fact.person_id = str(self.id), str(self.person_id)
        fact.kind = milestones_pb2.MilestoneKind.Value(f"MILESTONE_KIND_{self.kind.name}")  # type: ignore[assignment]
        fact.display_name = self.display_name
        fact.date.CopyFrom(Date(year=day.year, month=day.month, day=day.day))
        self.record(fact)

    def _notices(self, year: int, by: Calendar) -> Iterator[Notice]:
        """Those of the years around `year`, or of the first ones: reminders of the next one may lie in this one."""
        first = max(year - 1, self.date.year)
        for each in range(first, first + 4):
            yield from (self.notice(each, days, by) for days in {0, *self.remind_days_before})
