"""What the tests of contact's storage share: one database, in which each works in a tenant of its own."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator

import pytest_asyncio

from rapport_contact.service import service
from rapport_kit.database import Database
from rapport_kit.local.databases import role_url
from rapport_kit.migrations import Chain, migrate_service
from rapport_kit.testing.stack import password_of


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def url(postgres: str) -> str:
    """Of a migrated database, for the role that serves."""
    name, password = f"contact_storage_{secrets.token_hex(4)}", password_of("contact_app")
    await migrate_service(postgres, Chain.of(service), database=name, passwords={"contact_app": password})
    return role_url(postgres, "contact_app", password, name)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def database(url: str) -> AsyncIterator[Database]:
    """Of a few connections."""
    database = Database(url, pool_size=4)
    yield database
    await database.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def connection(url: str) -> AsyncIterator[Database]:
    """Of one connection: what goes over it is all that is said, and whoever needs a second waits forever."""
    database = Database(url, pool_size=1)
    yield database
    await database.close()
