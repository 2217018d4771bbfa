"""What becomes of the tasks and the customers of a user who leaves (CON-14, CON-26): none is left alone."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from rapport.identity.v1 import events_pb2
from rapport_contact.handlers.hand_overs import give_tasks, heir_of, succeed
from rapport_contact.handlers.on_behalf import act_for
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.jobs import Tick, schedule

LEFT_TASKS = "contact.task.hand_over"
AT_ONCE = 200
"""Tasks that one transaction moves."""
STRAGGLERS = timedelta(minutes=1)
"""After so long, once more: for what was being assigned just when its owner left."""


async def user_deactivated(event: events_pb2.UserDeactivated, uow: ContactUnitOfWork) -> None:
    """Have what the user owned handed over, in portions: to the successor who was named, else to the tenant's.

    Tasks without either go to whoever deactivated the user; customers without either wait in a list. A while later,
    tasks are looked for once more.
    """
    leaver, named = UUID(event.user_id), UUID(event.successor_id) if event.successor_id else None
    heir = await heir_of(leaver, named, uow)
    asker = uow.principal.author
    to_whom = f"{heir or asker}/{asker}".encode()
    if heir is not None:
        await succeed(leaver, heir, uow)
    else:
        await schedule(uow, LEFT_TASKS, event.user_id, uow.now, to_whom)
    await schedule(uow, LEFT_TASKS, f"{event.user_id}/later", uow.now + STRAGGLERS, to_whom)


async def hand_over_tasks(tick: Tick, uow: ContactUnitOfWork) -> None:
    """Hand a portion over, and leave the rest to the next tick. Who came back meanwhile keeps everything."""
    leaver = UUID(tick.key.removesuffix("/later"))
    known = await uow.colleagues.find(leaver)
    if known is None or known.active:
        return
    successor, asker = map(UUID, tick.payload.decode().split("/"))
    act_for(asker, f"{tick.kind}:{leaver}", tick, uow)
    heir = await uow.colleagues.active(successor)
    found, _ = await give_tasks(leaver, successor if heir else None, heir.team_id if heir else None, AT_ONCE, uow)
    if found == AT_ONCE:
        await schedule(uow, LEFT_TASKS, tick.key, uow.now, tick.payload)
