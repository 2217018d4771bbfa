"""Reads the text of a recurrence rule (RFC 5545, section 3.3.10), as far as tasks need it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache

from rapport_kit.errors import Invalid

MOST = 1_000
"""The largest INTERVAL and COUNT."""
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAY = re.compile(r"([+-]?[1-9]\d?)?(MO|TU|WE|TH|FR|SA|SU)")
_PARTS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"})


class Frequency(StrEnum):
    """How long a period of the rule is."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


@dataclass(frozen=True, slots=True)
class Weekday:
    """A weekday (Monday is 0); with `ordinal`, only the nth of the month or year, from its end when negative."""

    day: int
    ordinal: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, read. `until` is a day, inclusive, or a moment; `count` zero means without end."""

    frequency: Frequency
    interval: int = 1
    count: int = 0
    until: date | datetime | None = None
    by_day: tuple[Weekday, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_month: tuple[int, ...] = ()
    by_set_pos: tuple[int, ...] = ()
    week_start: int = 0

    def ended(self, moment: datetime, day: date) -> bool:
        """Whether an occurrence at `moment`, which is `day` where the rule goes by the clock, comes too late."""
        if isinstance(self.until, datetime):
            return moment > self.until
        return self.until is not None and day > self.until


@lru_cache(maxsize=1024)
def parse(text: str) -> Rule:
    """Read a rule such as `FREQ=WEEKLY;BYDAY=MO,WE`.

    Raises:
        Invalid: of the field `rule`, with what is wrong in it.
    """
    parts: dict[str, str] = {}
    for part in text.strip().upper().split(";"):
        name, _, value = part.partition("=")
        if name not in _PARTS or not value or name in parts:
            raise _refused(f"expected each of {', '.join(sorted(_PARTS))} at most once, with a value")
        parts[name] = value
    if "FREQ" not in parts or parts["FREQ"] not in Frequency.__members__:
        raise _refused(f"FREQ must be one of {', '.join(Frequency)}")
    if "COUNT" in parts and "UNTIL" in parts:
        raise _refused("COUNT and UNTIL exclude one another")
    rule = Rule(
        frequency=Frequency(parts["FREQ"]),
        interval=_number("INTERVAL", parts.get("INTERVAL", "1"), 1, MOST),
        count=_number("COUNT", parts["COUNT"], 1, MOST) if "COUNT" in parts else 0,
        until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
        by_day=tuple(_weekday(one) for one in _split(parts, "BYDAY")),
        by_month_day=_numbers(parts, "BYMONTHDAY", range(-31, 32)),
        by_month=_numbers(parts, "BYMONTH", range(1, 13)),
        by_set_pos=_numbers(parts, "BYSETPOS", range(-366, 367)),
        week_start=_weekday(parts.get("WKST", "MO")).day,
    )
    _check_together(rule)
    return rule


def _check_together(rule: Rule) -> None:
    """What RFC 5545 allows with some frequencies only."""
    spans = rule.frequency in (Frequency.MONTHLY, Frequency.YEARLY)
    if not spans and any(one.ordinal for one in rule.by_day):
        raise _refused("BYDAY may count days, as in 2MO, only in months and years")
    if rule.frequency is Frequency.WEEKLY and rule.by_month_day:
        raise _refused("BYMONTHDAY does not go with FREQ=WEEKLY")
    if rule.by_set_pos and not (rule.by_day or rule.by_month_day or rule.by_month):
        raise _refused("BYSETPOS needs another BY… part to choose from")


def _split(parts: dict[str, str], name: str) -> Sequence[str]:
    return parts[name].split(",") if name in parts else ()


def _numbers(parts: dict[str, str], name: str, allowed: range) -> tuple[int, ...]:
    found = [_number(name, one, allowed.start, allowed.stop - 1) for one in _split(parts, name)]
    if 0 in found:
        raise _refused(f"{name} must not be 0")
    return tuple(dict.fromkeys(found))


def _number(name: str, text: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,4}", text) or not least <= int(text) <= most:
        raise _refused(f"{name} must be a whole number from {least} to {most}")
    return int(text)


def _weekday(text: str) -> Weekday:
    found = _WEEKDAY.fullmatch(text)
    if found is None or abs(int(found[1] or 0)) > 53:
        raise _refused("BYDAY must name weekdays such as MO, 2TU or -1FR")
    return Weekday(_DAYS.index(found[2]), int(found[1] or 0))


def _until(text: str) -> date | datetime:
    try:
        if len(text) == 8:
            return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC).date()
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise _refused("UNTIL must be a day such as 20301231 or a moment such as 20301231T235959Z") from error


def _refused(why: str) -> Invalid:
    return Invalid.field("rule", "INVALID_RECURRENCE", why)
