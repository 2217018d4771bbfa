"""Identity providers, who came through them, and which sign-ins are used up."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from rapport_identity.domain.identity_provider import IdentityProvider
from rapport_identity.storage.tables import schema, subject_link, used_flow
from rapport_kit.uow import Repository, UnitOfWork, tenant_predicate


class IdentityProviders(Repository[IdentityProvider]):
    """The tenant's identity providers."""

    entity = IdentityProvider

    async def by_id(self, id: UUID) -> IdentityProvider | None:  # noqa: A002 - the field's name
        """The provider, for callers who are not known yet."""
        table = schema.table(IdentityProvider)
        mine = sa.and_(tenant_predicate(table, self.uow.tenant), table.c.id == id)
        found: IdentityProvider | None = await (await self.uow.session()).scalar(
            sa.select(IdentityProvider).where(mine)
        )
        return None if found is None else self.uow.see(found)

    async def enabled(self) -> list[tuple[UUID, str]]:
        """Id and display name of those that people may sign in with."""
        table = schema.table(IdentityProvider)
        mine = sa.and_(tenant_predicate(table, self.uow.tenant), table.c.enabled)
        statement = sa.select(table.c.id, table.c.display_name).where(mine).order_by(table.c.display_name, table.c.id)
        return [(row.id, row.display_name) for row in await self.uow.connection.execute(statement)]

    async def secrets(self) -> list[tuple[UUID, bytes]]:
        """Id and sealed secret of all that have one."""
        table = schema.table(IdentityProvider)
        mine = sa.and_(tenant_predicate(table, self.uow.tenant), table.c.sealed_secret.is_not(None))
        rows = await self.uow.connection.execute(sa.select(table.c.id, table.c.sealed_secret).where(mine))
        return [(row.id, row.sealed_secret) for row in rows]

    async def reseal(self, id: UUID, sealed: bytes, before: bytes) -> None:  # noqa: A002
        """Keep the same secret under a newer key; that is no change of the resource."""
        table = schema.table(IdentityProvider)
        mine = sa.and_(
            tenant_predicate(table, self.uow.tenant), table.c.id == id, table.c.sealed_secret == sa.literal(before)
        )
        await self.uow.connection.execute(sa.update(table).where(mine).values(sealed_secret=sealed))


class Links:
    """Which user an issuer's subject is, and which sign-ins are used up."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def user_of(self, issuer: str, subject: str) -> UUID | None:
        """The user whom an issuer means by `subject`."""
        table = subject_link
        mine = sa.and_(tenant_predicate(table, self._uow.tenant), table.c.issuer == issuer, table.c.subject == subject)
        found: UUID | None = await self._uow.connection.scalar(sa.select(table.c.user_id).where(mine))
        return found

    async def add(self, issuer: str, subject: str, user: UUID) -> bool:
        """Remember who a subject is; False when it is somebody else already."""
        table = subject_link
        values = {
            "tenant": self._uow.tenant,
            "issuer": issuer,
            "subject": subject,
            "user_id": user,
            "create_time": self._uow.now,
        }
        await self._uow.connection.execute(insert(table).values(values).on_conflict_do_nothing())
        return await self.user_of(issuer, subject) == user

    async def use_up(self, flow: UUID, expire_time: datetime) -> bool:
        """Let a flow be completed this once; False when it was before."""
        values = {"tenant": self._uow.tenant, "id": flow, "expire_time": expire_time}
        used = insert(used_flow).values(values).on_conflict_do_nothing().returning(used_flow.c.id)
        return await self._uow.connection.scalar(used) is not None
