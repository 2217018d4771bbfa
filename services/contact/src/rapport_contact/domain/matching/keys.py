"""Blocking keys of people: two records that share one are compared, all others never are.

A duplicate that differs in any one thing should share a key made of the others, so that no key rests on a field that
all keys rest on. Each key is narrow: what many people have in common, such as a city, is only ever half of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from rapport_contact.domain.matching.features import ROLES, Features, Place
from rapport_contact.domain.matching.names import formal_names, sound

MOST_KEYS = 24
"""Keys of one record; those that say most come first."""
_DIGITS = 9
"""Digits of a phone number that count from its end: national and international forms agree in them."""


def blocking_keys(record: Features) -> list[str]:
    """The distinct keys of a record, in the clear and most telling first; empty when too little is known."""
    return list(dict.fromkeys(_keys(record)))[:MOST_KEYS]


def phone_key(phone: str) -> str:
    """The key of a normalised number, with its extension."""
    number, _, extension = phone.partition(";")
    return f"p:{number[-_DIGITS:]};{extension}"


def place_keys(places: Iterable[Place], words: Sequence[str]) -> Iterator[str]:
    """House and street; and postcode or city with each of some words of the names, as it is said."""
    for place in places:
        if place.number:
            yield from (
                f"h:{place.number}:{each}" for each in sorted(sound(line.split()[0]) for line in place.lines[:2])
            )
        for where in filter(None, (place.postcode, place.city)):
            yield from (f"n:{where}:{sound(word)}" for word in words)


def _keys(record: Features) -> Iterator[str]:
    yield from (f"e:{email}" for email in sorted(record.emails) if email.partition("@")[0] not in ROLES)
    yield from map(phone_key, sorted(record.phones))
    yield from _by_birth(record)
    yield from place_keys(record.places, [name.split()[0] for name in (record.family, record.given) if name])
    yield from _by_name(record)
    yield from _by_company(record)


def _by_birth(record: Features) -> Iterator[str]:
    """The day with an initial of either name, right when names are swapped or one is wrong; and with the place."""
    if record.birth is None:
        return
    day = f"{record.birth.year:04}{record.birth.month:02}{record.birth.day:02}"
    yield from (f"b:{day}:{name[0]}" for name in (record.family, record.given) if name)
    yield from (f"b:{day}:{place.postcode or place.city}" for place in record.places if place.postcode or place.city)


def _by_name(record: Features) -> Iterator[str]:
    """Both names as they are said, nicknames as the names they stand for, whichever is called the family's."""
    if not record.given or not record.family:
        if name := record.given or record.family:
            yield f"w:{sound(name)}"
        return
    given, family = record.given.split()[0], record.family.split()[-1]
    for pair in product(formal_names(given), formal_names(family)):
        yield "n:" + ":".join(sorted(map(sound, pair)))


def _by_company(record: Features) -> Iterator[str]:
    names = [sound(name.split()[0]) for name in (record.family, record.given) if name]
    if record.employer is not None:
        yield from (f"o:{record.employer}:{name}" for name in names)
    yield from (f"d:{domain}:{name}" for domain in sorted(record.domains) for name in names)
