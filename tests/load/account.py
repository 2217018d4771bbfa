"""A tenant of its own for the bench, and an administrator's API key, with which all requests are made."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from uuid import UUID

from rapport.identity.v1 import api_keys_pb2, sessions_pb2, tokens_pb2
from rapport_identity.bootstrap import bootstrap_tenant
from rapport_identity.domain.tenant import Tenant
from rapport_identity.handlers.opening import FirstUser
from rapport_kit.database import Database
from rapport_kit.rpc.client import Client, open_channel

EMAIL = "admin@bench.example"


@dataclass(frozen=True)
class Account:
    """Who asks. `authorization` is the value of the HTTP header."""

    tenant: UUID
    user: UUID
    authorization: str


async def open_account(database_url: str, target: str, name: str = "bench") -> Account:
    """Open the tenant in identity's database (`database_url`, its app role), and make the key through `target`."""
    host = f"{name}.localhost"
    password = secrets.token_urlsafe(24)
    database = Database(database_url, pool_size=1)
    try:
        admin = FirstUser(EMAIL, "Bench", password, ("admin",))
        await bootstrap_tenant(database, Tenant(display_name=name, hosts=[host], locale="en-GB"), [admin])
    finally:
        await database.close()
    async with open_channel(target) as channel:
        sessions = Client(channel, sessions_pb2.DESCRIPTOR.services_by_name["SessionService"])
        session = await sessions.create_session(
            sessions_pb2.CreateSessionRequest(email=EMAIL, password=password, host=host)
        )
        tokens = Client(channel, tokens_pb2.DESCRIPTOR.services_by_name["TokenService"])
        issued = await tokens.issue_token(tokens_pb2.IssueTokenRequest(session_secret=session.secret))
        keys = Client(
            channel, api_keys_pb2.DESCRIPTOR.services_by_name["ApiKeyService"], token=lambda: issued.access_token
        )
        key = await keys.create_api_key(
            api_keys_pb2.CreateApiKeyRequest(api_key=api_keys_pb2.ApiKey(display_name="Bench"))
        )
    return Account(UUID(issued.caller.tenant_id), UUID(issued.caller.subject), f"Bearer {key.secret}")
