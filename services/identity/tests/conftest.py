"""Identity, served over gRPC on a real PostgreSQL and NATS, with two tenants in it."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import grpc
import pytest
import pytest_asyncio

from rapport.identity.v1 import (
    api_keys_pb2,
    business_units_pb2,
    identity_providers_pb2,
    provisioning_pb2,
    roles_pb2,
    service_accounts_pb2,
    sessions_pb2,
    teams_pb2,
    tenants_pb2,
    tokens_pb2,
    users_pb2,
)
from rapport_identity.bootstrap import FirstUser, bootstrap_tenant
from rapport_identity.domain.tenant import Tenant
from rapport_identity.service import service
from rapport_identity.settings import identity_settings
from rapport_kit.app.serving import serving
from rapport_kit.auth.keyring import Keyring
from rapport_kit.auth.principal import Principal
from rapport_kit.auth.remote import fetch_from_identity
from rapport_kit.auth.tokens import TokenVerifier
from rapport_kit.database import Database
from rapport_kit.errors import Unauthenticated
from rapport_kit.migrations import Chain, migrate_service
from rapport_kit.rpc.client import Client, open_channel
from rapport_kit.settings import ServiceSettings
from rapport_kit.testing.stack import keys_of, password_of

# Settings are read once in this process: the issuers of tests listen on this machine.
os.environ.setdefault("RAPPORT_IDENTITY_OIDC_NETWORKS", "127.0.0.0/8")

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Place:
    """A tenant of the test session."""

    id: UUID
    host: str
    admin: str


class Caller:
    """Every service of identity as one caller sees it; without a token, as anybody does."""

    def __init__(self, channel: grpc.aio.Channel, token: str = "") -> None:
        def client(module: Any, name: str) -> Any:
            return Client(channel, module.DESCRIPTOR.services_by_name[name], token=lambda: token)

        self.token = token
        self.api_keys = client(api_keys_pb2, "ApiKeyService")
        self.business_units = client(business_units_pb2, "BusinessUnitService")
        self.identity_providers = client(identity_providers_pb2, "IdentityProviderService")
        self.provisioning = client(provisioning_pb2, "ProvisioningService")
        self.roles = client(roles_pb2, "RoleService")
        self.service_accounts = client(service_accounts_pb2, "ServiceAccountService")
        self.sessions = client(sessions_pb2, "SessionService")
        self.teams = client(teams_pb2, "TeamService")
        self.tenants = client(tenants_pb2, "TenantService")
        self.tokens = client(tokens_pb2, "TokenService")
        self.users = client(users_pb2, "UserService")


@dataclass(frozen=True)
class Identity:
    """The running service."""

    channel: grpc.aio.Channel
    database: Database
    here: Place
    there: Place

    def anybody(self) -> Caller:
        """A caller without a token."""
        return Caller(self.channel)

    def caller(self, token: str) -> Caller:
        """Whoever has this token."""
        return Caller(self.channel, token)

    async def principal(self, caller: Caller) -> Principal:
        """The caller, as a service sees it that asks identity now."""
        keyring = Keyring(fetch_from_identity(self.channel))
        assert await keyring.refresh()
        return TokenVerifier(keyring, keyring).verify(caller.token)

    async def revoked(self, caller: Caller) -> bool:
        """Whether such a service refuses the caller's token as taken back."""
        try:
            await self.principal(caller)
        except Unauthenticated as error:
            return error.reason == "TOKEN_REVOKED"
        return False

    async def session(self, email: str, password: str = PASSWORD, host: str = "", address: str = "") -> Any:
        """Sign in; the answer of CreateSession."""
        request = sessions_pb2.CreateSessionRequest(
            email=email, password=password, host=host or self.here.host, address=address or secrets.token_hex(8)
        )
        return await self.anybody().sessions.create_session(request)

    async def exchange(self, **credential: Any) -> Caller:
        """A caller with a token for a credential."""
        issued = await self.anybody().tokens.issue_token(tokens_pb2.IssueTokenRequest(**credential))
        return Caller(self.channel, issued.access_token)

    async def signed_in(self, email: str, password: str = PASSWORD, host: str = "") -> Caller:
        """A caller with a fresh session."""
        session = await self.session(email, password, host)
        return await self.exchange(session_secret=session.secret)

    async def admin(self) -> Caller:
        """The administrator of `here`."""
        return await self.signed_in(self.here.admin)

    async def user(self, admin: Caller, *roles: str, **fields: Any) -> Any:
        """A new user of `here` who can sign in."""
        name = secrets.token_hex(6)
        user = users_pb2.User(email=f"{name}@example.org", display_name=name, roles=roles, **fields)
        made = await admin.users.create_user(users_pb2.CreateUserRequest(user=user))
        await admin.users.set_user_password(users_pb2.SetUserPasswordRequest(id=made.id, password=PASSWORD))
        return await admin.users.get_user(users_pb2.GetUserRequest(id=made.id))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def identity(postgres: str, nats_url: str, servers_directory: Path) -> AsyncIterator[Identity]:
    """The service, listening on a unix socket. The variables go when it has read them: others stand beside it."""
    assert service.unit_of_work is not None
    database = f"identity_{secrets.token_hex(4)}"
    passwords = {role: password_of(role) for role in ("identity_app", "identity_system")}
    chain = Chain("identity", service.migrations, service.unit_of_work.schema.metadata)
    await migrate_service(postgres, chain, database=database, passwords=passwords)
    host = urlsplit(postgres).netloc.rpartition("@")[2]
    urls = {"app": "DATABASE_URL", "system": "SYSTEM_DATABASE_URL"}
    variables = {
        "RAPPORT_NATS_URL": nats_url,
        "RAPPORT_PAGE_TOKEN_KEYS": secrets.token_urlsafe(32),
        "RAPPORT_IDENTITY_LISTEN": f"unix:{servers_directory}/identity.sock",
        **keys_of(service),
    }
    for role, variable in urls.items():
        password = passwords[f"identity_{role}"]
        variables[f"RAPPORT_IDENTITY_{variable}"] = f"postgresql://identity_{role}:{password}@{host}/{database}"
    async with AsyncExitStack() as open_:
        with pytest.MonkeyPatch.context() as environment:
            for name, value in variables.items():
                environment.setenv(name, value)
            identity_settings.cache_clear()  # another test may have read them before there were any
            identity_settings()
            settings = ServiceSettings.of("identity")
            app = Database(settings.required("database_url"), pool_size=2)
            places = [await _tenant(app, name) for name in ("here", "there")]
            await open_.enter_async_context(serving(service, settings))
        channel = await open_.enter_async_context(open_channel(settings.required("listen")))
        yield Identity(channel, app, *places)
    await app.close()


async def _tenant(database: Database, name: str) -> Place:
    tenant = Tenant(display_name=name, hosts=[f"{name}.example.com"])
    admin = FirstUser(f"admin@{name}.example.com", "Admin", PASSWORD, ("admin",))
    return Place(await bootstrap_tenant(database, tenant, [admin]), tenant.hosts[0], admin.email)
