"""The work and the customers of one user going to another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from rapport_kit.domain import Entity


class HandOverState(StrEnum):
    """How far a hand-over is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(kw_only=True, eq=False)
class HandOver(Entity):
    """What one user has going to another, in slices (CON-26); kept as the history of who had it and why."""

    from_user_id: UUID | None = None
    to_user_id: UUID | None = None
    note: str = ""
    state: HandOverState = HandOverState.RUNNING
    person_count: int = 0
    organisation_count: int = 0
    task_count: int = 0
    end_time: datetime | None = None
    failure: str = ""
    actor_id: UUID | None = None

    def end(self, now: datetime, failure: str = "") -> None:
        """Nothing is left to hand over, or it cannot go on for the reason given."""
        self.state = HandOverState.FAILED if failure else HandOverState.DONE
        self.failure, self.end_time = failure, now
