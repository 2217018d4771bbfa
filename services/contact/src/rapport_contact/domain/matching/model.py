"""The score of a pair: how much more likely its agreements are for one person than for two.

Fellegi and Sunter, "A Theory for Record Linkage" (JASA 64, 1969): each field adds log2(m / u), where m is the
probability of its level of agreement in records of one person and u that in records of two. With the log-odds of the
prior this gives the probability of a match, which is the score. What either record lacks adds nothing.

The shipped m are judgements of how often data are mistyped, moved and renamed, and the shipped u how often strangers
agree in a population of some ten thousand; no labelled pairs went into them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Final

from rapport_contact.domain.matching import levels
from rapport_contact.domain.matching.features import ROLES, Features
from rapport_contact.domain.matching.levels import Method

Level = tuple[str, Method]
"""A field and how it agrees."""
SWAPPED_BITS: Final = -3.0
"""What it costs to read a given name as a family name: about one record in eight of those that are wrong at all."""
PRIOR_BITS: Final = -14.0
"""log2 of the odds that two records are the same before anything of them is compared: one in 16,000."""
SHARED_BITS: Final = 16.0
"""What names, home, phone and employer add together at most, unless both names agree: relatives and colleagues share
them, so these fields are then no independent witnesses."""
_SHARED: Final = frozenset({"given_name", "family_name", "address", "phone", "organisation", "domain"})

_M_U: Final[Mapping[str, Mapping[Method, tuple[float, float]]]] = {
    "given_name": {
        Method.EXACT: (0.78, 0.008),
        Method.NICKNAME: (0.04, 0.003),
        Method.PART: (0.04, 0.003),
        Method.TYPO: (0.06, 0.004),
        Method.PHONETIC: (0.02, 0.003),
        Method.INITIAL: (0.02, 0.015),
        Method.DIFFERENT: (0.04, 0.964),
    },
    "family_name": {
        Method.EXACT: (0.82, 0.0025),
        Method.PART: (0.03, 0.001),
        Method.TYPO: (0.08, 0.003),
        Method.PHONETIC: (0.02, 0.002),
        Method.DIFFERENT: (0.05, 0.9915),
    },
    "birth_date": {
        Method.EXACT: (0.88, 0.00004),
        Method.DAY: (0.9, 0.0027),
        Method.TYPO: (0.08, 0.002),
        Method.DIFFERENT: (0.04, 0.998),
    },
    "email": {
        Method.EXACT: (0.5, 0.00000002),
        Method.TYPO: (0.03, 0.00001),
        Method.LOCAL_PART: (0.07, 0.0005),
        Method.SHARED: (0.05, 0.0005),
        Method.DIFFERENT: (0.35, 0.999),
    },
    "phone": {
        Method.EXACT: (0.5, 0.000005),
        Method.TYPO: (0.03, 0.00005),
        Method.DIFFERENT: (0.47, 0.9999),
    },
    "address": {
        Method.EXACT: (0.5, 0.000005),
        Method.TYPO: (0.25, 0.000015),
        Method.STREET: (0.08, 0.0002),
        Method.LOCALITY: (0.07, 0.01),
        Method.DIFFERENT: (0.1, 0.99),
    },
    "organisation": {
        Method.EXACT: (0.5, 0.002),
        Method.COMPANY_SUFFIX: (0.2, 0.0008),
        Method.TOKEN_SET: (0.05, 0.001),
        Method.DIFFERENT: (0.25, 0.996),
    },
    "domain": {
        Method.EXACT: (0.6, 0.005),
        Method.DIFFERENT: (0.4, 0.995),
    },
}
FIELDS: Final = tuple(_M_U)
SHIPPED: Final[Mapping[Level, float]] = MappingProxyType(
    {(name, method): math.log2(m / u) for name, by_method in _M_U.items() for method, (m, u) in by_method.items()}
)
"""Bits that each level adds."""


@dataclass(frozen=True, slots=True)
class Reason:
    """What one field says: how it agrees, and how many bits that adds."""

    field: str
    method: str
    contribution: float


@dataclass(frozen=True, slots=True)
class Match:
    """The probability that a pair is one, and why, the most telling first."""

    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Model:
    """Weights of a tenant: `factors` multiply the shipped bits of a field, from 0 (ignored) to 2."""

    factors: Mapping[str, float] = field(default_factory=dict)
    bits: Mapping[Level, float] = field(default_factory=lambda: SHIPPED)
    prior: float = PRIOR_BITS

    def compare(self, one: Features, other: Features) -> Match:
        """Weigh two records; which is which makes no difference."""
        reasons = [*self._names(one, other), *self._circumstances(one, other)]
        surplus = _shared(reasons) - SHARED_BITS
        if surplus > 0 and not _named_alike(reasons):
            reasons.append(Reason("circumstances", "shared", -surplus))
        reasons.sort(key=lambda reason: -abs(reason.contribution))
        return Match(_probability(self.prior + _bits(reasons)), tuple(reasons))

    def _circumstances(self, one: Features, other: Features) -> Iterable[Reason]:
        mail = levels.email(one, other, ROLES)
        found = {
            "birth_date": levels.birth_date(one.birth, other.birth),
            "email": mail,
            "phone": levels.phone(one.phones, other.phones),
            "address": levels.place(one.places, other.places),
            "organisation": levels.organisation(one, other),
            # An address that is the same has the same domain: that is no second reason.
            "domain": None if mail is Method.EXACT else levels.domain(one.domains, other.domains),
        }
        return [self._reason(name, method) for name, method in found.items() if method is not None]

    def _names(self, one: Features, other: Features) -> list[Reason]:
        """The names as they stand or exchanged, whichever says more."""
        standing = self._both(levels.given_name(one.given, other.given), levels.family_name(one.family, other.family))
        if _bits(standing) > 0:
            return standing
        crossed = levels.family_name(one.given, other.family), levels.family_name(one.family, other.given)
        exchanged = self._both(*sorted(crossed, key=str))
        better = _bits(exchanged) > 0 and _bits(exchanged) + SWAPPED_BITS > _bits(standing)
        return [*exchanged, Reason("name", "swapped", SWAPPED_BITS)] if better else standing

    def _both(self, given: Method | None, family: Method | None) -> list[Reason]:
        found = {"given_name": given, "family_name": family}
        return [self._reason(name, method) for name, method in found.items() if method is not None]

    def _reason(self, name: str, method: Method) -> Reason:
        return self._reasons[name, method]

    @cached_property
    def _reasons(self) -> Mapping[Level, Reason]:
        """Made once: a slice of an import asks for a hundred thousand."""
        return {
            (name, method): Reason(name, method.value, self.factors.get(name, 1.0) * bits)
            for (name, method), bits in self.bits.items()
        }


def _named_alike(reasons: Iterable[Reason]) -> bool:
    """Whether given and family name are both known of both, and agree."""
    agreeing = {reason.field for reason in reasons if reason.method != Method.DIFFERENT}
    return {"given_name", "family_name"} <= agreeing


def _shared(reasons: Iterable[Reason]) -> float:
    return sum(max(reason.contribution, 0.0) for reason in reasons if reason.field in _SHARED)


def _bits(reasons: Iterable[Reason]) -> float:
    return sum(reason.contribution for reason in reasons)


def _probability(bits: float) -> float:
    """The probability of odds of 2 to the power of `bits`."""
    return 1 / (1 + math.pow(2, max(min(-bits, 1000.0), -1000.0)))
