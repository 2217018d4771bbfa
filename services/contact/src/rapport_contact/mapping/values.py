"""Reads single values as people and programs write them."""

from __future__ import annotations

import re
from calendar import monthrange
from enum import StrEnum
from functools import cache
from typing import Final

from rapport_contact.domain.organisation import SizeBand
from rapport_contact.domain.person import LifecycleStage, PersonKind
from rapport_contact.domain.words import fold

TRUE: Final = frozenset({"true", "yes", "y", "1", "x", "ja", "oui", "si", "wahr", "vrai", "verdadero", "sim"})
_LANGUAGES: Final = ("en", "de", "fr", "es", "it", "nl", "pt")
_SHORT: Final = {"united states of america": "US", "usa": "US", "uk": "GB", "holland": "NL"} | dict.fromkeys(
    ("england", "scotland", "wales"), "GB"
)
_BETWEEN: Final = re.compile(r"\s:::\s|[;\n]")
_NO_DAY: Final = re.compile(r"0{1,2}([./-])0{1,2}\1(?:00){1,2}|0000-00-00")
_STAGES: Final = {"marketing qualified lead": "marketing_qualified", "sales qualified lead": "sales_qualified"} | {
    "mql": "marketing_qualified",
    "sql": "sales_qualified",
}


class DateOrder(StrEnum):
    """The order of day, month and year where numbers alone do not tell it."""

    DMY = "dmy"
    MDY = "mdy"


class Unreadable(ValueError):
    """A value is none of its kind. `reason` is UPPER_SNAKE; the message does not repeat the value."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


def day(text: str, order: DateOrder) -> tuple[int, int, int]:
    """Year (0 when absent), month and day of `1980-02-29`, `19800229`, `--02-29`, `29.02.1980`, `2/29/1980`.

    Raises:
        Unreadable: it is no day.
    """
    text = text.strip()
    if found := re.fullmatch(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ].*)?", text):
        year, month, number = map(int, found.groups())
    elif found := re.fullmatch(r"(?:--|0000-)(\d\d)-?(\d\d)", text):
        year, (month, number) = 0, map(int, found.groups())
    elif found := re.fullmatch(r"(\d{4})[./](\d{1,2})[./](\d{1,2})", text):
        year, month, number = map(int, found.groups())
    elif found := re.fullmatch(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})", text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        american = order is DateOrder.MDY and found[2] != "."
        month, number = (first, second) if american else (second, first)
    else:
        raise Unreadable("INVALID_DATE", "must be a date such as 1980-02-29")
    if not 1 <= month <= 12 or not 1 <= number <= monthrange(year or 2000, month)[1]:
        raise Unreadable("INVALID_DATE", "no such day in that month")
    return year, month, number


def is_no_day(text: str) -> bool:
    """Whether a text says that there is no day, as Outlook's `0/0/00` and the `0000-00-00` of many databases do."""
    return _NO_DAY.fullmatch(text.strip()) is not None


def country(text: str) -> str:
    """The code (ISO 3166-1 alpha-2) of a country given by its code or its name in one of seven languages.

    Raises:
        Unreadable: there is no such country.
    """
    text = text.strip()
    if len(text) == 2 and text.isalpha():
        return text.upper()
    words = " ".join(re.findall(r"\w+", fold(text.replace(".", ""))))
    code = _SHORT.get(words) or _countries().get(words)
    if code is None:
        raise Unreadable("UNKNOWN_COUNTRY", "must be a country's code or name")
    return code


def stage(text: str) -> str:
    """A lifecycle stage by its own name or by what other suites call it.

    Raises:
        Unreadable: it is none.
    """
    words = " ".join(re.findall(r"[a-z]+", text.casefold().removeprefix("lifecycle_stage_")))
    name = _STAGES.get(words, words.replace(" ", "_"))
    if name not in list(LifecycleStage):
        raise Unreadable("UNKNOWN_STAGE", "must be a lifecycle stage such as lead or customer")
    return name


def person_kind(text: str) -> str:
    """What a person is to the company, by its own name.

    Raises:
        Unreadable: it is none of them.
    """
    name = text.strip().casefold().removeprefix("person_kind_")
    if name not in list(PersonKind):
        raise Unreadable("UNKNOWN_KIND", "must be what a person is to the company, such as customer or supplier")
    return name


def size_band(text: str) -> str:
    """How many people work somewhere: `11_to_50`, `11-50`, `over_5000`.

    Raises:
        Unreadable: it is no band.
    """
    name = re.sub(r"\s*[-–]\s*|\s+", "_to_", text.strip().casefold().removeprefix("size_band_"), count=1)
    if name not in list(SizeBand):
        raise Unreadable("UNKNOWN_SIZE", "must be a band such as 11_to_50 or over_5000")
    return name


def money(text: str) -> tuple[int, int, str]:
    """Units, nanos of a unit, and currency (ISO 4217) of `1234.50 EUR`.

    Raises:
        Unreadable: it is no amount.
    """
    found = re.fullmatch(r"(-?)(\d{1,18})(?:\.(\d{1,9}))?\s*([A-Z]{3})", text.strip(), re.ASCII)
    if found is None:
        raise Unreadable("INVALID_AMOUNT", "must be an amount and its currency, such as 1234.50 EUR")
    sign = -1 if found[1] else 1
    return sign * int(found[2]), sign * int((found[3] or "").ljust(9, "0")), found[4]


def several(text: str) -> list[str]:
    """The values of a cell that holds more than one, as Google's ` ::: ` and lists in many exports have it."""
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]


@cache
def _countries() -> dict[str, str]:
    from babel import Locale  # some megabytes that only files with names of countries need

    names: dict[str, str] = {}
    for language in _LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                names.setdefault(" ".join(re.findall(r"\w+", fold(name.replace(".", "")))), code)
    return names
