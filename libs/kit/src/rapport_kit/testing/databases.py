"""Fresh, empty databases on the session's PostgreSQL."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import AsyncIterator
from typing import Protocol
from urllib.parse import urlsplit

import asyncpg
import pytest_asyncio


class DatabaseFactory(Protocol):
    """`await database_factory("contact", template=None)`."""

    async def __call__(self, name: str = "empty", template: str | None = None) -> str: ...


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def database_factory(postgres: str) -> AsyncIterator[DatabaseFactory]:
    """Makes databases and gives the administrator's URL of each.

    `template` is the URL of a database to copy, which nobody may be connected to; that is the quick way to give
    each test module a migrated database. Dropped at the end of the session.
    """
    session, count = secrets.token_hex(3), itertools.count(1)
    created: list[str] = []
    connection = await asyncpg.connect(postgres.replace("postgresql+asyncpg:", "postgresql:"))

    async def create(name: str = "empty", template: str | None = None) -> str:
        database = f"test_{session}_{next(count)}_{name}"
        source = urlsplit(template).path.strip("/") if template else "template0"
        await connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{source}"')
        created.append(database)
        return urlsplit(postgres)._replace(path=f"/{database}").geturl()

    try:
        yield create
        for database in created:
            await connection.execute(f'DROP DATABASE "{database}" WITH (FORCE)')
    finally:
        await connection.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def empty_database(database_factory: DatabaseFactory) -> str:
    """Administrator's URL of an empty database that this test module has to itself."""
    return await database_factory()
