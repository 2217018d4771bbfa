"""The words of contacting somebody: what for, by which channel, and who says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from rapport_contact.domain.channel import Channel, EmailAddress, PhoneNumber, PostalAddress, SocialProfile


class Purpose(StrEnum):
    """What somebody is contacted for."""

    SALES = "sales"
    MARKETING = "marketing"
    SERVICE = "service"
    BILLING = "billing"


class ContactChannel(StrEnum):
    """A way of contacting somebody, in the usual order of preference."""

    EMAIL = "email"
    PHONE = "phone"
    SMS = "sms"
    POSTAL = "postal"
    SOCIAL = "social"


class Provenance(StrEnum):
    """Who says so, the weightiest first."""

    CUSTOMER = "customer"
    USER = "user"
    INFERRED = "inferred"


class ContactReason(StrEnum):
    """Why somebody may be contacted by a channel, or why not."""

    GRANTED = "granted"
    PERFORMANCE = "performance"
    NO_CONSENT = "no_consent"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    DO_NOT_CALL = "do_not_call"
    NO_ADDRESS = "no_address"
    OPTED_OUT = "opted_out"
    BOUNCED = "bounced"
    QUIET_HOURS = "quiet_hours"
    LESS_PREFERRED = "less_preferred"
    OBJECTED = "objected"
    RESTRICTED = "restricted"


WEIGHT: Mapping[Provenance, int] = MappingProxyType({each: place for place, each in enumerate(Provenance)})
"""Smaller for what counts more."""

_ADDRESS: Mapping[ContactChannel, type] = MappingProxyType(
    {
        ContactChannel.EMAIL: EmailAddress,
        ContactChannel.PHONE: PhoneNumber,
        ContactChannel.SMS: PhoneNumber,
        ContactChannel.POSTAL: PostalAddress,
        ContactChannel.SOCIAL: SocialProfile,
    }
)


@dataclass(frozen=True, slots=True)
class ContactVerdict:
    """Whether a person may be contacted for a purpose by a channel, and why.

    `channel_id` and `address` name the person's channel to use, or the one that stands in the way; `not_before` and
    `time_zone` are set when nothing but quiet hours does.
    """

    person_id: UUID
    purpose: Purpose
    channel: ContactChannel
    allowed: bool
    reason: ContactReason
    consent_id: UUID | None = None
    channel_id: UUID | None = None
    address: str = ""
    not_before: datetime | None = None
    time_zone: str = ""

    @property
    def usable(self) -> bool:
        """Whether the channel may be used, now or when the quiet hours are over."""
        return self.allowed or self.reason is ContactReason.QUIET_HOURS


def address_for(
    channel: ContactChannel, known: Iterable[Channel], at: datetime
) -> tuple[Channel | None, ContactReason | None]:
    """The person's channel to use for contacting by `channel`, and what is wrong with it, if anything is.

    Primary ones come first. When none can be used, the first one tells why.
    """
    current = sorted((each for each in known if _serves(each, channel) and _holds(each, at)), key=_secondary)
    faulty = [(each, _fault(each)) for each in current]
    for each, fault in faulty:
        if fault is None:
            return each, None
    return faulty[0] if faulty else (None, ContactReason.NO_ADDRESS)


def _secondary(channel: Channel) -> bool:
    return not channel.primary


def _serves(known: Channel, channel: ContactChannel) -> bool:
    if not isinstance(known.address, _ADDRESS[channel]):
        return False
    return channel is not ContactChannel.SMS or not _is_landline(known.normalized)


def _is_landline(number: str) -> bool:
    """Whether no text message can arrive at a number in E.164."""
    import phonenumbers

    parsed = phonenumbers.parse(number)
    return phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.FIXED_LINE


def _holds(known: Channel, at: datetime) -> bool:
    return not (known.valid_from and at < known.valid_from) and not (known.valid_to and known.valid_to <= at)


def _fault(known: Channel) -> ContactReason | None:
    if known.opted_out:
        return ContactReason.OPTED_OUT
    if known.bounced_time and not (known.verified_time and known.verified_time > known.bounced_time):
        return ContactReason.BOUNCED
    return None
