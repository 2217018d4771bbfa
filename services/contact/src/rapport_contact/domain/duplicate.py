"""Pairs of people or of organisations that may be one, and what was decided about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from rapport_contact.domain.matching.model import Match, Reason
from rapport_kit.domain import Entity

DIGITS = 4
"""Decimal places of a score and a contribution that are kept: less is noise, and no change."""


class DuplicateState(StrEnum):
    """What is known of a pair."""

    OPEN = "open"
    SAME = "same"
    DIFFERENT = "different"


@dataclass(kw_only=True, eq=False)
class Pair(Entity):
    """Two records of a kind that may be one (CON-17).

    `compared` stands for what both were when the pair was last found or decided.
    """

    score: float = 0.0
    reasons: list[Reason] = field(default_factory=list)
    state: DuplicateState = DuplicateState.OPEN
    decided_by: UUID | None = None
    decide_time: datetime | None = None
    compared: str = field(default="", metadata={"hidden": True})

    def find(self, match: Match, compared: str) -> None:
        """The pair was found. One that was decided different opens again only when either is not as it was."""
        if self.state is DuplicateState.SAME or (self.state is DuplicateState.DIFFERENT and self.compared == compared):
            return
        found = {
            "state": DuplicateState.OPEN,
            "decided_by": None,
            "decide_time": None,
            "delete_time": None,
            "compared": compared,
            "score": round(match.score, DIGITS),
            "reasons": [Reason(each.field, each.method, round(each.contribution, DIGITS)) for each in match.reasons],
        }
        for name, value in found.items():
            if getattr(self, name) != value:
                setattr(self, name, value)

    def withdraw(self, now: datetime) -> None:
        """The two agree no more; what was decided stays."""
        if self.state is DuplicateState.OPEN and self.delete_time is None:
            self.delete_time = now

    @property
    def settled(self) -> bool:
        """Whether the two became one."""
        return self.state is DuplicateState.SAME and self.delete_time is not None

    def settle_as_one(self, by: UUID, now: datetime) -> None:
        """The two became one."""
        self.decide(DuplicateState.SAME, by, now)
        self.delete_time = now

    def part(self, match: Match, compared: str, by: UUID, now: datetime) -> None:
        """The two are not one after all."""
        self.state = DuplicateState.OPEN
        self.find(match, compared)
        self.decide(DuplicateState.DIFFERENT, by, now)

    def decide(self, state: DuplicateState, by: UUID, now: datetime) -> None:
        """Somebody says what the pair is; open takes back what was said."""
        self.state = state
        decided = state is not DuplicateState.OPEN
        self.decided_by, self.decide_time = (by, now) if decided else (None, None)


@dataclass(kw_only=True, eq=False)
class DuplicateCandidate(Pair):
    """Two people who may be one; the one with the smaller id first."""

    person_id: UUID
    other_person_id: UUID


@dataclass(kw_only=True, eq=False)
class OrganisationDuplicateCandidate(Pair):
    """Two organisations that may be one; the one with the smaller id first."""

    organisation_id: UUID
    other_organisation_id: UUID
