"""What the hourly timer forgets, and what it keeps."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from rapport.identity.v1 import identity_providers_pb2, sessions_pb2
from rapport_identity.handlers import identity_providers
from rapport_identity.handlers.sweep import SWEEP, sweep
from rapport_identity.settings import identity_settings
from rapport_identity.storage.repositories import IdentityUnitOfWork
from rapport_identity.storage.tables import revocation, schema, session
from rapport_kit.auth.principal import Principal
from rapport_kit.domain import uuid7
from rapport_kit.jobs import Tick
from rapport_kit.settings import SettingsError


async def test_a_tenant_begins_with_an_hourly_timer(identity: Any) -> None:
    timer = schema.frame.timer
    async with identity.database.transaction(identity.there.id) as connection:
        (row,) = (await connection.execute(sa.select(timer.c.kind, timer.c.every))).all()
    assert (row.kind, row.every) == (SWEEP, timedelta(hours=1))


async def test_what_is_over_is_forgotten_and_what_is_not_stays(identity: Any) -> None:
    admin = await identity.admin()
    (ended, *_) = (await admin.sessions.list_sessions(sessions_pb2.ListSessionsRequest())).sessions
    await admin.sessions.delete_session(sessions_pb2.DeleteSessionRequest(id=ended.id))
    kept = await identity.session(identity.here.admin)
    async with identity.database.transaction(identity.here.id) as connection:
        old = datetime.now(UTC) - timedelta(hours=1)
        await connection.execute(sa.update(revocation).values(time=old))
    principal = Principal(identity.here.id, uuid7(), kind="service")
    async with IdentityUnitOfWork(identity.database, principal) as uow:
        await sweep(Tick(identity.here.id, SWEEP, "", uow.now, b"", 0, ""), uow)
    async with identity.database.transaction(identity.here.id) as connection:
        sessions = {str(id_) for id_ in await connection.scalars(sa.select(session.c.id))}
        revocations = (await connection.scalars(sa.select(revocation.c.id))).all()
    assert ended.id not in sessions
    assert kept.session.id in sessions
    assert not revocations
    await identity.exchange(session_secret=kept.secret)


async def test_a_providers_secret_moves_to_the_newest_key_so_that_the_old_one_can_go(
    identity: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = await identity.admin()
    wanted = identity_providers_pb2.IdentityProvider(display_name="X", issuer="https://x.example", client_id="x")
    made = await admin.identity_providers.create_identity_provider(
        identity_providers_pb2.CreateIdentityProviderRequest(identity_provider=wanted)
    )
    await admin.identity_providers.set_identity_provider_secret(
        identity_providers_pb2.SetIdentityProviderSecretRequest(id=made.id, secret="what they share")
    )
    present = identity_settings()
    old, new = present.required("key_encryption_keys"), secrets.token_urlsafe(32)

    async def opened(keys: str) -> str:
        settings = replace(present, key_encryption_keys=keys)
        monkeypatch.setattr(identity_providers, "identity_settings", lambda: settings)
        async with IdentityUnitOfWork(identity.database, Principal(identity.here.id, uuid7())) as uow:
            await identity_providers.reseal_secrets(uow)
            provider = await uow.identity_providers.by_id(UUID(made.id))
            assert provider is not None
            return identity_providers.secret_of(provider)

    assert await opened(f"{new},{old}") == "what they share"
    assert await opened(new) == "what they share"
    with pytest.raises(SettingsError):
        await opened(old)
    assert await opened(f"{old},{new}") == "what they share"
