"""Which records changed, for what follows them at its own pace."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from rapport_kit.uow import UnitOfWork, tenant_predicate

SETTLED: Final = timedelta(seconds=45)
"""Age at which a change is looked at: by then every transaction that began before it has ended, so none is missed."""
Place = tuple[datetime, UUID]
"""When a record changed last, and which it is."""


async def changed(uow: UnitOfWork, table: sa.Table, after: Place | None, most: int) -> list[Place]:
    """The records that changed after the place `after` and have settled, the earliest first."""
    place = (table.c.update_time, table.c.id)
    statement = sa.select(*place).where(tenant_predicate(table, uow.tenant), table.c.update_time < uow.now - SETTLED)
    if after is not None:
        statement = statement.where(sa.tuple_(*place) > sa.tuple_(*map(sa.literal, after)))
    rows = await uow.connection.execute(statement.order_by(*place).limit(most))
    return [(row.update_time, row.id) for row in rows]
