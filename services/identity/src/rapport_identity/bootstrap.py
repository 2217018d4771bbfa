"""How an installation gets its first tenant and its first operator; see docs/adr/0003."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from rapport_identity.crypto.passwords import Passwords
from rapport_identity.crypto.signing import private_key
from rapport_identity.domain.signing_key import signer
from rapport_identity.domain.tenant import Tenant
from rapport_identity.handlers.keys import settled_keys
from rapport_identity.handlers.opening import FirstUser, open_tenant
from rapport_identity.settings import identity_settings
from rapport_identity.storage import platform
from rapport_identity.storage.repositories import IdentityUnitOfWork
from rapport_kit.auth.claims import mint
from rapport_kit.auth.principal import NOBODY, Principal, Scope
from rapport_kit.database import Database

OPERATOR = Principal(
    tenant=NOBODY,
    subject=UUID("00000000-0000-8000-8000-000000000001"),
    grants={"identity.tenants.create": Scope.ALL},
    kind="operator",
)
"""Who runs the platform: opens tenants, and sees the inside of none."""

__all__ = ["OPERATOR", "FirstUser", "bootstrap_tenant", "operator_token"]


async def bootstrap_tenant(database: Database, tenant: Tenant, users: Sequence[FirstUser]) -> UUID:
    """Open `tenant` with `users`, unless a tenant with one of its host names exists; the id of the one or the other.

    `database` connects as identity's app role. The change events of all that is made are recorded as usual.
    """
    tenant.settle()
    async with database.transaction(NOBODY) as connection:
        for host in tenant.hosts:
            found = await platform.tenant_of_host(connection, host)
            if found is not None:
                return found
    async with IdentityUnitOfWork(database, OPERATOR) as uow:
        await open_tenant(uow, Passwords(), tenant, users)
    return tenant.id


async def operator_token(database: Database) -> str:
    """An operator's access token, good for five minutes.

    Whoever can read identity's database and its key encryption key could sign one anyway; there is no other way to
    become an operator.
    """
    async with database.transaction(NOBODY) as connection:
        now = await platform.database_time(connection)
        key = signer(await settled_keys(connection, now), now)
        return mint(OPERATOR, private_key(key, identity_settings().encryption_keys), key.kid, now.timestamp())
