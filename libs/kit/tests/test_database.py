"""A statement that is alone fails with the same words as one in a transaction."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio
import sqlalchemy as sa

from rapport_kit.database import Database, driver_of
from rapport_kit.database_errors import translate
from rapport_kit.errors import DomainError, Unavailable

Do = Callable[..., Awaitable[Any]]


async def in_transaction(database: Database, statement: str, *values: object) -> None:
    async with database.transaction(uuid4()) as connection:
        await (await driver_of(connection)).execute(statement, *values)


async def written_alone(database: Database, statement: str, *values: object) -> None:
    await database.write_alone(statement, *values, timeout=5)


async def fetched_alone(database: Database, statement: str, *values: object) -> None:
    await database.fetch_alone(statement, *values, timeout=5)


EVERY_WAY = pytest.mark.parametrize("do", [in_transaction, written_alone, fetched_alone])


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def database(empty_database: str) -> AsyncIterator[Database]:
    database = Database(empty_database, pool_size=1)
    await written_alone(database, "CREATE TABLE thing (id int PRIMARY KEY, whole int REFERENCES thing)")
    await written_alone(database, "INSERT INTO thing VALUES (1)")
    yield database
    await database.close()


def told(error: BaseException) -> tuple[str, str] | None:
    """What a caller hears of a fault; None when it is one of ours."""
    known = error if isinstance(error, DomainError) else translate(error, sa.MetaData())
    return None if known is None else (type(known).__name__, known.reason)


def raising(sqlstate: str) -> str:
    return f"DO $$ BEGIN RAISE 'no' USING ERRCODE = '{sqlstate}'; END $$"


@EVERY_WAY
@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("INSERT INTO thing VALUES (1)", ("AlreadyExists", "ALREADY_EXISTS")),
        ("INSERT INTO thing VALUES (2, 3)", ("Invalid", "NOT_FOUND")),
        (raising("40001"), ("Unavailable", "DATABASE_UNAVAILABLE")),
        (raising("40P01"), ("Unavailable", "DATABASE_UNAVAILABLE")),
        (raising("55P03"), ("Unavailable", "LOCK_TIMEOUT")),
        (raising("57014"), ("TooLate", "STATEMENT_TIMEOUT")),
        ("SELECT 1 / 0", None),
    ],
)
async def test_a_refused_statement_is_told_alike(
    do: Do, statement: str, expected: tuple[str, str] | None, database: Database
) -> None:
    with pytest.raises(asyncpg.PostgresError) as refused:
        await do(database, statement)
    assert told(refused.value) == expected


@EVERY_WAY
async def test_a_value_that_cannot_be_sent_is_a_fault_of_ours(do: Do, database: Database) -> None:
    with pytest.raises(asyncpg.DataError, match="invalid input") as refused:
        await do(database, "SELECT $1::int", "many")
    assert told(refused.value) is None
    await do(database, "SELECT 1")


@EVERY_WAY
async def test_a_server_that_is_away_is_unavailable(do: Do) -> None:
    with pytest.raises(Unavailable) as refused:
        await do(Database("postgresql://nobody@127.0.0.1:1/nothing"), "SELECT 1")
    assert told(refused.value) == ("Unavailable", "DATABASE_UNAVAILABLE")


RECOVERING = b"SFATAL\0VFATAL\0C57P03\0Mthe database system is in recovery mode\0\0"


async def _recovering(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """What PostgreSQL says while it comes back from a crash: no to encryption, and then to whoever it is."""
    for answer in (b"N", b"E" + (len(RECOVERING) + 4).to_bytes(4, "big") + RECOVERING):
        length = int.from_bytes(await reader.readexactly(4), "big")
        await reader.readexactly(length - 4)
        writer.write(answer)
    writer.close()


@EVERY_WAY
async def test_a_server_that_comes_back_from_a_crash_is_unavailable(do: Do) -> None:
    async with await asyncio.start_server(_recovering, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        with pytest.raises(Unavailable) as refused:
            await do(Database(f"postgresql://nobody@{host}:{port}/nothing"), "SELECT 1")
    assert told(refused.value) == ("Unavailable", "DATABASE_UNAVAILABLE")


@EVERY_WAY
async def test_a_connection_that_was_lost_in_the_pool_is_replaced(do: Do, database: Database) -> None:
    with pytest.raises((DomainError, asyncpg.PostgresError)):
        await do(database, "SELECT pg_terminate_backend(pg_backend_pid())")
    await do(database, "SELECT 1")
