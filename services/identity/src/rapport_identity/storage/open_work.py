"""What identity knows of the unfinished work of users in other departments."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from rapport_identity.storage.tables import open_work
from rapport_kit.uow import UnitOfWork, tenant_predicate


class OpenWork:
    """Unfinished records of any department, each with the user who answers for it."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow

    async def remember(self, resource: str, id: UUID, user_id: UUID | None) -> None:  # noqa: A002 - the column's name
        """Keep who has a record to finish; None when nobody has any more."""
        mine = sa.and_(tenant_predicate(open_work, self.uow.tenant), open_work.c.id == id)
        if user_id is None:
            await self.uow.connection.execute(sa.delete(open_work).where(mine))
            return
        statement = insert(open_work).values(tenant=self.uow.tenant, id=id, resource=resource, user_id=user_id)
        await self.uow.connection.execute(
            statement.on_conflict_do_update(index_elements=["tenant", "id"], set_={"user_id": user_id})
        )

    async def of_user(self, user_id: UUID, most: int) -> tuple[int, Sequence[UUID]]:
        """How many records a user has to finish, and the ids of the oldest of them, at most `most`."""
        mine = sa.and_(tenant_predicate(open_work, self.uow.tenant), open_work.c.user_id == user_id)
        count = sa.select(sa.func.count()).select_from(open_work).where(mine)
        oldest = sa.select(open_work.c.id).where(mine).order_by(open_work.c.id).limit(most)
        found = (await self.uow.connection.execute(oldest)).scalars().all()
        return int(await self.uow.connection.scalar(count) or 0), found
