"""How good the data on a customer is, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from rapport_contact.domain.channel import Channel, EmailAddress, PhoneNumber, PostalAddress, Website

MONTH = timedelta(days=30.4375)
STALE_MONTHS = 12


class Dimension(StrEnum):
    """What a check is about."""

    COMPLETENESS = "completeness"
    VALIDITY = "validity"
    FRESHNESS = "freshness"
    UNIQUENESS = "uniqueness"


@dataclass(frozen=True, slots=True)
class Seen:
    """What checks look at. `duplicates` is how many other customers share an address with this one."""

    record: Any
    now: datetime
    stale_after: timedelta
    duplicates: int = 0

    def current(self, kind: type) -> list[Channel]:
        """The channels of a kind that still hold."""
        channels: list[Channel] = self.record.channels
        return [each for each in channels if isinstance(each.address, kind) and each.valid_to is None]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that good data has; `reason` and `message` name what is wrong when it has not."""

    dimension: Dimension
    passes: Callable[[Seen], bool]
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Issue:
    """Something to put right, and how many points it costs."""

    reason: str
    cost: int
    message: str


@dataclass(frozen=True, slots=True)
class Quality:
    """Points from 0 to 100, in all and in each dimension (100 where nothing counts), and what lowers them."""

    score: int
    dimensions: Mapping[Dimension, int]
    issues: tuple[Issue, ...]


def _has(kind: type) -> Callable[[Seen], bool]:
    return lambda seen: bool(seen.current(kind))


def _reaches(kind: type) -> Callable[[Seen], bool]:
    """Nothing of the kind is known not to arrive; having none is another check's matter."""
    return lambda seen: all(each.bounced_time is None for each in seen.current(kind))


def _set(*names: str) -> Callable[[Seen], bool]:
    return lambda seen: any(getattr(seen.record, name) for name in names)


def _fresh(seen: Seen) -> bool:
    changed: datetime | None = seen.record.update_time
    return changed is not None and seen.now - changed <= seen.stale_after


_COMMON: Mapping[str, Check] = {
    "email": Check(Dimension.COMPLETENESS, _has(EmailAddress), "email_missing", "Ask for an e-mail address."),
    "email_valid": Check(Dimension.VALIDITY, _reaches(EmailAddress), "email_bounced", "Replace the e-mail address."),
    "phone": Check(Dimension.COMPLETENESS, _has(PhoneNumber), "phone_missing", "Ask for a phone number."),
    "phone_valid": Check(Dimension.VALIDITY, _reaches(PhoneNumber), "phone_unreachable", "Replace the phone number."),
    "address": Check(Dimension.COMPLETENESS, _has(PostalAddress), "address_missing", "Ask for a postal address."),
    "owner": Check(Dimension.COMPLETENESS, _set("owner_id"), "owner_missing", "Give the record an owner."),
    "fresh": Check(Dimension.FRESHNESS, _fresh, "stale", "See whether what is known still holds."),
    "unique": Check(
        Dimension.UNIQUENESS,
        lambda seen: not seen.duplicates,
        "shared_address",
        "Others have the same address: merge the records if they are the same.",
    ),
}
PERSON_CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        **_COMMON,
        "name": Check(Dimension.COMPLETENESS, _set("family_name"), "name_missing", "Ask for the family name."),
        "organisation": Check(
            Dimension.COMPLETENESS, _set("organisation_id"), "organisation_missing", "Say where the person works."
        ),
        "job_title": Check(Dimension.COMPLETENESS, _set("job_title"), "job_title_missing", "Ask for the job title."),
    }
)
ORGANISATION_CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        **_COMMON,
        "name": Check(Dimension.COMPLETENESS, _set("legal_name"), "name_missing", "Find out the legal name."),
        "domain": Check(
            Dimension.COMPLETENESS,
            lambda seen: bool(seen.record.domains or seen.current(Website)),
            "domain_missing",
            "Add the internet domain.",
        ),
        "industry": Check(Dimension.COMPLETENESS, _set("industry"), "industry_missing", "Say which industry it is in."),
        "tax_id": Check(Dimension.COMPLETENESS, _set("tax_ids"), "tax_id_missing", "Ask for the tax number."),
    }
)
PERSON_WEIGHTS: Mapping[str, int] = MappingProxyType(
    {"name": 15, "email": 20, "email_valid": 10, "phone": 10, "owner": 10, "organisation": 5, "fresh": 15, "unique": 15}
)
ORGANISATION_WEIGHTS: Mapping[str, int] = MappingProxyType(
    {"email": 10, "phone": 15, "address": 15, "domain": 20, "industry": 10, "owner": 10, "fresh": 10, "unique": 10}
)
"""What counts where a tenant has set nothing."""


def evaluate(seen: Seen, checks: Mapping[str, Check], weights: Mapping[str, int]) -> Quality:
    """The share of the weights whose checks pass, in percent, rounded half to even.

    `weights` name some of `checks`, and at least one is above zero.
    """
    total = sum(weights.values())
    counted = {name: weight for name, weight in weights.items() if weight}
    failed = {name: weight for name, weight in counted.items() if not checks[name].passes(seen)}
    issues = [
        Issue(checks[name].reason, round(100 * weight / total), checks[name].message) for name, weight in failed.items()
    ]
    dimensions = {}
    for dimension in Dimension:
        of = {name: weight for name, weight in counted.items() if checks[name].dimension is dimension}
        lost = sum(weight for name, weight in of.items() if name in failed)
        dimensions[dimension] = round(100 * (1 - lost / sum(of.values()))) if of else 100
    score = round(100 * (total - sum(failed.values())) / total)
    return Quality(score, dimensions, tuple(sorted(issues, key=lambda each: (-each.cost, each.reason))))
