"""When a task comes again: the part of RFC 5545's recurrence rules that days, weeks, months and years need.

Not by a library, since those that read such rules go on to the year 9999 when nothing matches, which takes seconds, and
a rule comes from a caller (ADR 18). Here a rule is looked at for `YEARS`.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from rapport_contact.domain.rrule import Frequency, Rule, Weekday, parse

YEARS = 50
"""How far ahead of its start a rule is followed; every rule that recurs at all does so within 40 years."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How a task comes again: a rule, the zone whose clocks it goes by, and its first occurrence."""

    rule: str
    time_zone: str = ""
    start_time: datetime | None = None

    def started(self, due_time: datetime) -> Recurrence:
        """The same, beginning with `due_time` if it has not begun.

        Raises:
            Invalid: the rule is none; names `rule`.
        """
        parse(self.rule)
        return self if self.start_time else replace(self, start_time=due_time)

    def following(self, moment: datetime) -> datetime | None:
        """The first occurrence after `moment`; None when there is none any more."""
        assert self.start_time is not None, "a recurrence starts with its task"
        rule, zone = parse(self.rule), ZoneInfo(self.time_zone or "UTC")
        start = self.start_time.astimezone(zone)
        for count, day in enumerate(_days(rule, start.date()), 1):
            # An hour that clocks skip is read with the offset before the gap, one that comes twice is the first.
            local = datetime.combine(day, start.time(), zone)
            found = local.astimezone(UTC)
            if (rule.count and count > rule.count) or rule.ended(found, day):
                return None
            if found > moment:
                return found
        return None


def _days(rule: Rule, start: date) -> Iterator[date]:
    """The days of a rule from `start` on, in order."""
    last = date(min(start.year + YEARS, 9999), 12, 31)
    for period in _periods(rule, start, last):
        days = sorted(set(period))
        chosen = days if not rule.by_set_pos else sorted({days[n] for n in _places(rule, len(days))})
        yield from (day for day in chosen if start <= day <= last)


def _places(rule: Rule, size: int) -> Iterator[int]:
    """The indices, from 0, that BYSETPOS picks of `size` days."""
    for place in rule.by_set_pos:
        index = place - 1 if place > 0 else size + place
        if 0 <= index < size:
            yield index


def _periods(rule: Rule, start: date, last: date) -> Iterator[list[date]]:
    """The days that match in each day, week, month or year that the interval meets."""
    match rule.frequency:
        case Frequency.DAILY:
            for offset in range(0, (last - start).days + 1, rule.interval):
                yield [day for day in [start + timedelta(offset)] if _matches(rule, day)]
        case Frequency.WEEKLY:
            weekdays = {one.day for one in rule.by_day} or {start.weekday()}
            monday = start - timedelta((start.weekday() - rule.week_start) % 7)
            for offset in range(0, (last - monday).days - 6, 7 * rule.interval):
                week = [monday + timedelta(offset + n) for n in range(7)]
                yield [day for day in week if day.weekday() in weekdays and _in_month(rule, day)]
        case Frequency.MONTHLY:
            first = start.year * 12 + start.month - 1
            for number in range(first, last.year * 12 + 12, rule.interval):
                year, month = divmod(number, 12)
                yield _in_span(rule, start, _month(year, month + 1)) if _allowed(rule, month + 1) else []
        case Frequency.YEARLY:
            for year in range(start.year, last.year + 1, rule.interval):
                yield _of_year(rule, start, year)


def _of_year(rule: Rule, start: date, year: int) -> list[date]:
    """The days of one year: of its months where they are named, else of the year as a whole."""
    if rule.by_day and not rule.by_month:
        return _in_span(rule, start, [day for month in range(1, 13) for day in _month(year, month)])
    months = rule.by_month or (range(1, 13) if rule.by_month_day else (start.month,))
    return [day for month in months for day in _in_span(rule, start, _month(year, month))]


def _month(year: int, month: int) -> list[date]:
    return [date(year, month, day) for day in range(1, calendar.monthrange(year, month)[1] + 1)]


def _in_span(rule: Rule, start: date, span: list[date]) -> list[date]:
    """The days of a month, or of a year, by BYMONTHDAY and BYDAY; without either, the day of the month of `start`."""
    if not rule.by_day and not rule.by_month_day:
        return [day for day in span if day.day == start.day]
    days = [day for day in span if not rule.by_month_day or _on_month_day(rule, day)]
    if not rule.by_day:
        return days
    wanted = {day for weekday in rule.by_day for day in _of_weekday(weekday, span)}
    return [day for day in days if day in wanted]


def _of_weekday(weekday: Weekday, span: list[date]) -> list[date]:
    """All Mondays of a span, or its second, or its last."""
    days = [day for day in span if day.weekday() == weekday.day]
    if not weekday.ordinal:
        return days
    index = weekday.ordinal - 1 if weekday.ordinal > 0 else len(days) + weekday.ordinal
    return [days[index]] if 0 <= index < len(days) else []


def _matches(rule: Rule, day: date) -> bool:
    weekdays = {one.day for one in rule.by_day}
    return (
        (not weekdays or day.weekday() in weekdays)
        and _in_month(rule, day)
        and (not rule.by_month_day or _on_month_day(rule, day))
    )


def _in_month(rule: Rule, day: date) -> bool:
    return _allowed(rule, day.month)


def _allowed(rule: Rule, month: int) -> bool:
    return not rule.by_month or month in rule.by_month


def _on_month_day(rule: Rule, day: date) -> bool:
    length = calendar.monthrange(day.year, day.month)[1]
    return day.day in rule.by_month_day or day.day - length - 1 in rule.by_month_day
