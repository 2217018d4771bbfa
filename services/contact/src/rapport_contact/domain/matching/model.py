"""The score of a pair: how much more likely its agreements are for one record than for two.

Fellegi and Sunter, "A Theory for Record Linkage" (JASA 64, 1969): each field adds log2(m / u), where m is the
probability of its level of agreement in two records of the same and u that in records of two. With the log-odds of the
prior this gives the probability of a match, which is the score. What either record lacks adds nothing.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import ClassVar, Final, Generic, TypeVar

from rapport_contact.domain.matching.levels import Method

Level = tuple[str, Method]
"""A field and how it agrees."""
PRIOR_BITS: Final = -14.0
"""log2 of the odds that two records are the same before anything of them is compared: one in 16,000."""
_ROUNDING: Final = 1e-9
"""More than by what a score may differ when its bits are summed up in another order."""
F = TypeVar("F")


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


def bits_of(table: Mapping[str, Mapping[Method, tuple[float, float]]]) -> Mapping[Level, float]:
    """Bits that each level adds, by its m and u."""
    levels = ((name, method, m, u) for name, by_method in table.items() for method, (m, u) in by_method.items())
    return MappingProxyType({(name, method): math.log2(m / u) for name, method, m, u in levels})


@dataclass(frozen=True)
class Model(ABC, Generic[F]):
    """How records of one kind, of which the matcher sees `F`, are found and weighed.

    `factors`, the weights of a tenant, multiply the shipped bits of a field, from 0 (ignored) to 2.
    """

    bits: ClassVar[Mapping[Level, float]]
    """Bits that each level adds."""
    names: ClassVar[frozenset[str]]
    """What a record is called by."""
    circumstances: ClassVar[frozenset[str]]
    """What those share who are near one another; unless all names agree, these fields are no independent witnesses."""
    most_shared: ClassVar[float]
    """Bits that circumstances add together at most, unless all names agree."""

    factors: Mapping[str, float] = field(default_factory=dict)
    prior: float = PRIOR_BITS

    @abstractmethod
    def keys(self, record: F) -> list[str]:
        """The distinct keys of a record, in the clear, the most telling first: only what shares one is compared."""

    @abstractmethod
    def evidence(self, one: F, other: F) -> list[Reason]:
        """What each field that both have says; a list that is the caller's."""

    def compare(self, one: F, other: F) -> Match:
        """Weigh two records; which is which makes no difference."""
        return self._weighed(self.evidence(one, other))

    def likely(self, one: F, other: F, least: float) -> Match | None:
        """`compare`, but None for a score below `least`: most of those that share a key are strangers."""
        reasons = self.evidence(one, other)
        if self.prior + total(reasons) < _fewest(least):  # nothing adds to what the fields say
            return None
        match = self._weighed(reasons)
        return match if match.score >= least else None

    def _weighed(self, reasons: list[Reason]) -> Match:
        surplus = self._shared(reasons) - self.most_shared
        if surplus > 0 and not self._named_alike(reasons):
            reasons.append(Reason("circumstances", "shared", -surplus))
        reasons.sort(key=lambda reason: -abs(reason.contribution))
        return Match(_probability(self.prior + total(reasons)), tuple(reasons))

    def reasons(self, *found: tuple[str, Method | None]) -> list[Reason]:
        """The reasons for how fields agree; None for those that either record lacks."""
        reasons = self._reasons
        return [reasons[each] for each in found if each[1] is not None]  # type: ignore[index]

    @cached_property
    def _reasons(self) -> Mapping[Level, Reason]:
        """Made once: a slice of an import asks for a hundred thousand."""
        return {
            (name, method): Reason(name, method.value, self.factors.get(name, 1.0) * bits)
            for (name, method), bits in self.bits.items()
        }

    def _named_alike(self, reasons: Iterable[Reason]) -> bool:
        """Whether all names are known of both, and agree."""
        return self.names <= {reason.field for reason in reasons if reason.method != Method.DIFFERENT}

    def _shared(self, reasons: Iterable[Reason]) -> float:
        return sum(max(reason.contribution, 0.0) for reason in reasons if reason.field in self.circumstances)


def total(reasons: Iterable[Reason]) -> float:
    """The bits of several reasons together."""
    return sum([reason.contribution for reason in reasons])


@lru_cache(1024)
def _fewest(score: float) -> float:
    """Bits below which a score is surely not reached."""
    below = score - _ROUNDING
    return math.log2(below / (1 - below)) if below > 0 else -math.inf


def _probability(bits: float) -> float:
    """The probability of odds of 2 to the power of `bits`."""
    return 1 / (1 + math.pow(2, max(min(-bits, 1000.0), -1000.0)))
