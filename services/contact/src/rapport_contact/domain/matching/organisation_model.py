"""How organisations are compared, and what each agreement is worth.

The shipped m are judgements of how often companies are renamed, mistyped and moved, and the shipped u how often two of
some ten thousand agree; no labelled pairs went into them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rapport_contact.domain.matching import levels
from rapport_contact.domain.matching.levels import Method
from rapport_contact.domain.matching.model import Model, Reason, bits_of
from rapport_contact.domain.matching.organisation_features import OrganisationFeatures, organisation_keys

_M_U: Final[Mapping[str, Mapping[Method, tuple[float, float]]]] = {
    "name": {
        Method.EXACT: (0.55, 0.00001),
        Method.COMPANY_SUFFIX: (0.25, 0.00001),
        Method.TOKEN_SET: (0.08, 0.0002),
        Method.PART: (0.07, 0.002),
        Method.DIFFERENT: (0.05, 0.9978),
    },
    "domain": {
        Method.EXACT: (0.6, 0.00005),
        Method.DIFFERENT: (0.4, 0.99995),
    },
    "email": {
        Method.EXACT: (0.3, 0.000001),
        Method.DIFFERENT: (0.7, 0.999999),
    },
    "phone": {
        Method.EXACT: (0.45, 0.00001),
        Method.TYPO: (0.03, 0.00005),
        Method.DIFFERENT: (0.52, 0.99994),
    },
    "address": {
        Method.EXACT: (0.4, 0.00005),
        Method.TYPO: (0.2, 0.0001),
        Method.STREET: (0.1, 0.0005),
        Method.LOCALITY: (0.15, 0.02),
        Method.DIFFERENT: (0.15, 0.97935),
    },
    "tax_id": {
        Method.EXACT: (0.95, 0.0000005),
        Method.DIFFERENT: (0.05, 0.9999995),
    },
}
ORGANISATION_FIELDS: Final = tuple(_M_U)


@dataclass(frozen=True)
class OrganisationModel(Model[OrganisationFeatures]):
    """A group's companies and the tenants of a house share domain, telephone and address."""

    bits = bits_of(_M_U)
    names = frozenset({"name"})
    circumstances = frozenset({"domain", "email", "phone", "address"})
    most_shared = 16.0

    def keys(self, record: OrganisationFeatures) -> list[str]:
        """See `organisation_keys`."""
        return organisation_keys(record)

    def evidence(self, one: OrganisationFeatures, other: OrganisationFeatures) -> list[Reason]:
        """Names first, then what they share."""
        mail = levels.common(one.emails, other.emails)
        return self.reasons(
            ("name", levels.companies(one.names, other.names)),
            ("tax_id", _tax_ids(one, other)),
            ("email", mail),
            ("phone", levels.phone(one.phones, other.phones)),
            ("address", levels.place(one.places, other.places)),
            # An address that is the same has the same domain: that is no second reason.
            ("domain", None if mail is Method.EXACT else levels.common(one.domains, other.domains)),
        )


def _tax_ids(one: OrganisationFeatures, other: OrganisationFeatures) -> Method | None:
    """Numbers of different countries say nothing of one another."""
    countries = {country for country, _ in one.tax_ids} & {country for country, _ in other.tax_ids}
    mine, theirs = (
        frozenset(f"{country}:{number}" for country, number in each.tax_ids if country in countries)
        for each in (one, other)
    )
    return levels.common(mine, theirs)
