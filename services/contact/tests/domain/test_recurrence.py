"""Recurrence rules: equal to the reference implementation where both can tell, and bounded where it is not."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rapport_contact.domain.recurrence import Recurrence
from rapport_kit.errors import Invalid

DAYS = st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])
MONTH_DAYS = st.integers(-31, 31).filter(bool)


def some(values: st.SearchStrategy[object]) -> st.SearchStrategy[str]:
    return st.lists(values, min_size=1, max_size=3, unique=True).map(lambda chosen: ",".join(map(str, chosen)))


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Rules that the reference implementation reads rightly (it mistakes MO together with 2TU) and in no time."""
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = {"FREQ": frequency, "INTERVAL": str(draw(st.integers(1, 4)))}
    spans = frequency in ("MONTHLY", "YEARLY")
    counted = st.tuples(st.integers(-5, 5).filter(bool), DAYS).map(lambda pair: f"{pair[0]}{pair[1]}")
    choices = {"BYMONTH": some(st.integers(1, 12)), "BYDAY": some(DAYS) | some(counted) if spans else some(DAYS)}
    if spans:
        choices["BYMONTHDAY"] = some(MONTH_DAYS)
    for name in draw(st.lists(st.sampled_from(sorted(choices)), unique=True)):
        parts[name] = draw(choices[name])
    if spans and len(parts) > 2 and draw(st.booleans()):
        parts["BYSETPOS"] = draw(some(st.integers(-3, 3).filter(bool)))
    if draw(st.booleans()):
        parts["WKST"] = draw(DAYS)
    if draw(st.booleans()):
        parts["COUNT"] = str(draw(st.integers(1, 9)))
    return ";".join(f"{name}={value}" for name, value in parts.items())


@settings(max_examples=40)
@given(rules(), st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 2_000))
def test_con_14_a_rule_means_what_rfc_5545_says(rule: str, day: date, after: int) -> None:
    start = datetime(day.year, day.month, day.day, 9, 30, tzinfo=UTC)
    moment = start + timedelta(days=after)
    expected = rrulestr(rule, dtstart=start).after(moment)
    assume(expected is None or expected.year < start.year + 50)
    assert Recurrence(rule, "", start).following(moment) == expected


@settings(max_examples=40)
@given(rules(), st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_con_14_occurrences_only_go_forward_and_end_with_count(rule: str, day: date) -> None:
    start = datetime(day.year, day.month, day.day, 9, 30, tzinfo=UTC)
    recurrence = Recurrence(f"{rule};COUNT=7" if "COUNT" not in rule else rule, "", start)
    found = [start - timedelta(seconds=1)]
    while (following := recurrence.following(found[-1])) is not None:
        found.append(following)
    assert all(earlier < later for earlier, later in pairwise(found))
    assert len(found) <= 10


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=DAILY;BYMONTH=1;BYSETPOS=2",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYDAY=53MO;BYMONTHDAY=1;BYMONTH=1",
        "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=366;COUNT=1000",
    ],
)
def test_con_14_a_rule_that_never_comes_true_takes_no_time(rule: str) -> None:
    began = time.process_time()
    Recurrence(rule, "", datetime(2026, 1, 5, tzinfo=UTC)).following(datetime(2190, 1, 1, tzinfo=UTC))
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=HOURLY;INTERVAL=1",
        "INTERVAL=2",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=5;UNTIL=20300101",
        "FREQ=DAILY;BYEASTER=1",
        "FREQ=DAILY;FREQ=WEEKLY",
        "FREQ=WEEKLY;BYDAY=2MO",
        "FREQ=WEEKLY;BYMONTHDAY=1",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=MONTHLY;BYSETPOS=1",
        "FREQ=DAILY;UNTIL=soon",
        "DTSTART:20260101T000000Z\nRRULE:FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=99999999999999999999",
        "FREQ=DAILY;INTERVAL=٣",
        ";;;",
    ],
)
def test_con_14_a_text_that_is_no_rule_is_refused(rule: str) -> None:
    with pytest.raises(Invalid) as refusal:
        Recurrence(rule).started(datetime(2026, 1, 1, tzinfo=UTC))
    assert refusal.value.reason == "INVALID_RECURRENCE"


def test_con_14_the_hour_stays_the_same_when_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 3, 27, 9, 0, tzinfo=berlin)
    recurrence = Recurrence("FREQ=DAILY", "Europe/Berlin", start.astimezone(UTC))
    moments, moment = [], start
    for _ in range(3):
        following = recurrence.following(moment)
        assert following is not None
        moment = following
        moments.append(moment)
    assert [each.astimezone(berlin).hour for each in moments] == [9, 9, 9]
    assert [each.astimezone(UTC).hour for each in moments] == [8, 7, 7]


def test_con_14_an_hour_that_clocks_skip_comes_after_the_gap_and_a_double_one_comes_first() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    spring = Recurrence("FREQ=DAILY", "Europe/Berlin", datetime(2026, 3, 28, 2, 30, tzinfo=berlin).astimezone(UTC))
    autumn = Recurrence("FREQ=DAILY", "Europe/Berlin", datetime(2026, 10, 24, 2, 30, tzinfo=berlin).astimezone(UTC))
    assert spring.following(datetime(2026, 3, 28, 12, tzinfo=UTC)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert autumn.following(datetime(2026, 10, 24, 12, tzinfo=UTC)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_con_14_until_is_inclusive_as_a_day_and_as_a_moment() -> None:
    start = datetime(2026, 1, 1, 9, tzinfo=UTC)
    for until in ("20260103", "20260103T090000Z"):
        recurrence = Recurrence(f"FREQ=DAILY;UNTIL={until}", "", start)
        assert recurrence.following(datetime(2026, 1, 2, 9, tzinfo=UTC)) == datetime(2026, 1, 3, 9, tzinfo=UTC)
        assert recurrence.following(datetime(2026, 1, 3, 9, tzinfo=UTC)) is None


def test_con_14_weekdays_with_and_without_a_number_add_up() -> None:
    recurrence = Recurrence("FREQ=MONTHLY;BYDAY=MO,2TU", "", datetime(2026, 6, 1, 9, tzinfo=UTC))
    moment, days = datetime(2026, 6, 1, tzinfo=UTC), []
    for _ in range(6):
        following = recurrence.following(moment)
        assert following is not None
        moment = following
        days.append(moment.day)
    assert days == [1, 8, 9, 15, 22, 29]
