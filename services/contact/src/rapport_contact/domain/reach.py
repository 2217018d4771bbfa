"""May we contact this person? One answer of everything that bears on it: rights, ledger, addresses, quiet hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rapport_contact.domain.channel import Channel
from rapport_contact.domain.channel_preference import ChannelPreference, preference_for
from rapport_contact.domain.consent import NEEDS_GRANT, Consent, standing
from rapport_contact.domain.contacting import ContactChannel, ContactReason, ContactVerdict, Purpose, address_for
from rapport_contact.domain.privacy_request import PrivacyRequest, barred

ALLOWING = frozenset({ContactReason.GRANTED, ContactReason.PERFORMANCE})


@dataclass(frozen=True, slots=True)
class Reach:
    """What is known of contacting one person; `time_zone` is the IANA name, empty when not known."""

    person_id: UUID
    time_zone: str = ""
    channels: tuple[Channel, ...] = ()
    consents: tuple[Consent, ...] = ()
    preferences: tuple[ChannelPreference, ...] = ()
    privacy_requests: tuple[PrivacyRequest, ...] = ()

    def check(self, purpose: Purpose, channel: ContactChannel, at: datetime) -> ContactVerdict:
        """Whether the person may be contacted at a time; the first of these that forbids it tells why.

        1. an objection or a restriction (`barred`), of what is not part of a contract; no grant lifts it;
        2. the ledger (`standing`);
        3. the addresses (`address_for`): none, opted out, bounced;
        4. the quiet hours of the preference that counts, which only defer.
        """
        if purpose in NEEDS_GRANT and (bar := barred(self.privacy_requests, at)) is not None:
            return ContactVerdict(self.person_id, purpose, channel, False, bar)
        reason, entry = standing(self.consents, purpose, channel, at)
        consent_id = entry.id if entry else None
        if reason not in ALLOWING:
            return ContactVerdict(self.person_id, purpose, channel, False, reason, consent_id)
        address, fault = address_for(channel, self.channels, at)
        not_before, zone = self._opens(purpose, channel, at)
        if fault is None and not_before is not None:
            fault = ContactReason.QUIET_HOURS
        deferred = fault is ContactReason.QUIET_HOURS
        return ContactVerdict(
            person_id=self.person_id,
            purpose=purpose,
            channel=channel,
            allowed=fault is None,
            reason=fault or reason,
            consent_id=consent_id,
            channel_id=address.id if address else None,
            address=address.normalized if address else "",
            not_before=not_before if deferred else None,
            time_zone=zone if deferred else "",
        )

    def _opens(self, purpose: Purpose, channel: ContactChannel, at: datetime) -> tuple[datetime | None, str]:
        """When quiet hours at `at` end, and in which time zone; None outside of them."""
        preference = preference_for(self.preferences, purpose, channel)
        if preference is None or preference.quiet_hours is None:
            return None, ""
        quiet = preference.quiet_hours
        zone = quiet.time_zone or self.time_zone or "UTC"
        return (quiet.over(at, zone), zone) if quiet.cover(at, zone) else (None, "")
