"""What a server refuses to an administrator, as a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from sqlalchemy.exc import DBAPIError

from rapport_kit.database_errors import UNREACHABLE, driver_error, reason
from rapport_kit.migrations.chain import MigrationError

REFUSALS = (
    *UNREACHABLE,
    asyncpg.InvalidAuthorizationSpecificationError,  # a wrong password is one
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientPrivilegeError,
    asyncpg.ReadOnlySQLTransactionError,
)
"""What is a matter of the server and of who signs in there, and no fault of a statement."""


@contextmanager
def refusals_told(service: str, host: str) -> Iterator[None]:
    """Around what an administrator does on the server at `host` for a service.

    Raises:
        MigrationError: the server is away or refused it; with its own words.
    """
    try:
        yield
    except (DBAPIError, *REFUSALS) as error:
        if not isinstance(driver_error(error), REFUSALS):
            raise
        raise MigrationError(_sentence(service, host, error)) from None


def _sentence(service: str, host: str, error: BaseException) -> str:
    rights = isinstance(driver_error(error), asyncpg.InsufficientPrivilegeError)
    needed = " The administrator must be a superuser, or have CREATEROLE and CREATEDB." if rights else ""
    return f"{service}: PostgreSQL at {host}: {reason(error)}.{needed}"
