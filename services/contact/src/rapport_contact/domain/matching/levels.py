"""How two values of a field compare: one level of agreement each, by its method; None when either is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler

from rapport_contact.domain.matching.companies import CompanyName
from rapport_contact.domain.matching.features import Features, Place
from rapport_contact.domain.matching.names import are_nicknames, sound
from rapport_kit.domain import PartialDate

SIMILAR_NAME = 0.9
SHORTEST_WITH_SLIP = 3
"""Letters of a name in which a letter may be wrong, missing, too many, or in its neighbour's place."""
SHORTEST_WITH_TWO = 6
"""Letters of a name in which that may happen twice."""
SIMILAR_TEXT = 80.0
SIMILAR_COMPANY = 90.0
_REMEMBERED = 65_536
"""Pairs of names: few names are many people's."""


class Method(StrEnum):
    """How agreement was found; `DIFFERENT` is the lack of it."""

    EXACT = "exact"
    NICKNAME = "nickname"
    PHONETIC = "phonetic"
    TYPO = "typo"
    PART = "part"
    INITIAL = "initial"
    DAY = "day"
    COMPANY_SUFFIX = "company_suffix"
    TOKEN_SET = "token_set"  # noqa: S105 - a method
    LOCAL_PART = "local_part"
    NUMBERED = "numbered"
    SHARED = "shared"
    STREET = "street"
    LOCALITY = "locality"
    DIFFERENT = "different"


_NO_DIGITS: Final = str.maketrans("", "", "0123456789")
_EXACT: Final = Method.EXACT
"""Looking a member up in its class takes as long as many a comparison."""
_TYPO: Final = Method.TYPO
_DIFFERENT: Final = Method.DIFFERENT


def given_name(one: str, other: str) -> Method | None:
    """Given and middle names, folded; names that only one of two has more of are a part."""
    if one == other:
        return _EXACT if one else None
    if not one or not other:
        return None
    first, second = one.split(), other.split()
    if {*first} <= {*second} or {*second} <= {*first}:
        return Method.PART
    if are_nicknames(first[0], second[0]):
        return Method.NICKNAME
    if first[0][0] == second[0][0] and 1 in (len(first[0]), len(second[0])):
        return Method.INITIAL
    return _alike(one, other)


def family_name(one: str, other: str) -> Method | None:
    """Family names, folded."""
    if one == other:
        return _EXACT if one else None
    if not one or not other:
        return None
    if {*one.split()} <= {*other.split()} or {*other.split()} <= {*one.split()}:
        return Method.PART
    return _alike(one, other)


@lru_cache(_REMEMBERED)
def _alike(one: str, other: str) -> Method:
    shorter = min(len(one), len(other))
    slips = 0 if shorter < SHORTEST_WITH_SLIP else 1 if shorter < SHORTEST_WITH_TWO else 2
    if OSA.distance(one, other, score_cutoff=slips) <= slips:
        return _TYPO
    if JaroWinkler.similarity(one, other) >= SIMILAR_NAME:
        return _TYPO
    return Method.PHONETIC if sound(one) == sound(other) else _DIFFERENT


def birth_date(one: PartialDate | None, other: PartialDate | None) -> Method | None:
    """Birthdays: equal, equal but for a year that one does not know, or one slip of the pen apart."""
    if one is None or other is None:
        return None
    if one == other:
        return _EXACT if one.year else Method.DAY
    if not one.year or not other.year:
        return Method.DAY if (one.month, one.day) == (other.month, other.day) else _DIFFERENT
    first, second = (f"{day.year:04}{day.month:02}{day.day:02}" for day in (one, other))
    slip = OSA.distance(first, second, score_cutoff=1) <= 1
    swapped = (one.year, one.month, one.day) == (other.year, other.day, other.month)
    return _TYPO if slip or swapped else _DIFFERENT


def email(one: frozenset[str], other: frozenset[str], roles: frozenset[str]) -> Method | None:
    """The best agreement among all addresses of both; `roles` are mailboxes that several people read."""
    if not one or not other:
        return None
    shared = one & other
    if shared:
        own = any(address.partition("@")[0] not in roles for address in shared)
        return _EXACT if own else Method.SHARED
    if any(_digits(a) == _digits(b) for a, b in _slipped(one, other)):  # ada1@ and ada2@ are two people's
        return _TYPO
    for mine in one:
        box = mine.partition("@")[0]
        for theirs in other:
            if theirs.partition("@")[0] == box and box not in roles:
                return Method.LOCAL_PART
    return Method.NUMBERED if any(_numbered(a, b) for a in one for b in other) else _DIFFERENT


