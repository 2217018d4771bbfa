"""What several kinds of accounts are asked alike."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from rapport_identity.domain.credentials import ServiceAccount
from rapport_identity.domain.user import User
from rapport_identity.storage.tables import schema
from rapport_kit.domain import Entity
from rapport_kit.uow import Repository, tenant_predicate

E = TypeVar("E", bound=Entity)


def has_role(table: sa.FromClause, key: str) -> sa.ColumnElement[bool]:
    """The rows of accounts with a role."""
    return sa.type_coerce(table.c.roles, JSONB).contains([key])


async def held_one(repository: Repository[E], id: UUID) -> E | None:  # noqa: A002
    """The aggregate under a shared lock: whoever changes it waits, and is revoked at a later time."""
    table = schema.table(repository.entity)
    statement = sa.select(repository.entity).where(tenant_predicate(table, repository.uow.tenant), table.c.id == id)
    found: E | None = await (await repository.uow.session()).scalar(statement.with_for_update(read=True, of=table))
    return found


async def stored_roles_of(repository: Repository[User] | Repository[ServiceAccount], id: UUID) -> list[str]:  # noqa: A002
    """The roles as they were before this unit of work; none for a new account."""
    table = schema.table(repository.entity)
    mine = sa.and_(tenant_predicate(table, repository.uow.tenant), table.c.id == id)
    return await repository.uow.connection.scalar(sa.select(table.c.roles).where(mine)) or []
