"""A change of many memberships, carried out in slices."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from rapport_contact.domain.membership import MemberKind
from rapport_kit.domain import Entity, OwnedByUser
from rapport_kit.errors import Invalid, Refused


class BulkAction(StrEnum):
    """What is done."""

    ADD = "add"
    REMOVE = "remove"


class SetOperation(StrEnum):
    """How lists combine."""

    UNION = "union"
    INTERSECTION = "intersection"
    DIFFERENCE = "difference"


class BulkState(StrEnum):
    """How far a bulk change is."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"


UNDER_WAY = frozenset({BulkState.RUNNING, BulkState.UNDOING})


@dataclass(frozen=True, slots=True)
class Slice:
    """The next members to deal with, found among `looked_at` records; `last` is where to go on, None for the end."""

    members: list[UUID]
    looked_at: int
    last: UUID | None


@dataclass(kw_only=True, eq=False)
class BulkChange(OwnedByUser, Entity):
    """A change of all memberships that match (CON-23).

    `cursor` is the last member that was looked at; `reach` how far the requester's record scope reached, since a
    later slice has no caller to ask: the scope's name, then the ids of its teams.
    """

    action: BulkAction
    tag_id: UUID | None = None
    static_list_id: UUID | None = None
    resource: MemberKind
    filter: str = ""
    list_ids: list[UUID] = field(default_factory=list)
    operation: SetOperation = SetOperation.UNION
    reason: str = ""
    state: BulkState = BulkState.RUNNING
    total_count: int = 0
    processed_count: int = 0
    matched_count: int = 0
    changed_count: int = 0
    end_time: datetime | None = None
    failure: str = ""
    cursor: UUID | None = field(default=None, metadata={"hidden": True})
    reach: list[str] = field(default_factory=list, metadata={"hidden": True})

    def settle(self) -> None:
        """Check that it says what changes, and by whom.

        Raises:
            Invalid: it does not, or names the list that changes among those that it goes by.
        """
        if (self.tag_id is None) == (self.static_list_id is None):
            raise Invalid.field("tag_id", "ONE_TARGET", "exactly one of it and static_list_id must be set")
        if not self.filter.strip() and not self.list_ids:
            raise Invalid.field("filter", "REQUIRED", "must be set when there are no list_ids")
        if self.static_list_id in self.list_ids:
            raise Invalid.field("list_ids", "SAME_LIST", "must not hold the list that changes")
        if len(set(self.list_ids)) != len(self.list_ids):
            raise Invalid.field("list_ids", "DUPLICATE", "names a list twice")

    @property
    def under_way(self) -> bool:
        """Whether there are slices to come."""
        return self.state in UNDER_WAY

    def advance(self, part: Slice, *, changed: int, now: datetime) -> None:
        """Note what one slice did."""
        self.cursor = part.last
        self.processed_count += part.looked_at
        running = self.state is BulkState.RUNNING
        self.matched_count += len(part.members) if running else 0
        self.changed_count += changed if running else -changed
        if part.last is None:
            self.state, self.end_time = (BulkState.DONE if running else BulkState.UNDONE), now

    def cancel(self, now: datetime) -> None:
        """Stop it.

        Raises:
            Refused: it does not run.
        """
        if self.state is not BulkState.RUNNING:
            raise Refused("BULK_CHANGE_NOT_RUNNING", f"it is {self.state.value}", id=self.id)
        self.state, self.end_time = BulkState.CANCELLED, now

    def undo(self) -> None:
        """Begin to undo it.

        Raises:
            Refused: it still runs, or was undone.
        """
        if self.state not in (BulkState.DONE, BulkState.CANCELLED, BulkState.FAILED):
            raise Refused("BULK_CHANGE_NOT_ENDED", f"it is {self.state.value}", id=self.id)
        self.state, self.end_time, self.cursor, self.failure = BulkState.UNDOING, None, None, ""
        self.processed_count, self.total_count = 0, self.changed_count

    def fail(self, failure: str, now: datetime) -> None:
        """End it, because what it needs is gone."""
        self.state, self.failure, self.end_time = BulkState.FAILED, failure, now
