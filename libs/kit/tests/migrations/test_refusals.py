"""What an administrator is told when the server does not do what was asked."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable
from urllib.parse import urlsplit

import asyncpg
import pytest
import pytest_asyncio
import sqlalchemy as sa

from rapport_kit.local.databases import role_url
from rapport_kit.local.ports import LOOPBACK, free_port
from rapport_kit.migrations import Chain, MigrationError, migrate_service

Shelf = Callable[..., Chain]
PASSWORD = "hunter2"


@pytest.fixture
def chain(shelf: Shelf, books: sa.MetaData, make_books: str) -> Chain:
    return shelf(books, make_books)


@pytest_asyncio.fixture
async def clerk(postgres: str) -> AsyncIterator[str]:
    """The URL of somebody who may sign in and nothing else."""
    name = f"clerk_{secrets.token_hex(4)}"
    admin = await asyncpg.connect(postgres)
    await admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}'")
    yield role_url(postgres, name, PASSWORD, "postgres")
    await admin.execute(f"DROP ROLE {name}")
    await admin.close()


async def refusal(url: str, chain: Chain) -> str:
    with pytest.raises(MigrationError) as refused:
        await migrate_service(url, chain, passwords={chain.roles.app: PASSWORD})
    said = str(refused.value)
    assert PASSWORD not in said
    assert "SCRAM" not in said
    assert refused.value.__suppress_context__
    return said


async def test_a_server_that_is_away_is_told_with_its_address(chain: Chain) -> None:
    away = f"{LOOPBACK}:{free_port()}"
    said = await refusal(f"postgresql://admin:{PASSWORD}@{away}/postgres", chain)
    assert said == f"{chain.service}: PostgreSQL at {away}: Connection refused."


async def test_a_wrong_password_is_told_and_not_repeated(clerk: str, chain: Chain) -> None:
    name = urlsplit(clerk).username
    said = await refusal(clerk.replace(PASSWORD, f"{PASSWORD}x"), chain)
    assert said.endswith(f'password authentication failed for user "{name}".')


async def test_a_database_that_is_missing_is_named(postgres: str, chain: Chain) -> None:
    said = await refusal(urlsplit(postgres)._replace(path="/nowhere").geturl(), chain)
    assert said.endswith('database "nowhere" does not exist.')


async def test_an_administrator_without_the_rights_is_told_which(clerk: str, chain: Chain) -> None:
    said = await refusal(clerk, chain)
    assert "permission denied to create role" in said
    assert said.endswith("The administrator must be a superuser, or have CREATEROLE and CREATEDB.")


async def test_a_password_that_may_not_be_set_is_in_no_output(postgres: str, clerk: str, chain: Chain) -> None:
    """The roles are there already, made by somebody else."""
    await migrate_service(postgres, chain)
    said = await refusal(clerk, chain)
    assert "permission denied to alter role" in said
