"""What of an organisation is compared, normalised, and the keys under which one like it is looked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from rapport_contact.domain.channel import EmailAddress, PhoneNumber, Website
from rapport_contact.domain.matching.companies import CompanyName
from rapport_contact.domain.matching.features import FREE_MAIL, MOST, Place, Reached, of_kind, places_of
from rapport_contact.domain.matching.keys import MOST_KEYS, phone_key, place_keys
from rapport_contact.domain.matching.names import sound
from rapport_contact.domain.organisation import Organisation, TaxId
from rapport_contact.domain.words import listed, words_of

SHARED_HOSTS: Final = listed(
    """
    facebook.com github.com github.io google.com instagram.com linkedin.com medium.com sites.google.com tiktok.com
    twitter.com wordpress.com x.com xing.com youtube.com
    """
)
"""Hosts at which anybody may have a page: they say nothing of whose it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationFeatures:
    """An organisation as the matcher sees it; what is empty is not known."""

    names: tuple[CompanyName, ...] = ()
    domains: frozenset[str] = frozenset()
    """Those it says are its, and those of its pages and mailboxes."""
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    places: tuple[Place, ...] = ()
    tax_ids: frozenset[tuple[str, str]] = frozenset()


def organisation_features(organisation: Organisation) -> OrganisationFeatures:
    """The features of an organisation; of channels those that are still true."""
    return features_of_organisation(
        names=(organisation.display_name, organisation.legal_name),
        domains=organisation.domains,
        tax_ids=organisation.tax_ids,
        channels=Reached.by(organisation.channels),
    )


def features_of_organisation(
    *, names: Iterable[str], domains: Sequence[str], tax_ids: Iterable[TaxId], channels: Sequence[Reached]
) -> OrganisationFeatures:
    """Normalise what is known."""
    emails = of_kind(channels, EmailAddress)
    pages = [(urlsplit(uri).hostname or "") for uri in of_kind(channels, Website)]
    hosts = {*domains[:MOST], *(email.partition("@")[2] for email in emails), *pages}
    numbers = ((each.country.upper(), "".join(words_of(each.value)).upper()) for each in tax_ids)
    return OrganisationFeatures(
        names=tuple(dict.fromkeys(name for name in map(CompanyName.of, names) if name.core)),
        domains=frozenset(host.removeprefix("www.") for host in hosts) - FREE_MAIL - SHARED_HOSTS - {""},
        emails=frozenset(emails),
        phones=frozenset(of_kind(channels, PhoneNumber)),
        places=places_of(channels),
        tax_ids=frozenset((country, number.removeprefix(country)) for country, number in numbers if number),
    )


def organisation_keys(record: OrganisationFeatures) -> list[str]:
    """The distinct keys of an organisation, in the clear and most telling first; empty when too little is known."""
    return list(dict.fromkeys(_keys(record)))[:MOST_KEYS]


def _keys(record: OrganisationFeatures) -> Iterator[str]:
    yield from (f"t:{country}:{number}" for country, number in sorted(record.tax_ids))
    yield from (f"d:{domain}" for domain in sorted(record.domains))
    yield from (f"e:{email}" for email in sorted(record.emails))
    yield from (phone_key(phone) for phone in sorted(record.phones))
    for name in record.names:
        yield f"c:{name.core.replace(' ', '')}"
        yield "n:" + ":".join(sorted(sound(word) for word in name.core.split()[:2]))
    yield from place_keys(record.places, [word for name in record.names for word in name.core.split()[:2]])
