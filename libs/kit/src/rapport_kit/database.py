"""One service's database: its connection pool, transactions that know their tenant, and statements that are alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from types import TracebackType
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from rapport_kit.database_errors import UNREACHABLE, is_unreachable, unavailable
from rapport_kit.errors import DomainError, TooLate

POOL_WAIT = 1.0
"""Seconds that a request waits for a connection before it is shed: a queue here only hides an overload."""
PLANNED_FOR_EACH = ", set_config('plan_cache_mode', 'auto', true)"


class CommitInDoubt(DomainError):
    """The connection broke during COMMIT: the work may or may not have happened.

    It is never repeated without a request id.
    """

    code = "UNKNOWN"

    def __init__(self) -> None:
        super().__init__("COMMIT_IN_DOUBT", "the outcome is not known; read before you try again")


class Database:
    """A pool of connections of one role.

    Statements run through SQLAlchemy; BEGIN and COMMIT are ours, because the tenant and the statement timeout
    must be set in the same round trip as BEGIN, and because a COMMIT must not be torn by a cancellation.
    """

    def __init__(self, url: str, *, pool_size: int = 10, application_name: str = "rapport") -> None:
        self.engine: AsyncEngine = create_async_engine(
            url.replace("postgresql://", "postgresql+asyncpg://", 1),
            isolation_level="AUTOCOMMIT",
            json_serializer=lambda value: orjson.dumps(value).decode(),
            json_deserializer=orjson.loads,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=POOL_WAIT,
            pool_use_lifo=True,
            connect_args={
                "server_settings": {
                    "application_name": application_name,
                    "jit": "off",
                    "enable_seqscan": "off",
                    "plan_cache_mode": "force_generic_plan",
                },
                "timeout": 5,
            },
        )

    @asynccontextmanager
    async def transaction(
        self, tenant: UUID | None = None, *, statement_timeout_ms: int = 30_000, by_key: bool = False
    ) -> AsyncIterator[AsyncConnection]:
        """One transaction that row-level security binds to `tenant`; without one it sees no tenant's rows.

        Where rows are looked for `by_key` alone, statements are planned once for each connection, whatever their
        parameters are, as those are that run alone: PostgreSQL else takes longer to plan many of them, every time,
        than to run them.

        Commits when the block ends well and rolls back when it raises.

        Raises:
            Unavailable: the server went away before the block began.
            CommitInDoubt: the connection broke while the commit was under way.
        """
        async with self._connected() as (connection, driver):
            try:
                # A UUID and an int: nothing in this text comes from outside.
                await driver.execute(
                    f"BEGIN; SELECT set_config('rapport.tenant', '{tenant or ''}', true), "
                    f"set_config('statement_timeout', '{int(statement_timeout_ms)}', true)"
                    f"{'' if by_key else PLANNED_FOR_EACH}"
                )
            except UNREACHABLE as broken:
                await connection.invalidate()
                raise unavailable() from broken
            except BaseException:
                await connection.invalidate()
                raise
            try:
                yield connection
            except BaseException:
                try:
                    await _finish(driver, "ROLLBACK")
                except UNREACHABLE:  # the connection is dead, and with it the transaction
                    await connection.invalidate()
                raise
            try:
                await _finish(driver, "COMMIT")
            except UNREACHABLE as broken:
                await connection.invalidate()
                raise CommitInDoubt from broken

    async def fetch_alone(self, statement: str, *values: object, timeout: float) -> list[Any]:
        """The rows of one statement that binds row-level security by itself, outside of any transaction.

        Raises:
            Unavailable: the server is away.
            TooLate: it did not answer in `timeout` seconds.
        """
        async with self._driver() as driver:
            try:
                rows: list[Any] = await driver.fetch(statement, *values, timeout=timeout)
            except TimeoutError:
                raise TooLate("STATEMENT_TIMEOUT", "the database did not answer within the deadline") from None
            except UNREACHABLE as broken:
                raise unavailable() from broken
        return rows

    async def write_alone(self, statement: str, *values: object, timeout: float) -> None:
        """Carry out one statement that binds row-level security by itself, and is its own transaction.

        Raises:
            Unavailable: the server was away before the statement was sent.
            CommitInDoubt: it went away afterwards, or did not answer in `timeout` seconds.
        """
        async with self._driver() as driver:
            try:
                await driver.execute(statement, *values, timeout=timeout)
            except UNREACHABLE as broken:  # a timeout is among them
                raise CommitInDoubt from broken

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()

    @asynccontextmanager
    async def _driver(self) -> AsyncIterator[Any]:
        """A connection of the driver's, which is in no transaction.

        Straight from the pool: SQLAlchemy's own connection costs more than a short statement takes to be sent, and
        gives what it has back in a task of its own.

        Raises:
            Unavailable: the server is away.
        """
        with _reached():
            pooled = await self.engine.raw_connection()
            driver: Any = pooled.driver_connection
            if driver.is_closed():  # the server went away while it lay in the pool
                pooled.invalidate()
                pooled = await self.engine.raw_connection()
                driver = pooled.driver_connection
        try:
            yield driver
        except BaseException:
            if driver.is_closed() or driver.is_in_transaction():
                pooled.invalidate()
            raise
        finally:
            pooled.close()

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[tuple[AsyncConnection, Any]]:
        """A connection of the pool, and the driver's: a new one when the server went away while it lay in the pool.

        Raises:
            Unavailable: the server is away.
        """
        async with AsyncExitStack() as open_:
            with _reached():
                connection = await open_.enter_async_context(self.engine.connect())
                driver = await driver_of(connection)
                if driver.is_closed():
                    await connection.invalidate()
                    driver = await driver_of(connection)
            yield connection, driver


class Statements(AsyncConnection):
    """The connection of one transaction, which begins with its first statement: not every unit of work needs one."""

    def __init__(self, database: Database, tenant: UUID, *, statement_timeout_ms: int, by_key: bool) -> None:
        super().__init__(database.engine)
        self._transaction = database.transaction(tenant, statement_timeout_ms=statement_timeout_ms, by_key=by_key)

    @property
    def begun(self) -> bool:
        """Whether there is a transaction yet."""
        return self.sync_connection is not None

    async def begin_once(self) -> None:
        """Begin, unless that was done."""
        if self.sync_connection is None:
            self.sync_connection = (await self._transaction.__aenter__()).sync_connection

    async def end(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Commit, or roll back on an error, what was begun."""
        if self.begun:
            await self._transaction.__aexit__(kind, error, trace)

    async def execute(self, *arguments: Any, **options: Any) -> Any:
        """As every connection."""
        await self.begin_once()
        return await super().execute(*arguments, **options)

    async def get_raw_connection(self) -> Any:
        """As every connection."""
        await self.begin_once()
        return await super().get_raw_connection()


class Joined(AsyncConnection):
    """The connection of a transaction that several units of work share; whoever began it ends it."""

    begun = True

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection.engine, connection.sync_connection)

    async def begin_once(self) -> None:
        """It was begun."""

    async def end(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """It is ended when all who share it are through."""


async def driver_of(connection: AsyncConnection) -> Any:
    """The asyncpg connection under a SQLAlchemy one."""
    if connection.sync_connection is None or connection.invalidated:  # is to be connected first
        return (await connection.get_raw_connection()).driver_connection
    return connection.sync_connection.connection.driver_connection


@contextmanager
def _reached() -> Iterator[None]:
    """Around what asks for a connection: Unavailable when the server is away."""
    try:
        yield
    except Exception as broken:
        if is_unreachable(broken):
            raise unavailable() from broken
        raise


async def _finish(driver: Any, statement: str) -> None:
    """End the transaction even while the task is being cancelled; raises one of UNREACHABLE when the server is gone."""
    task = asyncio.ensure_future(driver.execute(statement))
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise
