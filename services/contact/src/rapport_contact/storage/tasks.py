"""Tasks, and which of them are left to do."""

from __future__ import annotations

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


def unfinished() -> sa.ColumnElement[bool]:
    """Tasks of which something is left to do."""
    return task.c.state.in_(UNFINISHED)
