"""The users of a tenant."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from rapport_identity.domain.built_in_roles import ADMINISTRATOR
from rapport_identity.domain.user import User, UserState
from rapport_identity.storage.holding import has_role, held_one, stored_roles_of
from rapport_identity.storage.tables import schema
from rapport_kit.uow import Repository, tenant_predicate

_ADMINISTRATORS_LOCK = "identity.user.administrators"


class Users(Repository[User]):
    """The tenant's users."""

    entity = User

    async def by_email(self, email: str) -> User | None:
        """The user with this normal address."""
        table = schema.table(User)
        return await self._one(sa.select(User).where(tenant_predicate(table, self.uow.tenant), table.c.email == email))

    async def by_external_id(self, provider: UUID, external_id: str) -> User | None:
        """The user whom this directory knows by this id; locked."""
        table = schema.table(User)
        mine = sa.and_(
            tenant_predicate(table, self.uow.tenant),
            table.c.identity_provider_id == provider,
            table.c.external_id == external_id,
        )
        return await self._one(sa.select(User).where(mine).with_for_update(key_share=True, of=table))

    async def of_person(self, person_id: UUID) -> list[User]:
        """The users whose accounts are this person's; locked."""
        table = schema.table(User)
        mine = sa.and_(tenant_predicate(table, self.uow.tenant), table.c.person_id == person_id)
        statement = sa.select(User).where(mine).order_by(table.c.id).with_for_update(key_share=True, of=table)
        return [self.uow.see(user) for user in await (await self.uow.session()).scalars(statement)]

    async def held(self, id: UUID) -> User | None:  # noqa: A002 - the field's name
        """The user, who cannot change until the transaction ends: a token is issued for what the user is now."""
        return await held_one(self, id)

    async def by_id(self, id: UUID) -> User | None:  # noqa: A002
        """The user, whatever the caller's record scope: for what concerns the caller."""
        table = schema.table(User)
        return await self._one(sa.select(User).where(tenant_predicate(table, self.uow.tenant), table.c.id == id))

    async def stored_roles(self, id: UUID) -> list[str]:  # noqa: A002
        """The roles as they were before this unit of work; none for a new user."""
        return await stored_roles_of(self, id)

    async def administrators(self) -> frozenset[UUID]:
        """The active users who are stored as administrators."""
        table = schema.table(User)
        statement = sa.select(table.c.id).where(
            tenant_predicate(table, self.uow.tenant), table.c.state == UserState.ACTIVE, has_role(table, ADMINISTRATOR)
        )
        return frozenset(await self.uow.connection.scalars(statement))

    async def lock_administrators(self) -> None:
        """Let no other transaction of the tenant take an administrator away until this one ends.

        Two can each leave the other's administrator in place, and together none.
        """
        await self.uow.hold(_ADMINISTRATORS_LOCK)

    async def any_in(self, team: UUID) -> bool:
        """Whether anybody's home is this team."""
        table = schema.table(User)
        statement = sa.select(sa.literal(True)).where(tenant_predicate(table, self.uow.tenant), table.c.team_id == team)
        return await self.uow.connection.scalar(statement.limit(1)) is not None

    async def _one(self, statement: sa.Select[Any]) -> User | None:
        found: User | None = await (await self.uow.session()).scalar(statement)
        return None if found is None else self.uow.see(found)
