"""What people are interested in: as they state it, and as events let infer it, which fades."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from rapport_contact.domain.display_name import settle_name
from rapport_kit.domain import Entity
from rapport_kit.errors import Invalid

HALF_LIFE = timedelta(days=180)
"""After so long, half of what was inferred is left."""
MOST_EVIDENCE = 100
"""So many events at most, the newest, stand behind an interest: what older ones add has faded."""


class InterestSource(StrEnum):
    """From where an interest is known."""

    STATED = "stated"
    INFERRED = "inferred"


@dataclass(frozen=True, slots=True)
class InterestEvidence:
    """An event that lets infer an interest; `strength` is what it alone would make of one when it occurred."""

    event_id: str
    occur_time: datetime
    strength: float


@dataclass(kw_only=True, eq=False)
class InterestTopic(Entity):
    """Something to be interested in, within a wider topic or at the top (CON-06)."""

    display_name: str
    parent_id: UUID | None = None

    def settle(self) -> None:
        """Check the name; raises Invalid when it is blank."""
        settle_name(self)


@dataclass(kw_only=True, eq=False)
class Interest(Entity):
    """That a person is interested in a topic, from 0, not at all, to 1 (CON-06).

    An inferred one has its strength as of `evidence_time`, when the newest of its evidence occurred.
    """

    person_id: UUID
    interest_topic_id: UUID
    strength: float | None = None
    source: InterestSource = InterestSource.STATED
    evidence: list[InterestEvidence] = field(default_factory=list)
    evidence_time: datetime | None = None

    def settle(self) -> None:
        """Check the strength; raises Invalid when it is none, or out of range."""
        if self.strength is None or not 0 <= self.strength <= 1:
            raise Invalid.field("strength", "OUT_OF_RANGE", "must lie between 0 and 1")

    @property
    def is_stated(self) -> bool:
        """Whether the person said so."""
        return self.source is InterestSource.STATED

    def rests_on(self, event_id: str) -> bool:
        """Whether the event is among the evidence."""
        return any(each.event_id == event_id for each in self.evidence)

    def observe(self, new: InterestEvidence) -> None:
        """Have an inferred interest rest on one more event. In which order events come makes no difference.

        Raises:
            Invalid: the event says nothing, or more than anything can.
        """
        assert not self.is_stated, "what a person states rests on no evidence"
        if not 0 < new.strength <= 1:
            raise Invalid.field("strength", "OUT_OF_RANGE", "must be above 0, and 1 at most")
        evidence = united([*self.evidence, new])
        if evidence != self.evidence:
            self.evidence, self.evidence_time = evidence, evidence[-1].occur_time
            self.strength = strength_of(evidence, self.evidence_time)


@dataclass(frozen=True, slots=True)
class ResolvedInterest:
    """How interested a person is in a topic at a time, and the events that tell, the oldest first."""

    interest_topic_id: UUID
    strength: float
    source: InterestSource
    evidence_event_ids: list[str]


def united(evidence: Iterable[InterestEvidence]) -> list[InterestEvidence]:
    """Each event once, the oldest first, and the newest of them when they are more than `MOST_EVIDENCE`."""
    by_event: dict[str, InterestEvidence] = {}
    for each in evidence:
        by_event.setdefault(each.event_id, each)
    return sorted(by_event.values(), key=lambda each: (each.occur_time, each.event_id))[-MOST_EVIDENCE:]


def strength_of(evidence: Iterable[InterestEvidence], at: datetime) -> float:
    """What events, the oldest first, amount to at a time that is not before them.

    Each leaves less of the doubt that was left when it occurred; between them, and after, the strength halves every
    `HALF_LIFE`.
    """
    strength, since = 0.0, at
    for each in evidence:
        strength = 1 - (1 - faded(strength, since, each.occur_time)) * (1 - each.strength)
        since = each.occur_time
    return faded(strength, since, at)


def faded(strength: float, since: datetime, at: datetime) -> float:
    """What is left at a time of a strength that was inferred before."""
    return float(strength * 0.5 ** (max(at - since, timedelta()) / HALF_LIFE))


def statement(interests: Iterable[Interest]) -> Interest | None:
    """Of interests in one topic, what the person stated last."""
    return max((each for each in interests if each.is_stated), key=_age, default=None)


def resolve(interests: Iterable[Interest], at: datetime) -> list[ResolvedInterest]:
    """What counts for each topic at a time, the strongest first: a statement goes before all that was inferred."""
    by_topic: dict[UUID, list[Interest]] = {}
    for each in interests:
        by_topic.setdefault(each.interest_topic_id, []).append(each)
    found = [_resolved(topic, of_topic, at) for topic, of_topic in by_topic.items()]
    return sorted(found, key=lambda each: (-each.strength, each.interest_topic_id))


def _resolved(topic: UUID, interests: list[Interest], at: datetime) -> ResolvedInterest:
    stated = statement(interests)
    if stated is not None:
        return ResolvedInterest(topic, stated.strength or 0.0, InterestSource.STATED, [])
    evidence = united(each for interest in interests for each in interest.evidence)
    ids = [each.event_id for each in evidence]
    return ResolvedInterest(topic, strength_of(evidence, at), InterestSource.INFERRED, ids)


def _age(interest: Interest) -> tuple[float, UUID]:
    """Larger for the newer."""
    return interest.create_time.timestamp() if interest.create_time else 0.0, interest.id
