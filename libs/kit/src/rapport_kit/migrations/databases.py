"""A service's database: made once, owned by the migrator, closed to everybody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from rapport_kit.migrations.roles import Roles


def asyncpg_url(url: str, database: str | None = None) -> URL:
    """`url` for SQLAlchemy's asyncpg dialect, of `database` when given."""
    parsed = make_url(url).set(drivername="postgresql+asyncpg")
    return parsed if database is None else parsed.set(database=database)


def hosts(url: str) -> str:
    """`host:port` of the server in a URL, or of several separated by commas; nothing of who signs in there."""
    return ", ".join(urlsplit(server.strip()).netloc.rpartition("@")[2] for server in url.split(","))


@asynccontextmanager
async def connect(url: str, database: str | None = None, *, autocommit: bool = False) -> AsyncIterator[AsyncConnection]:
    """One connection that ends with the block and belongs to no pool."""
    engine = create_async_engine(
        asyncpg_url(url, database),
        poolclass=NullPool,
        connect_args={"server_settings": {"application_name": "rapport migrate"}, "timeout": 10},
    )
    try:
        async with engine.connect() as connection:
            if autocommit:
                await connection.execution_options(isolation_level="AUTOCOMMIT")
            yield connection
    finally:
        await engine.dispose()


async def ensure_database(admin: AsyncConnection, database: str) -> None:
    """Create the database if there is none; `admin` is an autocommit connection.

    The C locale sorts by code point everywhere, and no upgrade of a system library can corrupt its indexes.
    """
    if await admin.scalar(text("SELECT true FROM pg_database WHERE datname = :name"), {"name": database}):
        return
    await admin.exec_driver_sql(
        f"CREATE DATABASE {quoted(database)} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'"
    )


async def close_database(connection: AsyncConnection, database: str, roles: Roles) -> None:
    """Make the migrator the owner of the database and its schema, and let nobody in but the service's own roles.

    `connection` is an admin's, in that database, in autocommit.
    """
    schema_owner = await connection.scalar(
        text("SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'public'")
    )
    if schema_owner != roles.migrator:
        await connection.exec_driver_sql(f"GRANT CREATE ON DATABASE {quoted(database)} TO {roles.migrator}")
        await connection.exec_driver_sql(f"ALTER SCHEMA public OWNER TO {roles.migrator}")
    database_owner = await connection.scalar(
        text("SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()")
    )
    if database_owner != roles.migrator:
        await connection.exec_driver_sql(f"ALTER DATABASE {quoted(database)} OWNER TO {roles.migrator}")
    await connection.exec_driver_sql(f"SET ROLE {roles.migrator}")
    visitors = f"{roles.app}, {roles.system}, {roles.readonly}"
    for statement in (
        f"REVOKE ALL ON DATABASE {quoted(database)} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {quoted(database)} TO {visitors}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {visitors}, {roles.search}",
    ):
        await connection.exec_driver_sql(statement)


def quoted(identifier: str) -> str:
    """An SQL identifier, whatever it contains."""
    return '"' + identifier.replace('"', '""') + '"'
