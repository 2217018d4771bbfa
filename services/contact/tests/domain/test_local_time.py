"""Which day it is where, also on the two days a year that are not 24 hours long."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from rapport_contact.domain.local_time import day_of, today


@pytest.mark.parametrize(
    ("now", "zone", "day", "hours"),
    [
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), "Europe/Berlin", date(2026, 3, 29), 23),
        (datetime(2026, 10, 25, 12, 0, tzinfo=UTC), "Europe/Berlin", date(2026, 10, 25), 25),
        (datetime(2026, 6, 1, 12, 0, tzinfo=UTC), "Pacific/Kiritimati", date(2026, 6, 2), 24),
        (datetime(2026, 6, 1, 12, 0, tzinfo=UTC), "", date(2026, 6, 1), 24),
    ],
)
def test_a_day_begins_at_midnight_of_its_place(now: datetime, zone: str, day: date, hours: int) -> None:
    begin, end = day_of(now, zone)
    assert begin <= now < end
    assert end - begin == timedelta(hours=hours)
    assert today(now, zone) == today(begin, zone) == day
    assert today(end, zone) == day + timedelta(days=1)
