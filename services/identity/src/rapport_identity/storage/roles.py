"""The roles of a tenant."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from rapport_identity.domain.built_in_roles import ROLES
from rapport_identity.domain.credentials import ServiceAccount
from rapport_identity.domain.role import Role
from rapport_identity.domain.user import User
from rapport_identity.storage.holding import has_role
from rapport_identity.storage.tables import schema
from rapport_kit.uow import Repository, tenant_predicate


class Roles(Repository[Role]):
    """The tenant's own roles; the built-in ones are code."""

    entity = Role

    async def by_keys(self, keys: Sequence[str]) -> dict[str, Role]:
        """The roles with these keys, built in or own; a key that names none is left out.

        Own ones cannot change until the transaction ends, for the same reason as `Users.held`.
        """
        found = {key: ROLES[key] for key in keys if key in ROLES}
        own = [key for key in keys if key not in ROLES]
        if own:
            table = schema.table(Role)
            statement = sa.select(Role).where(
                tenant_predicate(table, self.uow.tenant), table.c.key.in_(own), table.c.delete_time.is_(None)
            )
            for role in await (await self.uow.session()).scalars(statement.with_for_update(read=True, of=table)):
                found[role.key] = role
        return found

    async def holders(self, key: str) -> Sequence[UUID]:
        """The users and service accounts that have a role."""
        statements = []
        for table in (schema.table(User), schema.table(ServiceAccount)):
            mine = tenant_predicate(table, self.uow.tenant)
            statements.append(sa.select(table.c.id).where(mine, has_role(table, key)))
        return (await self.uow.connection.scalars(sa.union_all(*statements))).all()
