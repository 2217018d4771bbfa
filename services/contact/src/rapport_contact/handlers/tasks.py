"""What can be done with tasks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from rapport.contact.v1 import tasks_pb2 as pb
from rapport_contact.domain.local_time import day_of
from rapport_contact.domain.task import Task
from rapport_contact.handlers.admission import settle_owner
from rapport_contact.handlers.visible_customers import check_about
from rapport_contact.storage.following import made_for
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_contact.storage.tables import task
from rapport_contact.storage.tasks import unfinished
from rapport_kit.crud import Resource
from rapport_kit.jobs import Tick, cancel, done_until, schedule

REMINDER = "contact.task.reminder"
"""One timer a task, due at the next of its reminders."""
_DECIDES_REMINDERS = {"due_time", "reminders", "delete_time"}


class Tasks(Resource[Task]):
    """TaskService."""

    serves = pb.DESCRIPTOR.services_by_name["TaskService"]
    entity = Task
    message = pb.Task

    async def admit(self, entity: Task, uow: ContactUnitOfWork, changed: Collection[str]) -> None:
        """Owner and customer must exist; and the next reminder is set."""
        if "owner_id" in changed:
            await settle_owner(entity, uow, field="task")
        if "person_id" in changed:
            await check_about(entity, uow, field="task")
        if not _DECIDES_REMINDERS.isdisjoint(changed) and (entity.reminders or entity.create_time is not None):
            told_until = await done_until(uow, REMINDER, str(entity.id)) if entity.version else uow.now
            await set_reminder(entity, uow, told_until)

    async def restore(self, entity: Task, uow: ContactUnitOfWork) -> None:
        """It reminds of what is still to come."""
        await super().restore(entity, uow)
        if entity.delete_time is None:
            await set_reminder(entity, uow, uow.now)

    async def release(self, entity: Task, uow: ContactUnitOfWork) -> None:
        """What is in the trash reminds nobody."""
        await cancel(uow, REMINDER, str(entity.id))

    async def list_tasks(self, request: pb.ListTasksRequest, uow: ContactUnitOfWork) -> Any:
        """A page of tasks, or of one of a user's queues."""
        if request.queue == pb.TASK_QUEUE_UNSPECIFIED:
            return await self.page(request, uow)
        owner_id = UUID(request.owner_id) if request.owner_id else uow.principal.subject
        until, since = uow.now, None
        if request.queue == pb.TASK_QUEUE_DUE_TODAY:
            owner = await uow.colleagues.find(owner_id)
            since, until = day_of(uow.now, owner.time_zone if owner else "")
        due = (task.c.due_time < until,) if since is None else (task.c.due_time >= since, task.c.due_time < until)
        return await self.page(request, uow, task.c.owner_id == owner_id, unfinished(), *due)

    async def start_task(self, request: pb.StartTaskRequest, uow: ContactUnitOfWork) -> pb.Task:
        """See `Task.start`."""
        found = await self._live(request, uow)
        found.start()
        return await self._answer(found, uow)

    async def defer_task(self, request: pb.DeferTaskRequest, uow: ContactUnitOfWork) -> pb.Task:
        """See `Task.defer`."""
        found = await self._live(request, uow)
        found.defer()
        return await self._answer(found, uow)

    async def complete_task(self, request: pb.CompleteTaskRequest, uow: ContactUnitOfWork) -> pb.Task:
        """See `Task.complete`. The row is locked, so of two who complete it one finds it done."""
        found = await self._live(request, uow)
        following = found.complete(uow.now)
        if following is not None:
            first = await made_for(uow, task, found.id)
            assert first is not None, "the task is locked"
            following.person_id, following.organisation_id = first
            uow.tasks.add(following)
            await set_reminder(following, uow, uow.now)
        return await self._finished(found, uow)

    async def cancel_task(self, request: pb.CancelTaskRequest, uow: ContactUnitOfWork) -> pb.Task:
        """See `Task.cancel`."""
        found = await self._live(request, uow)
        found.cancel()
        return await self._finished(found, uow)

    async def reopen_task(self, request: pb.ReopenTaskRequest, uow: ContactUnitOfWork) -> pb.Task:
        """See `Task.reopen`."""
        found = await self._live(request, uow)
        found.reopen()
        await set_reminder(found, uow, uow.now)
        return await self._answer(found, uow)

    async def _live(self, request: Any, uow: ContactUnitOfWork) -> Task:
        found = await uow.tasks.get(request.id, etag=request.etag)
        self.check_live(found)
        return found

    async def _finished(self, found: Task, uow: ContactUnitOfWork) -> pb.Task:
        await cancel(uow, REMINDER, str(found.id))
        return await self._answer(found, uow)

    async def _answer(self, found: Task, uow: ContactUnitOfWork) -> pb.Task:
        await uow.settle()
        return cast(pb.Task, uow.message(found))


async def set_reminder(found: Task, uow: ContactUnitOfWork, after: datetime) -> None:
    """Have the first reminder after `after` come at its time; without one, none comes."""
    following = found.reminder_after(after)
    if following is None:
        await cancel(uow, REMINDER, str(found.id))
    else:
        await schedule(uow, REMINDER, str(found.id), following)


async def remind(tick: Tick, uow: ContactUnitOfWork) -> None:
    """Tell of the reminders that are due, and wait for the next: each once, as the timer goes with this transaction."""
    found = await uow.tasks.find(tick.key)
    if found is None:
        return
    found.remind(tick.due_at)
    await set_reminder(found, uow, tick.due_at)
