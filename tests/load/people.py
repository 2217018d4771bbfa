"""Draws people by number: a number is the same person in every database, so both sides are asked for the same."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from tests.load import names

PEOPLE_PER_ORGANISATION = 20
BEGIN = datetime(2023, 1, 1, tzinfo=UTC)
APART = timedelta(minutes=1)
"""Between the creation of one person and of the next."""
NEW = 10_000_000
"""People from here on are only ever created through the API."""
PERSON, EMAIL, PHONE, ORGANISATION = range(4)
_SPREAD = 0x9E3779B97F4A7C15
_BEGIN_MILLISECONDS = int(BEGIN.timestamp() * 1000)


class Drawn(NamedTuple):
    """One person. Every one has an e-mail address, a third have a phone and seven in ten an organisation."""

    id: UUID
    given_name: str
    family_name: str
    email_id: UUID
    email: str
    phone_id: UUID | None
    phone: str
    phone_country: str
    organisation_id: UUID | None
    job_title: str
    locale: str
    time_zone: str
    stage: int
    create_time: datetime


def identifier(kind: int, number: int) -> UUID:
    """The UUID (version 7, as the frame's own) of the person, channel or organisation with this number."""
    scattered = _scattered(number * 4 + kind)
    milliseconds = _BEGIN_MILLISECONDS + number * 60_000
    return UUID(int=milliseconds << 80 | 7 << 76 | (scattered & 0xFFF) << 64 | 2 << 62 | _scattered(scattered) >> 2)


def people(first: int, last: int) -> Iterator[Drawn]:
    """The people numbered `first` to `last`, both included."""
    return map(person, range(first, last + 1))


def person(number: int) -> Drawn:
    chance = _scattered(number)
    given, family = _common(names.GIVEN, chance), _common(names.FAMILY, chance >> 12)
    locale, zone, country, area, digits = names.PLACE[(chance >> 24) % len(names.PLACE)]
    organisation = number // PEOPLE_PER_ORGANISATION
    has_phone, has_organisation = (chance >> 28) % 3 == 0, (chance >> 32) % 10 < 7
    return Drawn(
        id=identifier(PERSON, number),
        given_name=given,
        family_name=family,
        email_id=identifier(EMAIL, number),
        email=f"{_PLAIN[given]}.{_PLAIN[family]}{number}@{domain(organisation)}",
        phone_id=identifier(PHONE, number) if has_phone else None,
        phone=f"+{country}{area}{(chance >> 36) % 10**digits:0{digits}}" if has_phone else "",
        phone_country=country if has_phone else "",
        organisation_id=identifier(ORGANISATION, organisation) if has_organisation else None,
        job_title=names.JOB[(chance >> 40) % len(names.JOB)],
        locale=locale,
        time_zone=zone,
        stage=1 + (chance >> 44) % 8,
        create_time=BEGIN + APART * number,
    )


def company(organisation: int) -> str:
    word, trade, form = _words(organisation)
    return f"{word} {trade} {form}"


def domain(organisation: int) -> str:
    word, trade, _ = _words(organisation)
    return f"{word}-{trade}.example".lower()


def organisations(first: int, last: int) -> range:
    """The organisations of the people numbered `first` to `last` that none before them has."""
    begin = 0 if first == 1 else (first - 1) // PEOPLE_PER_ORGANISATION + 1
    return range(begin, last // PEOPLE_PER_ORGANISATION + 1)


def some_numbers(count: int, last: int) -> list[int]:
    """The same `count` numbers between 1 and `last` at every call, spread evenly."""
    return random.Random(count).choices(range(1, last + 1), k=count)


def _words(organisation: int) -> tuple[str, str, str]:
    rest, word = divmod(organisation, len(names.COMPANY))
    rest, trade = divmod(rest, len(names.TRADE))
    return names.COMPANY[word], names.TRADE[trade], names.FORM[rest % len(names.FORM)]


def _common(choices: list[str], chance: int) -> str:
    """One of `choices`, the first of them far more often than the last, as with names of real people."""
    return choices[(chance & 0xFFF) * (chance & 0xFFF) * len(choices) >> 24]


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in decomposed if letter.isascii() and letter.isalpha())


def _scattered(number: int) -> int:
    """64 bits that look random (the finaliser of SplitMix64)."""
    mixed = (number * _SPREAD) & 0xFFFF_FFFF_FFFF_FFFF
    mixed = ((mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9) & 0xFFFF_FFFF_FFFF_FFFF
    mixed = ((mixed ^ mixed >> 27) * 0x94D049BB133111EB) & 0xFFFF_FFFF_FFFF_FFFF
    return mixed ^ mixed >> 31


_PLAIN = {name: _plain(name) for name in (*names.GIVEN, *names.FAMILY)}
