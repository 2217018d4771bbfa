"""Which day it is where: by IANA time zones, UTC where none is known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


def zone(name: str) -> ZoneInfo:
    """A time zone by its name; UTC when it is empty."""
    return ZoneInfo(name or "UTC")


def today(now: datetime, time_zone: str) -> date:
    """The day that it is in a time zone."""
    return now.astimezone(zone(time_zone)).date()


def day_of(now: datetime, time_zone: str) -> tuple[datetime, datetime]:
    """The beginning and the end, in UTC, of the day that it is in a time zone."""
    day = today(now, time_zone)
    begin, end = (datetime(each.year, each.month, each.day, tzinfo=zone(time_zone)) for each in (day, day + _DAY))
    return begin.astimezone(UTC), end.astimezone(UTC)


_DAY = timedelta(days=1)
