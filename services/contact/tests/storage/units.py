"""Units of work as the handlers of contact get them, in tenants that are new."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa

from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.auth.principal import Principal, Scope
from rapport_kit.database import Database


def anybody() -> Principal:
    """Who may do everything in a tenant of their own."""
    return Principal(tenant=uuid4(), subject=uuid4(), grants={"*": Scope.ALL})


def unit(database: Database, principal: Principal, ahead: timedelta = timedelta()) -> ContactUnitOfWork:
    """A unit of work, so much later than it is."""
    return ContactUnitOfWork(database, principal, clock=lambda: datetime.now(UTC) + ahead)


async def waiting_for_a_lock(uow: ContactUnitOfWork) -> None:
    """Until somebody waits for what `uow` has locked."""
    blocked = sa.text(
        "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
    )
    async with asyncio.timeout(5):
        while not await uow.connection.scalar(blocked):
            await asyncio.sleep(0.01)
