"""Tasks: what somebody is to do, when they are reminded of it, and how it comes again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp

from rapport.contact.v1 import events_pb2
from rapport_contact.domain.customer import AboutCustomer, RelatedRecord
from rapport_contact.domain.recurrence import Recurrence
from rapport_kit.domain import Entity, OwnedByUser, uuid7
from rapport_kit.errors import Invalid, Refused

LONGEST_BEFORE = timedelta(days=366)
FIRST_YEAR, LAST_YEAR = 1970, 2200


class TaskState(StrEnum):
    """How far a task is."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    DONE = "done"
    CANCELLED = "cancelled"


UNFINISHED = (TaskState.OPEN, TaskState.IN_PROGRESS, TaskState.WAITING)
"""In which of them something is left to do; `storage.tasks.unfinished` says the same in SQL."""


class TaskPriority(StrEnum):
    """How urgent a task is."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class TaskSource(StrEnum):
    """What made a task."""

    USER = "user"
    WORKFLOW = "workflow"
    SEQUENCE = "sequence"


@dataclass(frozen=True, slots=True)
class Reminder:
    """When to remind: so long before the task is due, or at a time of its own; one of the two."""

    before_due: timedelta | None = None
    time: datetime | None = None

    def at(self, due_time: datetime | None) -> datetime | None:
        """The moment; None for a task without a due time that the reminder would go by."""
        if self.time is not None:
            return self.time
        return None if due_time is None or self.before_due is None else due_time - self.before_due


@dataclass(kw_only=True, eq=False)
class Task(AboutCustomer, OwnedByUser, Entity):
    """Something that its owner is to do (CON-14)."""

    title: str
    description: str = ""
    due_time: datetime | None = None
    reminders: list[Reminder] = field(default_factory=list)
    priority: TaskPriority = TaskPriority.NORMAL
    state: TaskState = TaskState.OPEN
    recurrence: Recurrence | None = None
    source: TaskSource = TaskSource.USER
    related: list[RelatedRecord] = field(default_factory=list)
    complete_time: datetime | None = None
    next_task_id: UUID | None = None

    def settle(self) -> None:
        """Begin a new recurrence with the due time.

        Raises:
            Invalid: a reminder or a recurrence has no time to go by, or the rule is none.
        """
        if self.due_time is not None and not FIRST_YEAR <= self.due_time.year <= LAST_YEAR:
            raise Invalid.field("due_time", "OUT_OF_RANGE", f"must lie in the years {FIRST_YEAR} to {LAST_YEAR}")
        for index, reminder in enumerate(self.reminders):
            self._check_reminder(reminder, f"reminders[{index}]")
        if self.recurrence is None:
            return
        if self.due_time is None:
            raise Invalid.field("due_time", "REQUIRED", "must be set for a task that recurs")
        try:
            recurrence = self.recurrence.started(self.due_time)
        except Invalid as error:
            raise error.within("recurrence") from error
        if recurrence != self.recurrence:
            self.recurrence = recurrence

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do."""
        return self.state not in UNFINISHED

    def reminder_after(self, moment: datetime) -> datetime | None:
        """When to remind next after `moment`; None for never, as for a task that is finished or in the trash."""
        if self.finished or self.delete_time is not None:
            return None
        times = [reminder.at(self.due_time) for reminder in self.reminders]
        return min((time for time in times if time is not None and time > moment), default=None)

    def remind(self, moment: datetime) -> None:
        """Tell of every reminder that is due at `moment` exactly: one that was moved meanwhile is not."""
        if self.finished or self.delete_time is not None:
            return
        for reminder in self.reminders:
            if reminder.at(self.due_time) == moment:
                self.record(
                    events_pb2.TaskReminderDue(
                        task_id=str(self.id),
                        **self._named(),
                        reminder_time=_timestamp(moment),
                        due_time=None if self.due_time is None else _timestamp(self.due_time),
                    )
                )

    def start(self) -> None:
        """Work on it has begun."""
        self._move(TaskState.IN_PROGRESS)

    def defer(self) -> None:
        """It waits for somebody else."""
        self._move(TaskState.WAITING)

    def cancel(self) -> None:
        """It will not be done, nor come again."""
        self._move(TaskState.CANCELLED)

    def reopen(self) -> None:
        """Take it up again.

        Raises:
            Refused: it is not finished.
        """
        if not self.finished:
            raise Refused("TASK_UNFINISHED", "the task is neither done nor cancelled", id=self.id)
        self.state, self.complete_time = TaskState.OPEN, None

    def hand_over(self, owner_id: UUID | None, team_id: UUID | None) -> None:
        """Somebody else is to do it. When nobody is known (None) it stays with its team, where it is found."""
        self.owner_id = owner_id
        if owner_id is not None:
            self.team_id = team_id

    def complete(self, now: datetime) -> Task | None:
        """It is done. The next occurrence, which the caller adds; None when there is none or it was made before.

        Raises:
            Refused: it is done already, or cancelled.
        """
        self._move(TaskState.DONE)
        self.complete_time = now
        following = self._following(now)
        if following is not None:
            self.next_task_id = following.id
        self.record(
            events_pb2.TaskCompleted(
                task_id=str(self.id),
                **self._named(),
                complete_time=_timestamp(now),
                next_task_id=str(following.id) if following else "",
            )
        )
        return following

    def _following(self, now: datetime) -> Task | None:
        """The next occurrence after both the due time and now: what was slept through is left out."""
        if self.recurrence is None or self.due_time is None or self.next_task_id is not None:
            return None
        due_time = self.recurrence.following(max(self.due_time, now))
        if due_time is None:
            return None
        return Task(
            id=uuid7(),
            title=self.title,
            description=self.description,
            due_time=due_time,
            reminders=[reminder for reminder in self.reminders if reminder.before_due is not None],
            priority=self.priority,
            recurrence=self.recurrence,
            source=self.source,
            related=list(self.related),
            person_id=self.person_id,
            organisation_id=self.organisation_id,
            owner_id=self.owner_id,
            team_id=self.team_id,
        )

    def _move(self, state: TaskState) -> None:
        if self.finished or self.state is state:
            raise Refused("TASK_STATE", f"the task is {self.state.replace('_', ' ')}", id=self.id, state=self.state)
        self.state = state

    def _named(self) -> dict[str, str]:
        return {
            "person_id": str(self.person_id or ""),
            "organisation_id": str(self.organisation_id or ""),
            "owner_id": str(self.owner_id or ""),
        }

    def _check_reminder(self, reminder: Reminder, place: str) -> None:
        if (reminder.before_due is None) == (reminder.time is None):
            raise Invalid.field(place, "ONE_OF", "must have either before_due or time")
        if reminder.before_due is None:
            return
        if self.due_time is None:
            raise Invalid.field(f"{place}.before_due", "NO_DUE_TIME", "needs the task's due_time")
        if not timedelta() <= reminder.before_due <= LONGEST_BEFORE:
            raise Invalid.field(f"{place}.before_due", "OUT_OF_RANGE", "must be from 0 to 366 days")


def _timestamp(moment: datetime) -> Timestamp:
    message = Timestamp()
    message.FromDatetime(moment)
    return message
