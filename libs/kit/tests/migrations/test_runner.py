"""A service's database comes to be, changes, and comes to no harm when several bring it up at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from urllib.parse import urlsplit

import asyncpg
import pytest
import sqlalchemy as sa

from rapport_kit.migrations import Chain, MigrationError, migrate_service

Shelf = Callable[..., Chain]
ActingAs = Callable[[Chain, str], AbstractAsyncContextManager[asyncpg.Connection]]

STEP = """
from alembic import op

revision = "{number}"
down_revision = "{before}"

def upgrade():
    {statement}

def downgrade():
    pass
"""
ADD_PAGES = STEP.format(number="0002", before="0001", statement='op.execute("ALTER TABLE book ADD COLUMN pages int")')


async def tables(acting_as: ActingAs, chain: Chain) -> set[str]:
    async with acting_as(chain, chain.roles.migrator) as connection:
        rows = await connection.fetch(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
    return {row["relname"] for row in rows}


async def columns(acting_as: ActingAs, chain: Chain) -> set[str]:
    async with acting_as(chain, chain.roles.migrator) as connection:
        rows = await connection.fetch(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'book'::regclass AND attnum > 0"
        )
    return {row["attname"] for row in rows}


@pytest.fixture
def chain(shelf: Shelf, books: sa.MetaData, make_books: str) -> Chain:
    return shelf(books, make_books)


async def test_a_missing_database_is_made_and_brought_to_the_newest_revision(
    postgres: str, chain: Chain, acting_as: ActingAs
) -> None:
    await migrate_service(postgres, chain)
    assert await tables(acting_as, chain) == {"book", "alembic_version"}


async def test_migrating_again_changes_nothing_and_is_quick(postgres: str, chain: Chain, acting_as: ActingAs) -> None:
    await migrate_service(postgres, chain)
    began = time.process_time()
    await migrate_service(postgres, chain)
    assert time.process_time() - began < 1
    assert await tables(acting_as, chain) == {"book", "alembic_version"}


async def test_migrators_that_start_together_take_turns(postgres: str, chain: Chain, acting_as: ActingAs) -> None:
    await asyncio.gather(*(migrate_service(postgres, chain, passwords={chain.roles.app: "x"}) for _ in range(5)))
    assert await tables(acting_as, chain) == {"book", "alembic_version"}


async def test_only_the_services_own_roles_may_connect(postgres: str, chain: Chain, acting_as: ActingAs) -> None:
    await migrate_service(postgres, chain, passwords={chain.roles.app: "a-b c%", chain.roles.readonly: "r"})
    server = await asyncpg.connect(postgres, database=chain.service)
    outsider = f"{chain.service}_outsider"
    try:
        allowed = await server.fetch(
            "SELECT r FROM unnest($1::text[]) AS r WHERE has_database_privilege(r, current_database(), 'CONNECT')",
            list(chain.roles.all),
        )
        await server.execute(f"CREATE ROLE {outsider}")
        refused = await server.fetchval("SELECT has_database_privilege($1, current_database(), 'CONNECT')", outsider)
        await server.execute(f"DROP ROLE {outsider}")
    finally:
        await server.close()
    assert {row["r"] for row in allowed} == set(chain.roles.all) - {chain.roles.search}
    assert refused is False
    place = urlsplit(postgres)
    app = await asyncpg.connect(
        host=place.hostname, port=place.port, user=chain.roles.app, password="a-b c%", database=chain.service
    )
    assert await app.fetchval("SHOW idle_in_transaction_session_timeout") == "30s"
    await app.close()


async def test_no_role_has_power_over_the_server_and_a_strong_one_is_refused(
    postgres: str, chain: Chain, acting_as: ActingAs
) -> None:
    await migrate_service(postgres, chain)
    server = await asyncpg.connect(postgres)
    try:
        strong = (
            "SELECT count(*) FROM pg_roles WHERE rolname = ANY ($1) AND (rolsuper OR rolbypassrls OR rolcreaterole)"
        )
        assert await server.fetchval(strong, list(chain.roles.all)) == 0
        await server.execute(f"ALTER ROLE {chain.roles.app} BYPASSRLS")
        with pytest.raises(MigrationError, match=f"{chain.roles.app}: must have neither SUPERUSER nor BYPASSRLS"):
            await migrate_service(postgres, chain)
    finally:
        await server.close()


async def test_a_plain_administrator_without_superuser_is_enough(
    postgres: str, chain: Chain, acting_as: ActingAs
) -> None:
    server, name = await asyncpg.connect(postgres), f"{chain.service}_admin"
    await server.execute(f"CREATE ROLE {name} LOGIN CREATEROLE CREATEDB PASSWORD 'admin'")
    place = urlsplit(postgres)
    try:
        url = place._replace(netloc=f"{name}:admin@{place.hostname}:{place.port}").geturl()
        await migrate_service(url, chain)
        await migrate_service(url, chain, passwords={chain.roles.system: "s"})
        assert await tables(acting_as, chain) == {"book", "alembic_version"}
    finally:
        await server.execute(f"DROP DATABASE IF EXISTS {chain.service} WITH (FORCE)")
        for role in (*chain.roles.all, name):
            await server.execute(f"DROP ROLE IF EXISTS {role}")
        await server.close()


async def test_a_locked_table_delays_a_migration_but_not_the_readers_behind_it(
    postgres: str, shelf: Shelf, books: sa.MetaData, make_books: str, acting_as: ActingAs
) -> None:
    chain = shelf(books, make_books, ADD_PAGES)
    await migrate_service(postgres, chain, revision="0001")
    async with (
        acting_as(chain, chain.roles.migrator) as holder,
        acting_as(chain, chain.roles.migrator) as reader,
    ):
        transaction = holder.transaction()
        await transaction.start()
        await holder.fetch("SELECT * FROM book")
        migration = asyncio.create_task(migrate_service(postgres, chain))
        waits = []
        for _ in range(20):
            began = time.monotonic()
            await reader.fetch("SELECT * FROM book")
            waits.append(time.monotonic() - began)
            await asyncio.sleep(0.05)
        assert not migration.done()
        await transaction.rollback()
        await asyncio.wait_for(migration, 20)
    assert max(waits) < 0.6  # lock_timeout is 0.2 s
    assert "pages" in await columns(acting_as, chain)


async def test_a_lock_that_is_never_let_go_ends_in_an_error_that_says_so(
    postgres: str, shelf: Shelf, books: sa.MetaData, make_books: str, acting_as: ActingAs
) -> None:
    chain = shelf(books, make_books, ADD_PAGES)
    await migrate_service(postgres, chain, revision="0001")
    async with acting_as(chain, chain.roles.migrator) as holder, holder.transaction():
        await holder.fetch("SELECT * FROM book")
        with pytest.raises(MigrationError, match="stayed locked"):
            await migrate_service(postgres, chain, patience=0.3)


async def test_a_failing_revision_leaves_those_before_it_and_nothing_of_itself(
    postgres: str, shelf: Shelf, books: sa.MetaData, make_books: str, acting_as: ActingAs
) -> None:
    broken = STEP.format(
        number="0003",
        before="0002",
        statement='op.execute("CREATE TABLE half (id int)"); op.execute("SELECT 1 / 0")',
    )
    chain = shelf(books, make_books, ADD_PAGES, broken)
    with pytest.raises(sa.exc.DBAPIError, match="division by zero"):
        await migrate_service(postgres, chain)
    assert "pages" in await columns(acting_as, chain)
    assert "half" not in await tables(acting_as, chain)


async def test_a_database_newer_than_the_code_is_refused_with_a_reason(
    postgres: str, chain: Chain, acting_as: ActingAs
) -> None:
    await migrate_service(postgres, chain)
    async with acting_as(chain, chain.roles.migrator) as connection:
        await connection.execute("UPDATE alembic_version SET version_num = '0099'")
    with pytest.raises(MigrationError, match=r"0099.*newer than this code"):
        await migrate_service(postgres, chain)


async def test_a_password_for_an_unknown_role_is_refused(postgres: str, chain: Chain, acting_as: ActingAs) -> None:
    with pytest.raises(ValueError, match="postgres: no such role"):
        await migrate_service(postgres, chain, passwords={"postgres": "x"})


@pytest.mark.parametrize("name", ["", "Sales", "a b", 'x"; DROP', "9lives"])
def test_a_service_name_that_is_no_identifier_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="service: "):
        Chain(name, "x", sa.MetaData()).roles  # noqa: B018
