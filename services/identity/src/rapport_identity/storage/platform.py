"""What is known across tenants: host names, revocations and signing keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from rapport_identity.domain.signing_key import SigningKey
from rapport_identity.storage.tables import revocation, signing_key
from rapport_kit.auth.principal import NOBODY

REVOCATION_KEPT = timedelta(minutes=15)
"""Longer than any token lives, plus how far clocks may differ."""
_ROTATION_LOCK = "identity.signing_key"


@dataclass(frozen=True, slots=True)
class Revoked:
    """Something whose tokens are void; `kind` is `subject` (up to `time`) or `session` (all)."""

    id: UUID
    kind: str
    time: datetime


async def database_time(connection: AsyncConnection) -> datetime:
    """The database's clock, the only one that all replicas share: it orders tokens and revocations."""
    now: datetime = (await connection.scalars(sa.select(sa.func.clock_timestamp()))).one()
    return now


async def tenant_of_host(connection: AsyncConnection, host: str) -> UUID | None:
    """The tenant whose people use this host name."""
    found: UUID | None = await connection.scalar(
        sa.text("SELECT tenant_of_host(:host)").columns(sa.column("tenant_of_host", sa.Uuid)), {"host": host}
    )
    return found


async def revoke(connection: AsyncConnection, tenant: UUID, kind: str, ids: Iterable[UUID]) -> None:
    """Void the tokens of subjects (issued until now) or of sessions (all of them)."""
    rows = [{"tenant": tenant, "id": each, "kind": kind, "time": sa.func.clock_timestamp()} for each in ids]
    if rows:
        statement = insert(revocation).values(rows)
        await connection.execute(
            statement.on_conflict_do_update(
                index_elements=["tenant", "id", "kind"], set_={"time": statement.excluded.time}
            )
        )


async def revoked_lately(connection: AsyncConnection) -> list[Revoked]:
    """Every tenant's revocations that a living token could still fall under."""
    rows = await connection.execute(
        sa.text("SELECT id, kind, time FROM revocations_since(:since)"),
        {"since": await database_time(connection) - REVOCATION_KEPT},
    )
    return [Revoked(row.id, row.kind, row.time) for row in rows]


async def load_keys(connection: AsyncConnection) -> Sequence[SigningKey]:
    """Every signing key; needs a transaction of the nil tenant."""
    table = signing_key
    statement = sa.select(table.c.kid, table.c.x, table.c.y, table.c.private, table.c.active_time)
    rows = await connection.execute(statement.where(table.c.tenant == NOBODY))
    return [SigningKey(*row) for row in rows]


async def lock_rotation(connection: AsyncConnection) -> None:
    """Let only one replica make a key at a time."""
    await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(_ROTATION_LOCK, 0))))


async def store_key(connection: AsyncConnection, key: SigningKey) -> None:
    """Keep a new key."""
    await connection.execute(
        sa.insert(signing_key).values(
            tenant=NOBODY, kid=key.kid, x=key.x, y=key.y, private=key.private, active_time=key.active_time
        )
    )


async def forget_keys(connection: AsyncConnection, kids: Iterable[str]) -> None:
    """Delete keys under which no living token is signed."""
    await connection.execute(
        sa.delete(signing_key).where(signing_key.c.tenant == NOBODY, signing_key.c.kid.in_(list(kids)))
    )
