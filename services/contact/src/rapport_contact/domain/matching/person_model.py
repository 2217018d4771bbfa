"""How people are compared, and what each agreement is worth.

The shipped m are judgements of how often data are mistyped, moved and renamed, and the shipped u how often strangers
agree in a population of some ten thousand; no labelled pairs went into them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rapport_contact.domain.matching import levels
from rapport_contact.domain.matching.features import ROLES, Features
from rapport_contact.domain.matching.keys import blocking_keys
from rapport_contact.domain.matching.levels import Method
from rapport_contact.domain.matching.model import Model, Reason, bits_of, total

SWAPPED_BITS: Final = -3.0
"""What it costs to read a given name as a family name: about one record in eight of those that are wrong at all."""

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
        Method.NUMBERED: (0.02, 0.64),  # of strangers of one name at one host, who are given a number for that
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


@dataclass(frozen=True)
class PersonModel(Model[Features]):
    """Relatives and colleagues share names, home, phone and employer."""

    bits = bits_of(_M_U)
    names = frozenset({"given_name", "family_name"})
    circumstances = frozenset({"given_name", "family_name", "address", "phone", "organisation", "domain"})
    most_shared = 16.0

    def keys(self, record: Features) -> list[str]:
        """See `blocking_keys`."""
        return blocking_keys(record)

    def evidence(self, one: Features, other: Features) -> list[Reason]:
        """Names first, then circumstances."""
        mail = levels.email(one.emails, other.emails, ROLES)
        return self._names(one, other) + self.reasons(
            ("birth_date", levels.birth_date(one.birth, other.birth)),
            ("email", mail),
            ("phone", levels.phone(one.phones, other.phones)),
            ("address", levels.place(one.places, other.places)),
            ("organisation", levels.organisation(one, other)),
            # What says that the host is the same has said it: the domain is no second reason.
            ("domain", None if mail in (Method.EXACT, Method.NUMBERED) else levels.common(one.domains, other.domains)),
        )

    def _names(self, one: Features, other: Features) -> list[Reason]:
        """The names as they stand or exchanged, whichever says more."""
        standing = self._both(levels.given_name(one.given, other.given), levels.family_name(one.family, other.family))
        if total(standing) > 0:
            return standing
        crossed = levels.family_name(one.given, other.family), levels.family_name(one.family, other.given)
        exchanged = self._both(*sorted(crossed, key=str))
        better = total(exchanged) > 0 and total(exchanged) + SWAPPED_BITS > total(standing)
        return [*exchanged, Reason("name", "swapped", SWAPPED_BITS)] if better else standing

    def _both(self, given: Method | None, family: Method | None) -> list[Reason]:
        return self.reasons(("given_name", given), ("family_name", family))
