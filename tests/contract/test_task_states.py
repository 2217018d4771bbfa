"""Which tasks are unfinished: contact's word for it, and what others make of the states that it publishes."""

from __future__ import annotations

import re

from rapport.contact.v1 import tasks_pb2
from rapport_contact.domain import task
from rapport_gateway.customers import contact
from rapport_identity.handlers import handover


def test_con_14_every_department_takes_the_same_tasks_for_unfinished() -> None:
    unfinished = {f"TASK_STATE_{state.name}" for state in task.UNFINISHED}
    finished = {"TASK_STATE_UNSPECIFIED", "TASK_STATE_DONE", "TASK_STATE_CANCELLED"}
    assert unfinished == {*tasks_pb2.TaskState.keys()} - finished
    assert {tasks_pb2.TaskState.Name(state) for state in handover.UNFINISHED} == unfinished
    assert {*re.findall(r"TASK_STATE_\w+", contact.UNFINISHED)} == unfinished