def phone(one: frozenset[str], other: frozenset[str]) -> Method | None:
    """The best agreement among all numbers of both."""
    if not one or not other:
        return None
    if one & other:
        return _EXACT
    return _TYPO if any(_slipped(one, other)) else _DIFFERENT


def _slipped(one: frozenset[str], other: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Each text of one that becomes a text of the other by one slip of the pen, and that text."""
    for a in one:
        for b in other:
            if -2 < len(a) - len(b) < 2 and OSA.distance(a, b, score_cutoff=1) <= 1:
                yield a, b


def _numbered(one: str, other: str) -> bool:
    """Whether two mailboxes of one host are told apart by a number alone, as those of people of one name are."""
    (mine, _, here), (theirs, _, there) = one.partition("@"), other.partition("@")
    return (
        here == there
        and mine != theirs
        and bool(name := mine.translate(_NO_DIGITS))
        and (name == theirs.translate(_NO_DIGITS))
    )


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


_BETTER = (_EXACT, _TYPO, Method.STREET, Method.LOCALITY, _DIFFERENT)


def place(one: tuple[Place, ...], other: tuple[Place, ...]) -> Method | None:
    """The best agreement among all addresses of both."""
    if not one or not other:
        return None
    found = {_place(a, b) for a in one for b in other} - {None}
    return next((method for method in _BETTER if method in found), None)


def _place(one: Place, other: Place) -> Method | None:
    if one == other:
        return _EXACT
    street, locality = _street(one.lines, other.lines), _locality(one, other)
    number = one.number == other.number if one.number and other.number else None
    if street is None and locality is None:
        return None
    if street and number is not False and locality is not False:
        return _TYPO
    if street and (number or locality):
        return Method.STREET
    if number and locality:
        return Method.STREET
    return Method.LOCALITY if locality or street else _DIFFERENT


def _street(one: tuple[str, ...], other: tuple[str, ...]) -> bool | None:
    """Whether any line of one is like any of the other: lines change places when addresses are copied."""
    if not one or not other:
        return None
    return any(fuzz.ratio(a.replace(" ", ""), b.replace(" ", "")) >= SIMILAR_TEXT for a in one for b in other)


def _locality(one: Place, other: Place) -> bool | None:
    """Whether postcode or city agree, a slip of the pen allowed."""
    known = False
    for mine, theirs in ((one.postcode, other.postcode), (one.city, other.city)):
        if mine and theirs:
            known = True
            if mine == theirs or (len(mine) > 3 and fuzz.ratio(mine, theirs) >= SIMILAR_TEXT + 5):
                return True
    return False if known else None


def organisation(one: Features, other: Features) -> Method | None:
    """Employers: the same, or alike in name."""
    if one.employer is not None and one.employer == other.employer:
        return _EXACT
    if not one.company or not other.company:
        return None
    return _EXACT if one.organisation == other.organisation else _cores(one.company, other.company)


def _cores(one: str, other: str) -> Method:
    """Names of companies that differ, without their legal form: equal, or with mostly the same words."""
    if one == other or one.replace(" ", "") == other.replace(" ", ""):
        return Method.COMPANY_SUFFIX
    alike = fuzz.token_sort_ratio(one, other, score_cutoff=SIMILAR_COMPANY)
    return Method.TOKEN_SET if alike else _DIFFERENT


_NEARER = (_EXACT, Method.COMPANY_SUFFIX, Method.TOKEN_SET, Method.PART, _DIFFERENT)


def companies(one: Iterable[CompanyName], other: Iterable[CompanyName]) -> Method | None:
    """The best agreement among all names of both; all words of one in the other's are a part."""
    found = {_company_or_part(a, b) for a in one for b in other} - {None}
    return next((method for method in _NEARER if method in found), None)


def _company_or_part(one: CompanyName, other: CompanyName) -> Method | None:
    if not one.core or not other.core:
        return None
    method = _EXACT if one.plain == other.plain else _cores(one.core, other.core)
    if method is not _DIFFERENT:
        return method
    words = {*one.core.split()}, {*other.core.split()}
    return Method.PART if words[0] <= words[1] or words[1] <= words[0] else _DIFFERENT


def common(one: frozenset[str], other: frozenset[str]) -> Method | None:
    """Whether anything of one is also the other's."""
    if not one or not other:
        return None
    return _EXACT if one & other else _DIFFERENT
