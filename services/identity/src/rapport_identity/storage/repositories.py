"""Identity's unit of work."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from rapport_identity.storage import platform
from rapport_identity.storage.credentials import ApiKeys, ServiceAccounts
from rapport_identity.storage.federation import IdentityProviders, Links
from rapport_identity.storage.open_work import OpenWork
from rapport_identity.storage.roles import Roles
from rapport_identity.storage.secrets import CredentialStore, PasswordStore, SessionStore
from rapport_identity.storage.tables import schema
from rapport_identity.storage.teams import BusinessUnits, Teams
from rapport_identity.storage.tenants import Tenants
from rapport_identity.storage.users import Users
from rapport_kit.uow import UnitOfWork, repository


class IdentityUnitOfWork(UnitOfWork):
    """One transaction. A public method begins in the nil tenant, and enters the one that its request proves."""

    schema = schema
    tenants = repository(Tenants)
    users = repository(Users)
    roles = repository(Roles)
    teams = repository(Teams)
    business_units = repository(BusinessUnits)
    api_keys = repository(ApiKeys)
    service_accounts = repository(ServiceAccounts)
    identity_providers = repository(IdentityProviders)
    open_work = repository(OpenWork)

    @cached_property
    def passwords(self) -> PasswordStore:
        """The hashes of passwords."""
        return PasswordStore(self)

    @cached_property
    def sessions(self) -> SessionStore:
        """Who is signed in."""
        return SessionStore(self)

    @cached_property
    def credentials(self) -> CredentialStore:
        """The secrets of API keys and service"""
        return CredentialStore(self)

    @cached_property
    def links(self) -> Links:
        """Who came through an identity provider."""
        return Links(self)

    async def enter(self, tenant: UUID) -> None:
        """Go on in another tenant, of which row-level security then lets exactly its rows be seen."""
        await self.connection.execute(sa.select(sa.func.set_config("rapport.tenant", str(tenant), True)))
        self.tenant = tenant

    @asynccontextmanager
    async def apart(self) -> AsyncIterator[AsyncConnection]:
        """A transaction of its own, in the same tenant, that stands whatever becomes of this one."""
        async with self._database.transaction(self.tenant) as connection:
            yield connection

    async def revoke_sessions(self, *ids: UUID) -> None:
        """Void every token of sessions, API keys or service"""
        await platform.revoke(self.connection, self.tenant, "session", ids)

    async def revoke_subjects(self, *ids: UUID) -> None:
        """Void the tokens issued for users or service accounts until now: what they may do has changed."""
        await platform.revoke(self.connection, self.tenant, "subject", ids)
