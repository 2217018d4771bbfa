"""Tasks: which are left to do, and when a timer waits for one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from rapport_contact.domain.task import UNFINISHED, Task
from rapport_contact.storage.tables import task
from rapport_kit.uow import Repository, tenant_predicate


class Tasks(Repository[Task]):
    """All tasks of the tenant."""

    entity = Task

    async def unfinished_of(self, owner_id: UUID, limit: int) -> list[UUID]:
        """The ids of at most so many unfinished tasks of a user, those in the trash included."""
        statement = (
            sa.select(task.c.id)
            .where(tenant_predicate(task, self.uow.tenant), task.c.owner_id == owner_id, unfinished())
            .limit(limit)
        )
        return list((await self.uow.connection.execute(statement)).scalars())

    async def waiting(self, kind: str, task_id: UUID) -> datetime | None:
        """When the timer of a task is due, or was; None without one. Nobody else sets it while the task is locked."""
        timer = self.uow.schema.frame.timer
        mine = tenant_predicate(timer, self.uow.tenant)
        statement = sa.select(timer.c.due_at).where(mine, timer.c.kind == kind, timer.c.key == str(task_id))
        found: datetime | None = await self.uow.connection.scalar(statement)
        return found


def unfinished() -> sa.ColumnElement[bool]:
    """Tasks of which something is left to do."""
    return task.c.state.in_(UNFINISHED)
