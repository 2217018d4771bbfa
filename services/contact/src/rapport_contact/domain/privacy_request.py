"""What people ask for by their rights, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from rapport.contact.v1.events_pb2 import PrivacyRequestDue
from rapport_contact.domain.contacting import ContactReason
from rapport_kit.domain import Entity
from rapport_kit.errors import Invalid, Refused

ALLOWED: Final = timedelta(days=30)
"""For the answer (GDPR, article 12(3), which says a month)."""
WARNED: Final = timedelta(days=7)
"""How long before the end of that an open request is told of."""


class PrivacyRight(StrEnum):
    """The rights of the GDPR, articles 15 to 21."""

    ACCESS = "access"
    RECTIFY = "rectify"
    ERASE = "erase"
    RESTRICT = "restrict"
    PORT = "port"
    OBJECT = "object"


BARRING: Final[Mapping[PrivacyRight, ContactReason]] = MappingProxyType(
    {PrivacyRight.RESTRICT: ContactReason.RESTRICTED, PrivacyRight.OBJECT: ContactReason.OBJECTED}
)
"""What bars all contacts but those that a contract needs (articles 18 and 21), and the reason to give."""


class IdentityProof(StrEnum):
    """How somebody proved who they are."""

    SIGN_IN = "sign_in"
    KNOWN_CHANNEL = "known_channel"
    DOCUMENT = "document"
    IN_PERSON = "in_person"


class PrivacyRequestState(StrEnum):
    """How far a request is."""

    OPEN = "open"
    COMPLETED = "completed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class PrivacyRefusal:
    """Something that was asked for and not done."""

    what: str
    reason: str


@dataclass(kw_only=True, eq=False)
class PrivacyRequest(Entity):
    """A person's request by a right of theirs, from the asking to the answer (PLT-08)."""

    person_id: UUID
    right: PrivacyRight
    receive_time: datetime | None = None
    due_time: datetime | None = None
    identity_proof: IdentityProof | None = None
    proof_reference: str = ""
    state: PrivacyRequestState = PrivacyRequestState.OPEN
    close_time: datetime | None = None
    lift_time: datetime | None = None
    lift_reason: str = ""
    outcome: str = ""
    refusals: list[PrivacyRefusal] = field(default_factory=list)

    def begin(self, now: datetime) -> None:
        """Set the clock.

        Raises:
            Invalid: it is yet to be received.
        """
        self.receive_time = self.receive_time or now
        if self.receive_time > now:
            raise Invalid.field("privacy_request.receive_time", "IN_FUTURE", "must not lie in the future")
        self.due_time = self.receive_time + ALLOWED

    @property
    def warn_time(self) -> datetime:
        """When it is told of, if it is open then."""
        assert self.due_time is not None, "its clock was set when it was entered"
        return self.due_time - WARNED

    def warn(self) -> None:
        """Tell that the time for an answer is running out; not of what is closed."""
        if self.state is PrivacyRequestState.OPEN and self.due_time is not None:
            fact = PrivacyRequestDue(privacy_request_id=str(self.id), person_id=str(self.person_id))
            fact.due_time.FromDatetime(self.due_time)
            self.record(fact)

    def complete(self, outcome: str, refusals: Sequence[PrivacyRefusal], now: datetime) -> None:
        """Close it as met, but for what `refusals` say.

        Raises:
            Refused: it is closed already, or nobody knows who asked.
        """
        self.check_open()
        if self.identity_proof is None:
            raise Refused("IDENTITY_NOT_PROVEN", "whoever asked has not proved to be that person", id=self.id)
        self._close(PrivacyRequestState.COMPLETED, refusals, now)
        self.outcome = outcome

    def refuse(self, refusals: Sequence[PrivacyRefusal], now: datetime) -> None:
        """Close it as not met.

        Raises:
            Refused: it is closed already.
        """
        self.check_open()
        self._close(PrivacyRequestState.REFUSED, refusals, now)

    def lift(self, reason: str, now: datetime) -> None:
        """Let what it bars be done again, as when the person allows it; what was answered stays as it was.

        Raises:
            Refused: it bars nothing: it is of another right, not completed, or was lifted before.
        """
        if self.right not in BARRING or self.state is not PrivacyRequestState.COMPLETED or self.lift_time:
            raise Refused("NOTHING_TO_LIFT", "the privacy request bars nothing that could be lifted", id=self.id)
        self.lift_time, self.lift_reason = now, reason

    def bars(self, at: datetime) -> bool:
        """Whether it is to be respected at a time.

        From when it was received, since nobody may go on until it is decided, to when it was refused or lifted.
        """
        until = self.close_time if self.state is PrivacyRequestState.REFUSED else self.lift_time
        begun = self.receive_time is None or self.receive_time <= at
        return self.right in BARRING and begun and (until is None or at < until)

    def of_another(self, person_id: UUID) -> PrivacyRequest:
        """The same, of somebody who was taken for whoever asked: nobody can tell any more whose word it was."""
        return PrivacyRequest(
            person_id=person_id,
            right=self.right,
            receive_time=self.receive_time,
            due_time=self.due_time,
            identity_proof=self.identity_proof,
            proof_reference=self.proof_reference,
            state=self.state,
            close_time=self.close_time,
            outcome=self.outcome,
            refusals=list(self.refusals),
        )

    def check_open(self) -> None:
        """Raises Refused when it is closed: what was answered stays as it was."""
        if self.state is not PrivacyRequestState.OPEN:
            raise Refused("PRIVACY_REQUEST_CLOSED", "the privacy request is closed", id=self.id)

    def _close(self, state: PrivacyRequestState, refusals: Sequence[PrivacyRefusal], now: datetime) -> None:
        self.state, self.close_time, self.refusals = state, now, list(refusals)


def barred(requests: Iterable[PrivacyRequest], at: datetime) -> ContactReason | None:
    """Why a person is not to be contacted at a time, by what the person has asked for; a restriction before else."""
    rights = {each.right for each in requests if each.bars(at)}
    return next((reason for right, reason in BARRING.items() if right in rights), None)
