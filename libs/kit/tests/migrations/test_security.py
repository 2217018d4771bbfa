"""Row-level security as `secure` sets it up: one tenant at a time, for everybody."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio
import sqlalchemy as sa

from rapport_kit.migrations import Chain, migrate_service

Shelf = Callable[..., Chain]
ActingAs = Callable[[Chain, str], AbstractAsyncContextManager[asyncpg.Connection]]
Library = tuple[Chain, UUID, UUID]

TENANT = "SELECT set_config('rapport.tenant', $1, true)"
BACKFILL = """
from alembic import op
from rapport_kit.migrations import each_tenant

revision = "0002"
down_revision = "0001"

def upgrade():
    for tenant in each_tenant(op, "book"):
        op.execute("UPDATE book SET title = upper(title)")

def downgrade():
    pass
"""
UNSECURE = """
from alembic import op
from rapport_kit.migrations import secure, unsecure

revision = "0002"
down_revision = "0001"

def upgrade():
    unsecure(op, "book")

def downgrade():
    secure(op, "book", search=True)
"""


@pytest_asyncio.fixture
async def library(postgres: str, shelf: Shelf, books: sa.MetaData, make_books: str, acting_as: ActingAs) -> Library:
    """A service with one book in each of two tenants."""
    chain = shelf(books, make_books, BACKFILL)
    await migrate_service(postgres, chain, revision="0001")
    tenants = uuid4(), uuid4()
    async with acting_as(chain, chain.roles.app) as connection:
        for tenant in tenants:
            async with connection.transaction():
                await connection.execute(TENANT, str(tenant))
                await connection.execute("INSERT INTO book VALUES ($1, $2, 'emma')", tenant, uuid4())
    return chain, *tenants


@pytest.mark.parametrize("role", ["app", "readonly", "migrator"])
async def test_every_role_sees_the_rows_of_its_tenant_only(
    postgres: str, library: Library, acting_as: ActingAs, role: str
) -> None:
    chain, mine, _ = library
    async with acting_as(chain, getattr(chain.roles, role)) as connection, connection.transaction():
        assert await connection.fetchval("SELECT count(*) FROM book") == 0
        await connection.execute(TENANT, str(mine))
        assert [row["tenant"] for row in await connection.fetch("SELECT tenant FROM book")] == [mine]


async def test_what_one_transaction_set_is_gone_in_the_next(
    postgres: str, library: Library, acting_as: ActingAs
) -> None:
    chain, mine, _ = library
    async with acting_as(chain, chain.roles.app) as connection:
        async with connection.transaction():
            await connection.execute(TENANT, str(mine))
        assert await connection.fetchval("SELECT count(*) FROM book") == 0


async def in_savepoint(connection: asyncpg.Connection, statement: str, *arguments: object) -> None:
    async with connection.transaction():
        await connection.execute(statement, *arguments)


async def test_a_row_cannot_be_written_into_or_moved_to_another_tenant(
    postgres: str, library: Library, acting_as: ActingAs
) -> None:
    chain, mine, other = library
    async with acting_as(chain, chain.roles.app) as connection:
        for statement in ("INSERT INTO book VALUES ($1, gen_random_uuid(), 'x')", "UPDATE book SET tenant = $1"):
            async with connection.transaction():
                await connection.execute(TENANT, str(mine))
                with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
                    await in_savepoint(connection, statement, other)


@pytest.mark.parametrize(
    ("role", "statement"),
    [("app", "DELETE FROM book"), ("readonly", "UPDATE book SET title = ''"), ("system", "SELECT * FROM book")],
)
async def test_a_role_may_not_do_more_than_it_was_granted(
    postgres: str, library: Library, acting_as: ActingAs, role: str, statement: str
) -> None:
    chain, _, _ = library
    async with acting_as(chain, getattr(chain.roles, role)) as connection:
        await connection.execute("SET default_transaction_read_only = off")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)


async def test_a_backfill_reaches_every_tenant(postgres: str, library: Library, acting_as: ActingAs) -> None:
    chain, *tenants = library
    await migrate_service(postgres, chain)
    async with acting_as(chain, chain.roles.search) as connection:
        rows = await connection.fetch("SELECT tenant, title FROM book")
    assert {(row["tenant"], row["title"]) for row in rows} == {(tenant, "EMMA") for tenant in tenants}


async def test_unsecure_takes_everything_back(
    postgres: str, shelf: Shelf, books: sa.MetaData, make_books: str, acting_as: ActingAs
) -> None:
    chain = shelf(books, make_books, UNSECURE)
    await migrate_service(postgres, chain)
    async with acting_as(chain, chain.roles.migrator) as connection:
        assert await connection.fetchval("SELECT count(*) FROM pg_policy") == 0
        walled = "SELECT relrowsecurity OR relforcerowsecurity FROM pg_class WHERE relname = 'book'"
        assert await connection.fetchval(walled) is False
        for role in (chain.roles.app, chain.roles.readonly, chain.roles.search):
            assert not await connection.fetchval("SELECT has_table_privilege($1, 'book', 'SELECT')", role)
