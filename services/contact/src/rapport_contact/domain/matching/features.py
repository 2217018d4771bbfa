"""What of a record is compared, normalised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from uuid import UUID

from rapport_contact.domain.channel import Address, EmailAddress, PhoneNumber, PostalAddress
from rapport_contact.domain.matching.companies import core_name, plain_name
from rapport_contact.domain.person import Person
from rapport_contact.domain.words import listed, words_of
from rapport_kit.domain import PartialDate

MOST: Final = 4
"""Addresses of one kind that are compared: the first of a record, which are those that matter."""
ROLES: Final = listed(
    """
    abuse accounting accounts admin billing contact enquiries hello help hostmaster hr info jobs mail marketing news
    noc no-reply noreply office orders postmaster sales security service support team webmaster
    """
)
"""Mailboxes of a function, not of a person (RFC 2142, and what is common beside it)."""
FREE_MAIL: Final = listed(
    """
    126.com 163.com aol.com gmail.com gmx.at gmx.ch gmx.de gmx.net googlemail.com hotmail.com hotmail.co.uk
    icloud.com libero.it live.com mac.com mail.com mail.ru me.com msn.com naver.com orange.fr outlook.com proton.me
    protonmail.com qq.com t-online.de wanadoo.fr web.de yahoo.com yahoo.co.jp yahoo.co.uk yandex.ru
    """
)
"""Domains at which anybody may have an address: they say nothing of an employer."""


@dataclass(frozen=True, slots=True)
class Place:
    """A postal address: the lines without numbers, the house number, postcode and city, all folded."""

    lines: tuple[str, ...]
    number: str
    postcode: str
    city: str

    @classmethod
    def of(cls, address: PostalAddress) -> Place:
        """The parts of an address; the first word with a digit is the house number."""
        words = [words_of(line) for line in address.lines]
        number = next((word for line in words for word in line if word[0].isdigit()), "")
        lines = [" ".join(word for word in line if word != number) for line in words]
        postcode = "".join(words_of(address.postcode))
        return cls(tuple(line for line in lines if line)[:MOST], number, postcode, " ".join(words_of(address.city)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """A person as the matcher sees it; what is empty or None is not known."""

    given: str = ""
    family: str = ""
    birth: PartialDate | None = None
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    places: tuple[Place, ...] = ()
    employer: UUID | None = None
    organisation: str = ""
    """The employer's name with its legal form."""
    company: str = ""
    """The employer's name without its legal form."""
    domains: frozenset[str] = frozenset()
    """Where a company keeps the person's e-mail."""


def person_features(person: Person, organisation: str = "") -> Features:
    """The features of a person whose employer has that name; of channels those that are still true."""
    return features_of(
        given=f"{person.given_name} {person.middle_name}",
        family=person.family_name,
        display=person.display_name,
        birth=person.birth_date,
        employer=person.organisation_id,
        organisation=organisation,
        channels=[(each.address, each.normalized) for each in person.channels if each.valid_to is None],
    )


def features_of(
    *,
    given: str,
    family: str,
    display: str,
    birth: PartialDate | None,
    employer: UUID | None,
    organisation: str,
    channels: Sequence[tuple[Address, str]],
) -> Features:
    """Normalise what is known. The words of `display` serve where both names lack, unless it shows a channel."""
    givens, families = _words_of_name(given), _words_of_name(family)
    if not givens and not families and display not in {normalized for _, normalized in channels}:
        shown = tuple(words_of(display))
        givens, families = shown[:-1], shown[-1:]
    emails = of_kind(channels, EmailAddress)
    hosts = (email.partition("@")[2] for email in emails)
    places = [Place.of(address) for address, _ in channels if isinstance(address, PostalAddress)]
    return Features(
        given=" ".join(givens),
        family=" ".join(families),
        birth=birth,
        emails=frozenset(emails),
        phones=frozenset(of_kind(channels, PhoneNumber)),
        places=tuple(dict.fromkeys(places[:MOST])),
        employer=employer,
        organisation=plain_name(organisation),
        company=core_name(organisation),
        domains=frozenset(host for host in hosts if host not in FREE_MAIL),
    )


@lru_cache(65_536)
def _words_of_name(name: str) -> tuple[str, ...]:
    """Remembered, since few names are many people's."""
    return tuple(words_of(name))


def of_kind(channels: Sequence[tuple[Address, str]], kind: type) -> list[str]:
    """The first channels of a kind, normalised."""
    return [normalized for address, normalized in channels if isinstance(address, kind)][:MOST]
