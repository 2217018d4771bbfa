"""The tenant's users, roles and teams, and the tree they are in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from rapport_identity.domain.built_in_roles import ADMINISTRATOR, ROLES
from rapport_identity.domain.credentials import ApiKey, ApiKeyState, ServiceAccount
from rapport_identity.domain.role import Role
from rapport_identity.domain.session import TOUCH
from rapport_identity.domain.team import BusinessUnit, Team
from rapport_identity.domain.tenant import Tenant
from rapport_identity.domain.unit_tree import UnitTree
from rapport_identity.domain.user import User, UserState
from rapport_identity.storage.tables import schema, tenant_host
from rapport_kit.domain import Entity
from rapport_kit.uow import Repository, tenant_predicate

E = TypeVar("E", bound=Entity)
_TREE_LOCK = "identity.business_unit.tree"
_ADMINISTRATORS_LOCK = "identity.user.administrators"


class Tenants(Repository[Tenant]):
    """The one tenant of the unit of work, and its host names."""

    entity = Tenant

    async def display_name(self) -> str:
        """What the tenant is called; nothing for an operator, who is in none."""
        table = schema.table(Tenant)
        statement = sa.select(table.c.display_name).where(tenant_predicate(table, self.uow.tenant))
        return await self.uow.connection.scalar(statement) or ""

    async def claim_hosts(self, tenant: Tenant) -> None:
        """Make the look-up of host names follow `tenant.hosts`; a name that another tenant has is ALREADY_EXISTS."""
        mine = tenant_predicate(tenant_host, self.uow.tenant)
        await self.uow.connection.execute(
            sa.delete(tenant_host).where(mine, tenant_host.c.host.not_in(tenant.hosts or [""]))
        )
        if tenant.hosts:
            known = sa.select(tenant_host.c.host).where(mine)
            present = set((await self.uow.connection.scalars(known)).all())
            new = [{"tenant": self.uow.tenant, "host": host} for host in tenant.hosts if host not in present]
            if new:
                await self.uow.connection.execute(sa.insert(tenant_host), new)


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
        return await _held(self, id)

    async def by_id(self, id: UUID) -> User | None:  # noqa: A002
        """The user, whatever the caller's record scope: for what concerns the caller."""
        table = schema.table(User)
        return await self._one(sa.select(User).where(tenant_predicate(table, self.uow.tenant), table.c.id == id))

    async def stored_roles(self, id: UUID) -> list[str]:  # noqa: A002
        """The roles as they were before this unit of work; none for a new user."""
        return await _stored_roles(self, id)

    async def administrators(self) -> frozenset[UUID]:
        """The active users who are stored as administrators."""
        table = schema.table(User)
        statement = sa.select(table.c.id).where(
            tenant_predicate(table, self.uow.tenant), table.c.state == UserState.ACTIVE, _has_role(table, ADMINISTRATOR)
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
            statements.append(sa.select(table.c.id).where(mine, _has_role(table, key)))
        return (await self.uow.connection.scalars(sa.union_all(*statements))).all()


class Teams(Repository[Team]):
    """The tenant's teams."""

    entity = Team

    async def known(self, ids: Sequence[UUID]) -> frozenset[UUID]:
        """Those of `ids` that are teams now."""
        table = schema.table(Team)
        statement = sa.select(table.c.id).where(
            tenant_predicate(table, self.uow.tenant), table.c.id.in_(ids), table.c.delete_time.is_(None)
        )
        return frozenset(await self.uow.connection.scalars(statement)) if ids else frozenset()

    async def in_units(self, units: Sequence[UUID]) -> frozenset[UUID]:
        """The teams of these business units."""
        table = schema.table(Team)
        statement = sa.select(table.c.id).where(
            tenant_predicate(table, self.uow.tenant),
            table.c.business_unit_id.in_(units),
            table.c.delete_time.is_(None),
        )
        return frozenset(await self.uow.connection.scalars(statement)) if units else frozenset()

    async def unit_of(self, team: UUID) -> UUID | None:
        """The business unit of a team."""
        table = schema.table(Team)
        statement = sa.select(table.c.business_unit_id).where(
            tenant_predicate(table, self.uow.tenant), table.c.id == team
        )
        unit: UUID | None = await self.uow.connection.scalar(statement)
        return unit

    async def any_in(self, unit: UUID) -> bool:
        """Whether a business unit has teams."""
        return bool(await self.in_units([unit]))


class BusinessUnits(Repository[BusinessUnit]):
    """The tenant's business units."""

    entity = BusinessUnit

    async def tree(self) -> UnitTree:
        """The whole tree as it is now."""
        table = schema.table(BusinessUnit)
        statement = sa.select(table.c.id, table.c.parent_id).where(
            tenant_predicate(table, self.uow.tenant), table.c.delete_time.is_(None)
        )
        return UnitTree({row.id: row.parent_id for row in await self.uow.connection.execute(statement)})

    async def exists(self, id: UUID) -> bool:  # noqa: A002
        """Whether there is such a unit now."""
        table = schema.table(BusinessUnit)
        statement = sa.select(sa.literal(True)).where(
            tenant_predicate(table, self.uow.tenant), table.c.id == id, table.c.delete_time.is_(None)
        )
        return await self.uow.connection.scalar(statement) is not None

    async def lock_tree(self) -> None:
        """Let no other transaction of the tenant change the tree until this one ends.

        Two moves that are each sound can close a cycle together; versions do not see that.
        """
        await self.uow.hold(_TREE_LOCK)


class ApiKeys(Repository[ApiKey]):
    """The tenant's API keys."""

    entity = ApiKey

    async def held(self, id: UUID) -> ApiKey | None:  # noqa: A002
        """The key, which cannot change until the transaction ends."""
        return await _held(self, id)

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
        return await _held(self, id)

    async def stored_roles(self, id: UUID) -> list[str]:  # noqa: A002
        """The roles as they were before this unit of work; none for a new account."""
        return await _stored_roles(self, id)


async def touch(repository: Repository[ApiKey] | Repository[ServiceAccount], id: UUID, now: datetime) -> None:  # noqa: A002
    """Note the use of a credential, to the minute; that is no change of the resource, so it has no version or event."""
    table = schema.table(repository.entity)
    stale = sa.or_(table.c.last_use_time.is_(None), table.c.last_use_time < now - TOUCH)
    await repository.uow.connection.execute(
        sa.update(table)
        .where(tenant_predicate(table, repository.uow.tenant), table.c.id == id, stale)
        .values(last_use_time=now)
    )


def _has_role(table: sa.FromClause, key: str) -> sa.ColumnElement[bool]:
    return sa.type_coerce(table.c.roles, JSONB).contains([key])


async def _held(repository: Repository[E], id: UUID) -> E | None:  # noqa: A002
    """The aggregate under a shared lock: whoever changes it waits, and is revoked at a later time."""
    table = schema.table(repository.entity)
    statement = sa.select(repository.entity).where(tenant_predicate(table, repository.uow.tenant), table.c.id == id)
    found: E | None = await (await repository.uow.session()).scalar(statement.with_for_update(read=True, of=table))
    return found


async def _stored_roles(repository: Repository[User] | Repository[ServiceAccount], id: UUID) -> list[str]:  # noqa: A002
    table = schema.table(repository.entity)
    mine = sa.and_(tenant_predicate(table, repository.uow.tenant), table.c.id == id)
    return await repository.uow.connection.scalar(sa.select(table.c.roles).where(mine)) or []
