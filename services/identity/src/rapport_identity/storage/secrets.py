"""Passwords, sessions, credentials and failed sign-ins: what never leaves the service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from rapport_identity.domain.session import ABSOLUTE, IDLE, Session
from rapport_identity.domain.throttle import FORGET_AFTER
from rapport_identity.storage.platform import REVOCATION_KEPT
from rapport_identity.storage.tables import credential, password, revocation, session, sign_in_failure, used_flow
from rapport_kit.uow import UnitOfWork, tenant_predicate


class PasswordStore:
    """Hashes of passwords by user."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def hash_of(self, user: UUID) -> str | None:
        """The stored hash, or None for a user without a password."""
        found: str | None = await self._uow.connection.scalar(
            sa.select(password.c.hash).where(tenant_predicate(password, self._uow.tenant), password.c.user_id == user)
        )
        return found

    async def set(self, user: UUID, hash: str) -> None:  # noqa: A002 - the column's name
        """Store a new hash."""
        values = {"tenant": self._uow.tenant, "user_id": user, "hash": hash, "change_time": self._uow.now}
        changes = {"hash": hash, "change_time": self._uow.now}
        await self._uow.connection.execute(
            insert(password).values(values).on_conflict_do_update(index_elements=["tenant", "user_id"], set_=changes)
        )


class SessionStore:
    """Sessions with the digests of their secrets."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(self, new: Session, digest: bytes) -> None:
        """Keep a new session."""
        await self._uow.connection.execute(
            sa.insert(session).values(
                tenant=self._uow.tenant,
                id=new.id,
                user_id=new.user_id,
                digest=digest,
                create_time=new.create_time,
                last_use_time=new.last_use_time,
                user_agent=new.user_agent,
                address=new.address,
            )
        )

    async def find(self, id: UUID) -> tuple[Session, bytes] | None:  # noqa: A002 - the column's name
        """A session and the digest of its secret."""
        statement = sa.select(session).where(tenant_predicate(session, self._uow.tenant), session.c.id == id)
        row = (await self._uow.connection.execute(statement)).one_or_none()
        return None if row is None else (_session(row), row.digest)

    async def alive_of(self, user: UUID) -> list[Session]:
        """A user's sessions that have not ended, the newest first."""
        statement = sa.select(session).where(
            tenant_predicate(session, self._uow.tenant),
            session.c.user_id == user,
            session.c.end_time.is_(None),
            session.c.last_use_time > self._uow.now - IDLE,
            session.c.create_time > self._uow.now - ABSOLUTE,
        )
        rows = await self._uow.connection.execute(statement.order_by(session.c.create_time.desc()))
        return [_session(row) for row in rows]

    async def touch(self, id: UUID) -> None:  # noqa: A002
        """Note that a session is used."""
        await self._uow.connection.execute(
            sa.update(session)
            .where(tenant_predicate(session, self._uow.tenant), session.c.id == id)
            .values(last_use_time=self._uow.now)
        )

    async def end(self, user: UUID, *, only: UUID | None = None, but: UUID | None = None) -> Sequence[UUID]:
        """End a user's sessions, or one, or all but one; says which."""
        statement = sa.update(session).where(
            tenant_predicate(session, self._uow.tenant), session.c.user_id == user, session.c.end_time.is_(None)
        )
        if only is not None:
            statement = statement.where(session.c.id == only)
        if but is not None:
            statement = statement.where(session.c.id != but)
        ended = statement.values(end_time=self._uow.now).returning(session.c.id)
        return (await self._uow.connection.scalars(ended)).all()


class CredentialStore:
    """Digests of the secrets of API keys and service accounts, by holder."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(self, id: UUID, holder: UUID, digest: bytes) -> None:  # noqa: A002 - the column's name
        """Keep a new secret."""
        await self._uow.connection.execute(
            sa.insert(credential).values(
                tenant=self._uow.tenant, id=id, holder_id=holder, digest=digest, create_time=self._uow.now
            )
        )

    async def find(self, id: UUID) -> tuple[UUID, bytes] | None:  # noqa: A002
        """The holder and the digest of a secret that has not expired."""
        statement = sa.select(credential.c.holder_id, credential.c.digest).where(
            tenant_predicate(credential, self._uow.tenant),
            credential.c.id == id,
            sa.or_(credential.c.expire_time.is_(None), credential.c.expire_time > self._uow.now),
        )
        row = (await self._uow.connection.execute(statement)).one_or_none()
        return None if row is None else (row.holder_id, row.digest)

    async def expire(self, holder: UUID, at: datetime) -> None:
        """Let every secret of a holder end at `at`, if it does not end before."""
        later = sa.or_(credential.c.expire_time.is_(None), credential.c.expire_time > at)
        await self._uow.connection.execute(
            sa.update(credential)
            .where(tenant_predicate(credential, self._uow.tenant), credential.c.holder_id == holder, later)
            .values(expire_time=at)
        )


class Failures:
    """Failed sign-ins by account and by network address, in transactions of their own: a refusal must not undo them."""

    def __init__(self, connection: AsyncConnection, tenant: UUID) -> None:
        self._connection = connection
        self._tenant = tenant

    async def lock(self, key: str, now: datetime) -> tuple[int, datetime]:
        """How many there were and when the last one was; parallel tries wait here, so that each is counted."""
        table, digest = sign_in_failure, sha256(key.encode()).digest()
        await self._connection.execute(
            insert(table)
            .values(tenant=self._tenant, key=digest, failures=0, last_time=now)
            .on_conflict_do_nothing(index_elements=["tenant", "key"])
        )
        mine = sa.and_(tenant_predicate(table, self._tenant), table.c.key == digest)
        row = (
            await self._connection.execute(sa.select(table.c.failures, table.c.last_time).where(mine).with_for_update())
        ).one()
        failures = 0 if now - row.last_time > FORGET_AFTER else row.failures
        return failures, row.last_time

    async def set(self, key: str, failures: int, now: datetime) -> None:
        """Set how many there were, the last one now."""
        await self._update(key, failures=failures, last_time=now)

    async def forget(self, key: str) -> None:
        """There were none."""
        await self._update(key, failures=0)

    async def take_back(self, key: str) -> None:
        """There was one fewer."""
        await self._update(key, failures=sa.func.greatest(sign_in_failure.c.failures - 1, 0))

    async def _update(self, key: str, **values: object) -> None:
        table = sign_in_failure
        mine = sa.and_(tenant_predicate(table, self._tenant), table.c.key == sha256(key.encode()).digest())
        await self._connection.execute(sa.update(table).where(mine).values(values))


async def forget_old(uow: UnitOfWork) -> None:
    """Delete what can no longer be used nor asked for, in the tenant of `uow`."""
    now = uow.now
    for table, old in (
        (sign_in_failure, sign_in_failure.c.last_time < now - FORGET_AFTER),
        (session, sa.or_(session.c.end_time < now, session.c.create_time < now - ABSOLUTE)),
        (credential, credential.c.expire_time < now),
        (revocation, revocation.c.time < now - REVOCATION_KEPT),
        (used_flow, used_flow.c.expire_time < now),
    ):
        await uow.connection.execute(sa.delete(table).where(tenant_predicate(table, uow.tenant), old))


def _session(row: sa.Row[tuple[object, ...]]) -> Session:
    return Session(
        id=row.id,
        user_id=row.user_id,
        create_time=row.create_time,
        last_use_time=row.last_use_time,
        end_time=row.end_time,
        user_agent=row.user_agent,
        address=row.address,
    )
