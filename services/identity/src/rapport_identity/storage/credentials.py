"""What programs sign in with."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from rapport_identity.domain.credentials import ApiKey, ApiKeyState, ServiceAccount
from rapport_identity.domain.session import TOUCH
from rapport_identity.storage.holding import held_one, stored_roles_of
from rapport_identity.storage.tables import schema
from rapport_kit.uow import Repository, tenant_predicate


class ApiKeys(Repository[ApiKey]):
    """The tenant's API keys."""

    entity = ApiKey

    async def held(self, id: UUID) -> ApiKey | None:  # noqa: A002
        """The key, which cannot change until the transaction ends."""
        return await held_one(self, id)

    async def of_owner(self, owner: UUID) -> list[ApiKey]:
        """A user's keys that are not revoked."""
        table = schema.table(ApiKey)
        statement = sa.select(ApiKey).where(
            tenant_predicate(table, self.uow.tenant),
            table.c.owner_id == owner,
            table.c.state == ApiKeyState.ACTIVE,
        )
        found = await (await self.uow.session()).scalars(statement.with_for_update(key_share=True, of=table))
        return [self.uow.see(key) for key in found]


class ServiceAccounts(Repository[ServiceAccount]):
    """The tenant's service accounts."""

    entity = ServiceAccount

    async def held(self, id: UUID) -> ServiceAccount | None:  # noqa: A002
        """The account, which cannot change until the transaction ends."""
        return await held_one(self, id)

    async def stored_roles(self, id: UUID) -> list[str]:  # noqa: A002
        """The roles as they were before this unit of work; none for a new account."""
        return await stored_roles_of(self, id)


async def touch(repository: Repository[ApiKey] | Repository[ServiceAccount], id: UUID, now: datetime) -> None:  # noqa: A002
    """Note the use of a credential, to the minute; that is no change of the resource, so it has no version or event."""
    table = schema.table(repository.entity)
    stale = sa.or_(table.c.last_use_time.is_(None), table.c.last_use_time < now - TOUCH)
    await repository.uow.connection.execute(
        sa.update(table)
        .where(tenant_predicate(table, repository.uow.tenant), table.c.id == id, stale)
        .values(last_use_time=now)
    )
