"""Calls, meetings and messages between the company and its customers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp

from rapport.contact.v1 import events_pb2
from rapport_contact.domain.customer import AboutCustomer, RelatedRecord
from rapport_kit.domain import Entity, Owned, OwnedByUser
from rapport_kit.errors import Invalid


class ActivityType(StrEnum):
    """What kind of contact it was."""

    CALL = "call"
    MEETING = "meeting"
    EMAIL = "email"
    SMS = "sms"
    CHAT = "chat"
    SOCIAL = "social"
    VISIT = "visit"


class Direction(StrEnum):
    """Who turned to whom."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class CallOutcome(StrEnum):
    """What came of a call."""

    CONNECTED = "connected"
    NO_ANSWER = "no_answer"
    VOICEMAIL = "voicemail"
    WRONG_NUMBER = "wrong_number"
    DO_NOT_CALL = "do_not_call"


@dataclass(kw_only=True, eq=False)
class Participant(Owned):
    """Somebody who took part: a person of the tenant, or just a name."""

    person_id: UUID | None = None
    name: str = ""
    role: str = ""


@dataclass(kw_only=True, eq=False)
class Activity(AboutCustomer, OwnedByUser, Entity):
    """Something that happened between the company and a customer (CON-12); its owner is the user who did it."""

    type: ActivityType
    subject: str
    start_time: datetime
    body: str = ""
    end_time: datetime | None = None
    duration: timedelta | None = None
    direction: Direction | None = None
    call_outcome: CallOutcome | None = None
    outcome: str = ""
    participants: list[Participant] = field(default_factory=list)
    related: list[RelatedRecord] = field(default_factory=list)
    recording_uri: str = ""

    def settle(self) -> None:
        """Derive the duration and check what belongs together.

        Raises:
            Invalid: it is about nobody, ends before it begins, has an outcome of another type, or a recording or a
                participant that says nothing.
        """
        self.require_customer()
        duration = None if self.end_time is None else self.end_time - self.start_time
        if duration is not None and duration < timedelta():
            raise Invalid.field("end_time", "INVALID_RANGE", "must not lie before start_time")
        if duration != self.duration:
            self.duration = duration
        self._check_outcome()
        for index, participant in enumerate(self.participants):
            if participant.person_id is None and not participant.name.strip():
                raise Invalid.field(f"participants[{index}].name", "REQUIRED", "must be set when person_id is not")
        if self.recording_uri and not _is_https(self.recording_uri):
            raise Invalid.field("recording_uri", "INVALID_URI", "must be an https address")

    @property
    def asks_for_no_calls(self) -> bool:
        """Whether its outcome is that the person wants no more calls."""
        return self.call_outcome is CallOutcome.DO_NOT_CALL

    def request_no_calls(self, now: datetime) -> None:
        """Tell that the person of this call wants no more of them; for the moment at which the outcome is set."""
        requested = Timestamp()
        requested.FromDatetime(now)
        self.record(
            events_pb2.DoNotCallRequested(
                activity_id=str(self.id), person_id=str(self.person_id), request_time=requested
            )
        )

    def _check_outcome(self) -> None:
        if self.type is not ActivityType.CALL and self.call_outcome is not None:
            raise Invalid.field("call_outcome", "NOT_A_CALL", "belongs to calls only; use outcome")
        if self.type is ActivityType.CALL and self.outcome:
            raise Invalid.field("outcome", "CALL_OUTCOME", "calls have a call_outcome instead")
        if self.asks_for_no_calls and self.person_id is None:
            raise Invalid.field(
                "call_outcome", "PERSON_REQUIRED", "says who wants no more calls: person_id must be set"
            )


def _is_https(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme == "https" and bool(parts.hostname) and parts.username is None
    except ValueError:
        return False
