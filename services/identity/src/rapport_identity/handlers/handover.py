"""What becomes of a user's unfinished work when the user leaves (CON-14, CON-26).

Identity knows of that work from the events of the departments that hold it, so that shutting somebody out waits for
no other service. What was begun in the last moments is handed over all the same, by the department itself.
"""

from __future__ import annotations

from uuid import UUID

from rapport.contact.v1 import events_pb2, tasks_pb2
from rapport_identity.domain.user import User, UserState
from rapport_identity.storage.repositories import IdentityUnitOfWork
from rapport_kit.errors import Invalid, Refused

TASK = "contact.rapport/Task"
LISTED = 100
UNFINISHED = {tasks_pb2.TASK_STATE_OPEN, tasks_pb2.TASK_STATE_IN_PROGRESS, tasks_pb2.TASK_STATE_WAITING}
"""As the contract of TaskState says."""


async def task_changed(event: events_pb2.TaskChanged, uow: IdentityUnitOfWork) -> None:
    """Know whose unfinished tasks there are."""
    task = event.task
    held = task.owner_id and task.state in UNFINISHED and not task.HasField("delete_time")
    await uow.open_work.remember(TASK, UUID(task.id), UUID(task.owner_id) if held else None)


async def successor(user: User, named: str, uow: IdentityUnitOfWork) -> UUID | None:
    """Who takes over from `user`: the one who is named; nobody, if there is nothing that is known of.

    Raises:
        Invalid: nobody active is named.
        Refused: nobody is named and there is work; the error says how much and which.
    """
    if named:
        heir = await uow.users.by_id(UUID(named))
        if heir is None or heir.id == user.id or heir.state is not UserState.ACTIVE:
            raise Invalid.field("successor_id", "USER_UNKNOWN", "names no other active user")
        return heir.id
    count, ids = await uow.open_work.of_user(user.id, LISTED)
    if count:
        raise Refused(
            "USER_HAS_OPEN_WORK",
            f"the user has {count} open tasks: name a successor_id, who takes them over",
            id=user.id,
            count=count,
            tasks=",".join(map(str, ids)),
        )
    return None
