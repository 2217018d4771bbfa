"""The ways to reach somebody, each normalised so that equal addresses compare equal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from rapport_kit.domain import Owned
from rapport_kit.errors import Invalid, Violation

if TYPE_CHECKING:
    import phonenumbers

_LONGEST_EMAIL: Final = 254
_PLAIN_EMAIL: Final = re.compile(r"((?=[^@]{1,64}@)[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*)@([A-Za-z0-9.-]+)")
"""Addresses of which only the domain must be looked at closely; nearly all are such."""


@lru_cache(4096)
def _ascii_domain(domain: str) -> str:
    """The domain in its ASCII form; EmailNotValidError when it is none. Colleagues share one."""
    return validate_email(f"a@{domain}", check_deliverability=False).ascii_domain


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An e-mail address as RFC 5321 delivers to it."""

    address: str

    def normalized(self, default_region: str) -> str:
        """Lower case throughout, the domain in its ASCII form (IDNA)."""
        address = self.address.strip()
        try:
            if len(address) <= _LONGEST_EMAIL and (plain := _PLAIN_EMAIL.fullmatch(address)):
                return f"{plain[1]}@{_ascii_domain(plain[2])}".lower()
            checked = validate_email(address, check_deliverability=False)
        except EmailNotValidError as error:
            raise Invalid.field("email.address", "INVALID_EMAIL", "must be an e-mail address") from error
        return f"{checked.local_part}@{checked.ascii_domain}".lower()


@lru_cache(1024)
def read_number(number: str, region: str) -> phonenumbers.PhoneNumber:
    """The parts of a number, to be read only. What was typed as it is stored is read again for the search for it."""
    import phonenumbers

    return phonenumbers.parse(number, region or None)


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A phone number as typed, and the country to read a national number in."""

    number: str
    region: str = ""

    def normalized(self, default_region: str) -> str:
        """E.164; the extension, which E.164 does not know, behind it as RFC 3966 writes it."""
        import phonenumbers

        try:
            number = read_number(self.number, self.region or default_region)
        except phonenumbers.NumberParseException as error:
            if error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
                raise Invalid.field(
                    "phone.region", "REGION_REQUIRED", "must be set unless the number begins with + and a country code"
                ) from error
            raise Invalid.field("phone.number", "INVALID_PHONE", "must be a phone number") from error
        if not phonenumbers.is_possible_number(number):
            raise Invalid.field("phone.number", "INVALID_PHONE", "has too few or too many digits for its country")
        written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return f"{written};ext={number.extension}" if number.extension else written


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """A postal address, in the parts that sorting and delivery need."""

    lines: tuple[str, ...] = ()
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""

    def normalized(self, default_region: str) -> str:
        """All parts in lower case with single spaces, from the street to the country."""
        parts = (*self.lines, self.postcode, self.city, self.region, self.country or default_region)
        written = [" ".join(part.split()).casefold() for part in parts if part.strip()]
        if not any((*self.lines, self.city, self.region, self.postcode)):
            raise Invalid.field("postal", "REQUIRED", "must have a line, a city, a region or a postcode")
        return ", ".join(written)


@dataclass(frozen=True, slots=True)
class Website:
    """A page on the web."""

    uri: str

    def normalized(self, default_region: str) -> str:
        """With a scheme (https when absent), scheme and host in lower case, no bare slash at the end."""
        text = self.uri.strip()
        try:
            parts = urlsplit(text if "://" in text else f"https://{text}")
            host, port = (parts.hostname or "").encode("idna").decode("ascii").lower(), parts.port
        except ValueError as error:
            raise Invalid.field("website.uri", "INVALID_URI", "must be the address of a web page") from error
        if parts.scheme.lower() not in ("http", "https") or "." not in host or any(map(str.isspace, text)):
            raise Invalid.field("website.uri", "INVALID_URI", "must be an http or https address with a host")
        if parts.username is not None:
            raise Invalid.field("website.uri", "INVALID_URI", "must not hold a user name or password")
        authority = f"{host}:{port}" if port is not None else host
        path = "" if parts.path == "/" else parts.path
        return parts._replace(scheme=parts.scheme.lower(), netloc=authority, path=path).geturl()


@dataclass(frozen=True, slots=True)
class SocialProfile:
    """An account on a social network; `network` is the network's name in lower case."""

    network: str
    handle: str

    def normalized(self, default_region: str) -> str:
        """`network:handle` in lower case, without the @ that some write before a handle."""
        network, handle = self.network.strip().lower(), self.handle.strip().removeprefix("@").lower()
        if not handle:
            raise Invalid.field("social.handle", "REQUIRED", "must be set")
        return f"{network}:{handle}"


Address: TypeAlias = EmailAddress | PhoneNumber | PostalAddress | Website | SocialProfile


@dataclass(kw_only=True, eq=False)
class Channel(Owned):
    """One way to reach a person or an organisation, with the time in which it was true."""

    address: Address
    label: str = ""
    primary: bool = False
    normalized: str = ""
    verified_time: datetime | None = None
    bounced_time: datetime | None = None
    opted_out: bool = False
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    source: str = ""

    def normalize(self, default_region: str) -> None:
        """Derive `normalized`, which depends on the address and for a national phone number on the country."""
        self.normalized = self.address.normalized(default_region)


def settle_channels(channels: list[Channel], default_region: str = "") -> None:
    """Put the channels of one owner in order: normalised, and of each kind exactly one current channel primary.

    Raises:
        Invalid: with a violation for each channel whose address is none, or that ends before it begins.
    """
    faults: list[Violation] = []
    for index, channel in enumerate(channels):
        try:
            channel.normalize(default_region)
        except Invalid as error:
            faults += error.within(f"channels[{index}]").violations
        if channel.valid_from and channel.valid_to and channel.valid_to < channel.valid_from:
            faults.append(Violation(f"channels[{index}].valid_to", "INVALID_RANGE", "must not lie before valid_from"))
    if faults:
        raise Invalid(faults[0].reason, f"{faults[0].field}: {faults[0].message}", violations=faults)
    _choose_primaries(channels)


def _choose_primaries(channels: list[Channel]) -> None:
    """Of each kind: the last that is marked, or else the first that is still true. What has ended is never primary."""
    chosen: dict[type, Channel] = {}
    for channel in channels:
        if channel.valid_to is None and (channel.primary or type(channel.address) not in chosen):
            chosen[type(channel.address)] = channel
    for channel in channels:
        if channel.primary != (primary := chosen.get(type(channel.address)) is channel):
            channel.primary = primary
