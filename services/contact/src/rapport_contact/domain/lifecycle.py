"""How people come along with the company: which moves may be, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from rapport_contact.domain.person import LifecycleStage, Person
from rapport_kit.domain import Entity
from rapport_kit.errors import Denied, Invalid, Refused

MOVE_BACK = "contact.people.move_stage_back"

_WON_BACK = frozenset({LifecycleStage.OPPORTUNITY, LifecycleStage.CUSTOMER})
"""Where a former customer may go on from the end of the line."""


class MoveOutcome(StrEnum):
    """What came of a move."""

    MOVED = "moved"
    SKIPPED_KIND = "skipped_kind"
    SKIPPED_BACKWARD = "skipped_backward"
    SKIPPED_SAME = "skipped_same"


class MoveCause(StrEnum):
    """What brought a move about."""

    REQUEST = "request"
    EVENT = "event"
    EDIT = "edit"
    KIND = "kind"
    MERGE = "merge"


@dataclass(kw_only=True, eq=False)
class LifecycleMove(Entity):
    """One move from stage to stage, or one that was skipped (CON-09)."""

    person_id: UUID
    from_stage: LifecycleStage
    to_stage: LifecycleStage
    outcome: MoveOutcome = MoveOutcome.MOVED
    cause: MoveCause = MoveCause.REQUEST
    event: str = ""
    reason: str = ""
    actor_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class LifecycleStay:
    """A time at a stage; the last one has no end, and lasted until now."""

    stage: LifecycleStage
    start_time: datetime
    end_time: datetime | None
    duration: timedelta


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Where a person stands, since when, and every stay on the way there, the first one first."""

    stage: LifecycleStage
    stage_time: datetime
    stays: tuple[LifecycleStay, ...]


def is_backward(current: LifecycleStage, wanted: LifecycleStage) -> bool:
    """Whether a move leads back. `other` lies before the line's beginning; a former customer may be won back."""
    if current is LifecycleStage.FORMER_CUSTOMER and wanted in _WON_BACK:
        return False
    return _place(wanted) < _place(current)


def move(person: Person, wanted: LifecycleStage, *, reason: str, may_move_back: bool) -> LifecycleMove:
    """Move a person on request.

    Raises:
        Refused: the person is there already, or of a kind without a lifecycle.
        Denied: it leads back, and the caller may not do that.
        Invalid: it leads back without a reason.
    """
    current = person.lifecycle_stage
    if wanted is current:
        raise Refused("LIFECYCLE_STAGE_SAME", "the person is at that stage already", stage=wanted)
    if not person.has_lifecycle:
        raise Refused("LIFECYCLE_NONE", "people of this kind have no lifecycle", kind=person.kind)
    if is_backward(current, wanted):
        if not may_move_back:
            raise Denied("PERMISSION_DENIED", f"a move back needs the permission {MOVE_BACK}", permission=MOVE_BACK)
        if not reason.strip():
            raise Invalid.field("reason", "REQUIRED", "must be set: the move leads back")
    person.lifecycle_stage = wanted
    return LifecycleMove(person_id=person.id, from_stage=current, to_stage=wanted, reason=reason)


def move_by_event(person: Person, wanted: LifecycleStage, event: str) -> LifecycleMove:
    """Move a person because something happened; what may not be is skipped, and says why."""
    current = person.lifecycle_stage
    outcome = MoveOutcome.MOVED
    if not person.has_lifecycle:
        outcome = MoveOutcome.SKIPPED_KIND
    elif wanted is current:
        outcome = MoveOutcome.SKIPPED_SAME
    elif is_backward(current, wanted):
        outcome = MoveOutcome.SKIPPED_BACKWARD
    else:
        person.lifecycle_stage = wanted
    return LifecycleMove(
        person_id=person.id,
        from_stage=current,
        to_stage=wanted,
        outcome=outcome,
        cause=MoveCause.EVENT,
        event=event,
    )


def moved_by_edit(person: Person, before: LifecycleStage) -> LifecycleMove:
    """The move that an edit of the whole record was.

    Raises:
        Refused: it leads back, for which an edit can give no reason.
    """
    after = person.lifecycle_stage
    cause = MoveCause.EDIT if person.has_lifecycle else MoveCause.KIND
    if person.has_lifecycle and is_backward(before, after):
        raise Refused("LIFECYCLE_STAGE_BACKWARD", "only MoveLifecycleStage moves a person back", stage=after)
    return LifecycleMove(person_id=person.id, from_stage=before, to_stage=after, cause=cause)


def lifecycle(created: datetime, stage: LifecycleStage, moves: Iterable[LifecycleMove], now: datetime) -> Lifecycle:
    """Where somebody stands whose record was made at `created`; `moves` are those that were made, the oldest first."""
    found: list[LifecycleStay] = []
    start = created
    for each in moves:
        end = each.create_time or now
        found.append(LifecycleStay(each.from_stage, start, end, end - start))
        start = end
    return Lifecycle(stage, start, (*found, LifecycleStay(stage, start, None, now - start)))


def _place(stage: LifecycleStage) -> int:
    return -1 if stage is LifecycleStage.OTHER else list(LifecycleStage).index(stage)
