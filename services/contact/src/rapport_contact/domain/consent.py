"""The consent ledger: entries that are added and never changed, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from rapport_contact.domain.contacting import ContactChannel, ContactReason, Purpose
from rapport_kit.domain import Entity
from rapport_kit.errors import Invalid

NEEDS_GRANT = frozenset({Purpose.SALES, Purpose.MARKETING})
"""What is not part of a contract: it needs a grant, whatever its basis. Service and billing do not (art. 6 (1) b)."""


class ConsentState(StrEnum):
    """What an entry says, from the most to the least permissive."""

    GRANTED = "granted"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    DENIED = "denied"


class LawfulBasis(StrEnum):
    """Why data may be used (GDPR art. 6 (1) a to f)."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    VITAL_INTERESTS = "vital_interests"
    PUBLIC_TASK = "public_task"
    LEGITIMATE_INTERESTS = "legitimate_interests"


@dataclass(frozen=True, slots=True)
class ConsentProof:
    """How it can be shown that the person said so (GDPR art. 7 (1))."""

    form: str = ""
    sign_time: datetime | None = None
    ip_hash: str = ""


@dataclass(kw_only=True, eq=False)
class Consent(Entity):
    """One entry (MKT-19). Without a purpose, or a channel, it speaks of all of them."""

    person_id: UUID
    purpose: Purpose | None = None
    channel: ContactChannel | None = None
    state: ConsentState
    basis: LawfulBasis = LawfulBasis.CONSENT
    source: str
    text_version: str = ""
    proof: ConsentProof | None = None
    effective_time: datetime | None = None
    expire_time: datetime | None = None

    def settle(self) -> None:
        """Check that the entry says something that can be shown.

        Raises:
            Invalid: a grant is not specific (GDPR recital 32), or a consent has no text; an end lies before its start.
        """
        if self.state is ConsentState.GRANTED:
            for name, value in (("purpose", self.purpose), ("channel", self.channel)):
                if value is None:
                    raise Invalid.field(name, "REQUIRED", "must be set: a grant is for one purpose and one channel")
            if self.basis is LawfulBasis.CONSENT and not self.text_version:
                raise Invalid.field("text_version", "REQUIRED", "must be set: nobody consents to an unknown text")
        if self.expire_time and self.effective_time and self.expire_time <= self.effective_time:
            raise Invalid.field("expire_time", "INVALID_RANGE", "must lie after effective_time")

    def covers(self, purpose: Purpose, channel: ContactChannel) -> bool:
        """Whether the entry speaks of contacting for `purpose` by `channel`."""
        return self.purpose in (None, purpose) and self.channel in (None, channel)

    @property
    def since(self) -> datetime:
        """When it begins to hold."""
        since = self.effective_time or self.create_time
        assert since is not None, "an entry is dated when it is written"
        return since

    def reason(self, at: datetime) -> ContactReason:
        """What the entry means at a time; a grant ends by itself."""
        if self.state is ConsentState.GRANTED:
            ended = self.expire_time is not None and self.expire_time <= at
            return ContactReason.EXPIRED if ended else ContactReason.GRANTED
        if self.purpose is None and self.channel is ContactChannel.PHONE and self.state is not ConsentState.EXPIRED:
            return ContactReason.DO_NOT_CALL
        return ContactReason(self.state.value)


def denial(person_id: UUID, *, channel: ContactChannel, reason: str, at: datetime) -> Consent:
    """The entry that a person wants no contact by `channel`, for whatever purpose; `reason` says how that is known."""
    return Consent(person_id=person_id, channel=channel, state=ConsentState.DENIED, source=reason, effective_time=at)


def decisive(entries: Iterable[Consent], purpose: Purpose, channel: ContactChannel, at: datetime) -> Consent | None:
    """The entry that counts at a time: the latest, and of those of one moment the least permissive."""
    strictness = list(ConsentState)
    return max(
        (entry for entry in entries if entry.covers(purpose, channel) and entry.since <= at),
        key=lambda entry: (entry.since, strictness.index(entry.state), entry.id),
        default=None,
    )


def standing(
    entries: Iterable[Consent], purpose: Purpose, channel: ContactChannel, at: datetime
) -> tuple[ContactReason, Consent | None]:
    """What the ledger says of contacting for `purpose` by `channel` at a time, and the entry that decided.

    | the entry that counts        | sales, marketing                  | service, billing |
    |------------------------------|-----------------------------------|------------------|
    | none                         | NO_CONSENT                        | PERFORMANCE      |
    | a grant                      | GRANTED                           | GRANTED          |
    | a grant that ended, EXPIRED  | EXPIRED                           | as without it    |
    | DENIED, WITHDRAWN            | the same; DO_NOT_CALL when it is of calls for all purposes  ||
    """
    known = list(entries)
    if purpose not in NEEDS_GRANT:
        known = [entry for entry in known if entry.reason(at) is not ContactReason.EXPIRED]
    entry = decisive(known, purpose, channel, at)
    if entry is not None:
        return entry.reason(at), entry
    return (ContactReason.NO_CONSENT if purpose in NEEDS_GRANT else ContactReason.PERFORMANCE), None
