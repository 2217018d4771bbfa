"""What the hourly timer forgets, and what it keeps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from rapport.identity.v1 import sessions_pb2
from rapport_identity.handlers.sweep import SWEEP, sweep
from rapport_identity.storage.repositories import IdentityUnitOfWork
from rapport_identity.storage.tables import revocation, schema, session
from rapport_kit.auth.principal import Principal
from rapport_kit.domain import uuid7
from rapport_kit.jobs import Tick


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
