"""What becomes of the tasks of a user who leaves (CON-14): none stays with somebody who cannot do it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from rapport.identity.v1 import events_pb2
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.jobs import Tick, schedule

HAND_OVER = "contact.task.hand_over"
AT_ONCE = 200
"""Tasks that one transaction moves."""
STRAGGLERS = timedelta(minutes=1)
"""After so long, once more: for what was being assigned just when its owner left."""


async def user_deactivated(event: events_pb2.UserDeactivated, uow: ContactUnitOfWork) -> None:
    """Have the user's unfinished tasks handed over, in portions."""
    successor = event.successor_id.encode()
    await schedule(uow, HAND_OVER, event.user_id, uow.now, successor)
    await schedule(uow, HAND_OVER, f"{event.user_id}/later", uow.now + STRAGGLERS, successor)


async def hand_over(tick: Tick, uow: ContactUnitOfWork) -> None:
    """Hand a portion over, and leave the rest to the next tick. Who came back meanwhile keeps everything."""
    leaver = UUID(tick.key.removesuffix("/later"))
    known = await uow.colleagues.find(leaver)
    if known is None or known.active:
        return
    successor = UUID(tick.payload.decode()) if tick.payload else None
    heir = await uow.colleagues.find(successor) if successor else None
    left = await uow.tasks.unfinished_of(leaver, AT_ONCE)
    for id_ in left:
        task = await uow.tasks.find(id_)
        if task is not None and task.owner_id == leaver and not task.finished:
            task.hand_over(successor, heir.team_id if heir else None)
    if len(left) == AT_ONCE:
        await schedule(uow, HAND_OVER, tick.key, uow.now, tick.payload)
