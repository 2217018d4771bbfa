"""Quiet hours: a time of each day, by the clock on the person's wall, whatever that clock does twice a year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rapport_kit.errors import Invalid

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` until just before `end`, such as "22:00" and "08:00"; `time_zone` is the person's when empty."""

    start: str
    end: str
    time_zone: str = ""

    def check(self) -> None:
        """Check both times.

        Raises:
            Invalid: one is no time of a day, or they are the same.
        """
        for name, value in (("start", self.start), ("end", self.end)):
            if not _TIME.fullmatch(value):
                raise Invalid.field(f"quiet_hours.{name}", "INVALID_TIME", "must be a time of a day such as 08:30")
        if self.start == self.end:
            raise Invalid.field("quiet_hours.end", "INVALID_RANGE", "must not be the time at which they start")

    def cover(self, at: datetime, time_zone: str) -> bool:
        """Whether a moment lies in the quiet hours of somebody in `time_zone` (IANA)."""
        start, end = time.fromisoformat(self.start), time.fromisoformat(self.end)
        now = at.astimezone(ZoneInfo(time_zone)).time()
        return start <= now < end if start < end else now >= start or now < end

    def over(self, at: datetime, time_zone: str) -> datetime:
        """The first moment from `at` on that does not lie in the quiet hours, in UTC."""
        if not self.cover(at, time_zone):
            return at.astimezone(UTC)
        return min(moment for moment in self._ends(at, time_zone) if moment > at and not self.cover(moment, time_zone))

    def _ends(self, at: datetime, time_zone: str) -> Iterator[datetime]:
        """When the clock may show `end` in the next days: twice as it is put back, never as it is put forward."""
        zone, end = ZoneInfo(time_zone), time.fromisoformat(self.end)
        today = at.astimezone(zone).date()
        for day in (today, today + _DAY, today + 2 * _DAY):  # on one of these days the clock may pass over it
            moments = [datetime.combine(day, end, zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1)]
            yield from moments
            moment, last = min(moments), max(moments)
            while moment < last:  # only on the day on which the clock is put forward or back
                moment += _MINUTE
                yield moment
