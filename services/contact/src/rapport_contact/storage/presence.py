"""Whether there is a row of some kind."""

from __future__ import annotations

import sqlalchemy as sa

from rapport_kit.uow import UnitOfWork, tenant_predicate


async def is_any(uow: UnitOfWork, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> bool:
    """Whether the tenant has a record under the conditions, other than in the trash, whoever may see it."""
    mine = tenant_predicate(table, uow.tenant)
    found = sa.select(sa.literal(1)).where(mine, table.c.delete_time.is_(None), *conditions).limit(1)
    return await uow.connection.scalar(found) is not None
