"""The rules of tasks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from rapport.contact.v1 import events_pb2
from rapport_contact.domain.recurrence import Recurrence
from rapport_contact.domain.task import Reminder, Task, TaskState
from rapport_kit.errors import Invalid, Refused

DUE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def task(**fields: Any) -> Task:
    values: dict[str, Any] = {"title": "Call back", "due_time": DUE} | fields
    made = Task(**values)
    made.settle()
    return made


def test_con_14_a_done_task_comes_again_once() -> None:
    first = task(recurrence=Recurrence("FREQ=WEEKLY"), reminders=[Reminder(before_due=HOUR), Reminder(time=DUE)])
    second = first.complete(DUE - HOUR)
    assert second is not None
    assert (second.due_time, second.state, first.next_task_id) == (DUE + timedelta(7), TaskState.OPEN, second.id)
    assert second.reminders == [Reminder(before_due=HOUR)]
    first.reopen()
    assert first.complete(DUE) is None


def test_con_14_what_was_slept_through_is_left_out() -> None:
    following = task(recurrence=Recurrence("FREQ=DAILY")).complete(DUE + timedelta(days=10, hours=1))
    assert following is not None
    assert following.due_time == DUE + timedelta(days=11)


def test_con_14_a_series_ends_with_its_count() -> None:
    latest: Task | None = task(recurrence=Recurrence("FREQ=DAILY;COUNT=3"))
    done = 0
    while latest is not None:
        assert latest.due_time is not None
        latest, done = latest.complete(latest.due_time), done + 1
    assert done == 3


def test_con_14_a_cancelled_task_does_not_come_again() -> None:
    cancelled = task(recurrence=Recurrence("FREQ=DAILY"))
    cancelled.cancel()
    with pytest.raises(Refused) as refusal:
        cancelled.complete(DUE)
    assert (refusal.value.reason, cancelled.next_task_id) == ("TASK_STATE", None)


def test_con_14_reminders_come_in_their_order_and_not_for_what_is_finished() -> None:
    wanted = task(reminders=[Reminder(before_due=HOUR), Reminder(time=DUE - 3 * HOUR)])
    assert wanted.reminder_after(DUE - 4 * HOUR) == DUE - 3 * HOUR
    assert wanted.reminder_after(DUE - 3 * HOUR) == DUE - HOUR
    assert wanted.reminder_after(DUE - HOUR) is None
    wanted.cancel()
    assert wanted.reminder_after(DUE - 4 * HOUR) is None


def test_con_14_a_reminder_that_was_moved_meanwhile_is_not_told() -> None:
    moved = task(reminders=[Reminder(before_due=HOUR)])
    moved.due_time = DUE + HOUR
    moved.remind(DUE - HOUR)
    assert moved.take_facts() == []
    moved.remind(DUE)
    (told,) = moved.take_facts()
    assert isinstance(told, events_pb2.TaskReminderDue)
    assert told.reminder_time.ToDatetime(UTC) == DUE


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"reminders": [Reminder()]}, "reminders[0]"),
        ({"reminders": [Reminder(before_due=HOUR, time=DUE)]}, "reminders[0]"),
        ({"reminders": [Reminder(before_due=-HOUR)]}, "reminders[0].before_due"),
        ({"due_time": None, "reminders": [Reminder(before_due=HOUR)]}, "reminders[0].before_due"),
        ({"due_time": None, "recurrence": Recurrence("FREQ=DAILY")}, "due_time"),
        ({"due_time": datetime(9999, 12, 31, tzinfo=UTC)}, "due_time"),
        ({"recurrence": Recurrence("FREQ=SECONDLY")}, "recurrence.rule"),
    ],
)
def test_con_14_a_task_that_cannot_be_is_refused_by_field(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        task(**fields)
    assert [violation.field for violation in refusal.value.violations] == [field]


def test_con_14_a_task_that_nobody_takes_over_stays_with_its_team() -> None:
    leaver, team, other = uuid4(), uuid4(), uuid4()
    left = task(owner_id=leaver, team_id=team)
    left.hand_over(None, None)
    assert (left.owner_id, left.team_id) == (None, team)
    left.hand_over(leaver, other)
    assert (left.owner_id, left.team_id) == (leaver, other)


def test_con_14_states_follow_one_another() -> None:
    moving = task()
    moving.start()
    moving.defer()
    moving.complete(DUE)
    for verb in (moving.start, moving.defer, moving.cancel):
        with pytest.raises(Refused):
            verb()
    moving.reopen()
    assert (moving.state, moving.complete_time) == (TaskState.OPEN, None)
    with pytest.raises(Refused):
        moving.reopen()
