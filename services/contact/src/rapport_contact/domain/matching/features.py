"""What of a record is compared, normalised."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple
from uuid import UUID

from rapport_contact.domain.channel import Address, Channel, EmailAddress, PhoneNumber, PostalAddress
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


class Reached(NamedTuple):
    """A way to reach somebody, as far as it is compared: of all but postal addresses the normalised form is enough."""

    kind: type[Address]
    normalized: str
    address: PostalAddress | None = None

    @classmethod
    def by(cls, channels: Iterable[Channel]) -> list[Reached]:
        """Those of some channels that are still true."""
        return [
            cls(type(address), each.normalized, address if isinstance(address, PostalAddress) else None)
            for each in channels
            if each.valid_to is None
            for address in (each.address,)
        ]


@dataclass(slots=True, kw_only=True)
class Features:
    """A person as the matcher sees it; what is empty or None is not known. Not frozen: that takes thrice the time."""

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
        channels=Reached.by(person.channels),
    )


def features_of(
    *,
    given: str,
    family: str,
    display: str,
    birth: PartialDate | None,
    employer: UUID | None,
    organisation: str,
    channels: Sequence[Reached],
) -> Features:
    """Normalise what is known. The words of `display` serve where both names lack, unless it shows a channel."""
    givens, families = _words_of_name(given), _words_of_name(family)
    if not givens and not families and display not in {each.normalized for each in channels}:
        shown = tuple(words_of(display))
        givens, families = shown[:-1], shown[-1:]
    emails = of_kind(channels, EmailAddress)
    hosts = [email.partition("@")[2] for email in emails]
    return Features(
        given=" ".join(givens),
        family=" ".join(families),
        birth=birth,
        emails=frozenset(emails),
        phones=frozenset(of_kind(channels, PhoneNumber)),
        places=places_of(channels),
        employer=employer,
        organisation=plain_name(organisation),
        company=core_name(organisation),
        domains=frozenset([host for host in hosts if host not in FREE_MAIL]),
    )


@lru_cache(65_536)
def _words_of_name(name: str) -> tuple[str, ...]:
    """Remembered, since few names are many people's."""
    return tuple(words_of(name))


def of_kind(channels: Sequence[Reached], kind: type[Address]) -> list[str]:
    """The first channels of a kind, normalised."""
    return [each[1] for each in channels if each[0] is kind][:MOST]


def places_of(channels: Sequence[Reached]) -> tuple[Place, ...]:
    """The distinct ones of the first postal addresses."""
    places = [Place.of(each[2]) for each in channels if each[2] is not None]
    return tuple(dict.fromkeys(places[:MOST]))
