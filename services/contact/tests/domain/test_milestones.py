"""When days that come again are told of."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport_contact.domain.milestone import Calendar, LeapDay, Milestone, MilestoneKind, Notice
from rapport_kit.domain import PartialDate
from rapport_kit.errors import Invalid

PERSON = UUID(int=1)
ZONES = ("", "Pacific/Kiritimati", "America/Los_Angeles", "Europe/Berlin")


def milestone(month: int, day: int, year: int = 0, remind: tuple[int, ...] = ()) -> Milestone:
    return Milestone(
        person_id=PERSON,
        kind=MilestoneKind.ANNIVERSARY,
        date=PartialDate(month, day, year),
        remind_days_before=list(remind),
    )


@pytest.mark.parametrize(
    ("rule", "year", "expected"),
    [
        (LeapDay.FEBRUARY_28, 2027, date(2027, 2, 28)),
        (LeapDay.MARCH_1, 2027, date(2027, 3, 1)),
        (LeapDay.MARCH_1, 2028, date(2028, 2, 29)),
        (LeapDay.FEBRUARY_28, 2100, date(2100, 2, 28)),
    ],
)
def test_con_05_29_february_comes_as_the_tenant_decided(rule: LeapDay, year: int, expected: date) -> None:
    assert Calendar(leap_day=rule).day_in(year, PartialDate(2, 29)) == expected


def test_con_05_a_day_is_told_of_in_the_morning_of_the_tenants_time_zone() -> None:
    notice = milestone(5, 17).next_notice(datetime(2026, 5, 16, 22, tzinfo=UTC), Calendar("Europe/Berlin"))
    assert notice == Notice(datetime(2026, 5, 17, 4, tzinfo=UTC), 2026, 0)


@given(
    day=st.dates(date(2000, 1, 1), date(2000, 12, 31)),
    hours=st.integers(0, 40 * 366 * 24),
    zone=st.sampled_from(ZONES),
    rule=st.sampled_from(LeapDay),
    remind=st.sets(st.integers(1, 300), max_size=3),
)
def test_con_05_whenever_one_begins_each_year_has_each_notice_once_and_in_order(
    day: date, hours: int, zone: str, rule: LeapDay, remind: set[int]
) -> None:
    told, at, by = [], datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=hours), Calendar(zone, rule)
    yearly = milestone(day.month, day.day, remind=tuple(remind))
    for _ in range(5 * (1 + len(remind))):
        notice = yearly.next_notice(at, by)
        assert notice.at > at
        told.append((notice.year, notice.days_before))
        at = notice.at
    assert len(set(told)) == len(told)
    for days in {0, *remind}:
        years = [year for year, before in told if before == days]
        assert years == list(range(years[0], years[0] + len(years)))
        assert len(years) == 5


def test_con_05_nothing_is_told_before_the_first_time() -> None:
    notice = milestone(1, 1, 2040).next_notice(datetime(2028, 6, 1, tzinfo=UTC), Calendar())
    assert (notice.year, notice.at.year) == (2040, 2040)
    with pytest.raises(Invalid, match="date"):
        milestone(1, 1, 9999).settle()


def test_con_05_a_custom_milestone_says_what_it_is_about() -> None:
    custom = Milestone(person_id=PERSON, kind=MilestoneKind.CUSTOM, date=PartialDate(1, 1))
    with pytest.raises(Invalid, match="display_name"):
        custom.settle()
    with pytest.raises(Invalid, match=r"remind_days_before\[1\]"):
        milestone(1, 1, remind=(7, 301)).settle()
