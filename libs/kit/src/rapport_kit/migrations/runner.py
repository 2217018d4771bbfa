"""Bringing one service's database to the newest revision."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from io import StringIO
from zlib import crc32

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script.revision import RevisionError
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from rapport_kit.database_errors import driver_error
from rapport_kit.migrations.chain import Chain, MigrationError
from rapport_kit.migrations.databases import close_database, connect, ensure_database, hosts
from rapport_kit.migrations.refusals import refusals_told
from rapport_kit.migrations.roles import ensure_roles

LOCK_TIMEOUT = "200ms"
"""A waiting ALTER TABLE holds up every statement behind it, so it gives up early and tries again."""
STATEMENT_TIMEOUT = "15min"
"""The longest step; a revision that needs more says so itself."""
_LOCK_CLASS = 0x52415050


async def migrate_service(
    admin_url: str,
    chain: Chain,
    *,
    database: str | None = None,
    passwords: Mapping[str, str] | None = None,
    revision: str = "head",
    patience: float = 300.0,
) -> None:
    """Create the service's database and roles if they are missing, and upgrade it to `revision`.

    May run any number of times, and at the same time in several places: they take turns.

    Args:
        admin_url: a superuser, or a role with CREATEROLE and CREATEDB; the URL's own database is only visited.
        database: its name; the service's when absent.
        passwords: role name → password, set anew at each run; a role that is not named keeps what it has.
        patience: seconds to wait for another migrator, and for a lock that the running services hold.

    Raises:
        MigrationError: a role is too powerful, the database is newer than this code, a lock was not to be had, or the
            server is away or refuses what the administrator asks of it.
    """
    database = database or chain.service
    deadline = time.monotonic() + patience
    with refusals_told(chain.service, hosts(admin_url)):
        async with connect(admin_url, autocommit=True) as admin, _turn(admin, chain.service, deadline):
            await ensure_roles(admin, chain.roles, passwords or {})
            await _refuse_power(admin, chain)
            await ensure_database(admin, database)
        async with connect(admin_url, database, autocommit=True) as owner, _turn(owner, chain.service, deadline):
            await close_database(owner, database, chain.roles)
            await owner.commit()  # nothing is open in autocommit, but SQLAlchemy must be told
            await owner.execution_options(isolation_level="READ COMMITTED")
            await run(owner, chain, lambda config: command.upgrade(config, revision), deadline)


async def run(
    owner: AsyncConnection, chain: Chain, work: Callable[[Config], object], deadline: float | None = None
) -> None:
    """Do an Alembic command as the migrator, again when a lock was not to be had in time.

    Revisions that succeeded stay: each has a transaction of its own.
    """
    deadline = time.monotonic() if deadline is None else deadline
    pause = 0.1
    while True:
        try:
            await owner.run_sync(_as_migrator, chain, work)
            return
        except DBAPIError as error:
            if not isinstance(driver_error(error), asyncpg.LockNotAvailableError):
                raise
            if time.monotonic() >= deadline:
                raise MigrationError(f"{chain.service}: a table stayed locked; end long transactions first") from error
            await owner.rollback()
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - spreads retries, guards nothing
            pause = min(pause * 2, 5.0)


def offline_sql(chain: Chain) -> str:
    """What all revisions would execute on an empty database, to be read or linted."""
    output = StringIO()
    print(f"SET lock_timeout = '{LOCK_TIMEOUT}';\nSET statement_timeout = '{STATEMENT_TIMEOUT}';", file=output)
    command.upgrade(chain.config(output=output), "head", sql=True)
    return output.getvalue()


def _as_migrator(connection: Connection, chain: Chain, work: Callable[[Config], object]) -> None:
    connection.exec_driver_sql(f"SET ROLE {chain.roles.migrator}")
    connection.execute(
        text(
            f"SELECT set_config('lock_timeout', '{LOCK_TIMEOUT}', false),"
            f" set_config('statement_timeout', '{STATEMENT_TIMEOUT}', false),"
            " set_config('idle_in_transaction_session_timeout', '60s', false),"
            " set_config('search_path', 'public', false)"
        )
    )
    connection.commit()
    try:
        work(chain.config(connection))
    except (CommandError, RevisionError) as error:
        raise MigrationError(f"{chain.service}: {error}; is the database newer than this code?") from error


@asynccontextmanager
async def _turn(connection: AsyncConnection, service: str, deadline: float) -> AsyncIterator[None]:
    """Hold this service's advisory lock in the connection's database.

    Asks again and again instead of waiting inside the server: a waiting statement holds a snapshot, and
    CREATE INDEX CONCURRENTLY of the one whose turn it is would wait for that snapshot for ever.
    """
    keys = {"class": _LOCK_CLASS, "key": crc32(service.encode()) - 2**31}
    while not await connection.scalar(text("SELECT pg_try_advisory_lock(:class, :key)"), keys):
        if time.monotonic() >= deadline:
            raise MigrationError(f"{service}: another migration is still running")
        await asyncio.sleep(0.1)
    yield
    # The connection ends right after the block, and the lock with it, also when the block raises.


async def _refuse_power(admin: AsyncConnection, chain: Chain) -> None:
    """A role that was there before and may bypass row-level security would void it silently."""
    strong = await admin.scalars(
        text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:names) AND (rolsuper OR rolbypassrls)"),
        {"names": list(chain.roles.all)},
    )
    names = sorted(strong)
    if names:
        raise MigrationError(f"{', '.join(names)}: must have neither SUPERUSER nor BYPASSRLS")
