"""What PostgreSQL's failures mean to a caller: try again, unavailable, or a rule that the request broke."""

from __future__ import annotations

import os
import ssl
from errno import errorcode
from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, EmulatedDBAPIException, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.schema import ColumnCollectionConstraint

from rapport_kit.errors import AlreadyExists, DomainError, Exhausted, Invalid, Stale, TooLate, Unavailable

_TRANSIENT = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)
_UNFIT = (
    asyncpg.CharacterNotInRepertoireError,
    asyncpg.UntranslatableCharacterError,
    asyncpg.StringDataRightTruncationError,
    asyncpg.NumericValueOutOfRangeError,
    asyncpg.ProgramLimitExceededError,  # too long for an index
)
UNREACHABLE = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a statement on a connection that the server has just said goodbye on
    asyncpg.TooManyConnectionsError,
)
"""What the driver raises when the server is away or has just gone, whatever was being done."""

INTERRUPTIONS = (
    SQLAlchemyError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    DomainError,
    OSError,  # a TimeoutError is one
)
"""What background work meets when the database or a peer is away: logged and tried again, never the process's end."""


def driver_error(error: BaseException) -> BaseException:
    """The asyncpg error under SQLAlchemy's wrappings, of which its pool alone has only the inner one; or the error."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        error = error.orig
    return (error.__cause__ or error) if isinstance(error, EmulatedDBAPIException) else error


def reason(error: BaseException) -> str:
    """What the server, or else the system, says of a failure: one line, without the statement and its values."""
    cause = driver_error(error)
    if isinstance(cause, TimeoutError):
        return "no answer in time"
    if isinstance(cause, asyncpg.PostgresError):
        said = ": ".join(part.rstrip(".") for part in (cause.message, cause.detail) if part)
    elif isinstance(cause, OSError):
        said = _of_system(cause)
    else:
        said = str(cause)
    return " ".join(said.split()) or type(cause).__name__


def _of_system(error: OSError) -> str:
    """Without the addresses that asyncio writes in the place of the system's words."""
    number = 0 if isinstance(error, ssl.SSLError) else error.errno or 0  # OpenSSL has numbers of its own
    return os.strerror(number) if number in errorcode else error.strerror or str(error)


def is_unreachable(error: BaseException) -> bool:
    """Whether the server is away, or has just gone."""
    return isinstance(driver_error(error), UNREACHABLE)


def unavailable() -> Unavailable:
    """What a caller is told when the server is away."""
    return Unavailable("DATABASE_UNAVAILABLE", "the database does not answer")


def is_transient(error: BaseException, frame_tables: frozenset[str] = frozenset()) -> bool:
    """Whether the same work may succeed when it is run again at once.

    A conflict on one of the frame's own tables is such a case: two duplicates of one request raced.
    """
    cause = driver_error(error)
    if isinstance(cause, asyncpg.UniqueViolationError):
        return cause.table_name in frame_tables
    return isinstance(error, StaleDataError) or isinstance(cause, _TRANSIENT)


def translate(error: BaseException, metadata: sa.MetaData) -> DomainError | None:
    """The domain's word for a database failure, or None when it is a fault of ours."""
    cause = driver_error(error)
    if isinstance(error, StaleDataError):
        return Stale("CONCURRENT_CHANGE", "the resource changed while it was being written")
    if isinstance(error, PoolTimeout):
        return Exhausted("NO_CONNECTION", "too much is going on; try again shortly")
    if isinstance(cause, asyncpg.QueryCanceledError):
        return TooLate("STATEMENT_TIMEOUT", "the database did not answer within the deadline")
    if isinstance(cause, asyncpg.LockNotAvailableError):
        return Unavailable("LOCK_TIMEOUT", "another change holds what this one needs")
    if isinstance(cause, asyncpg.IntegrityConstraintViolationError):
        return _broken_rule(cause, metadata)
    if isinstance(cause, _UNFIT):
        return Invalid(
            "VALUE_UNFIT", "has a value that cannot be stored: a character that is none, or too many of them"
        )
    if is_unreachable(error) or isinstance(cause, _TRANSIENT):
        return unavailable()
    return None


def _broken_rule(cause: asyncpg.IntegrityConstraintViolationError, metadata: sa.MetaData) -> DomainError:
    """Name the fields of the constraint, never the values: they may belong to somebody else."""
    table = metadata.tables.get(cause.table_name or "")
    columns = _constraint_columns(table, cause.constraint_name or "") if table is not None else []
    fields = ", ".join(columns) or cause.column_name or "the request"
    if isinstance(cause, asyncpg.UniqueViolationError):
        return AlreadyExists("ALREADY_EXISTS", f"{fields}: taken by another record", fields=fields)
    if isinstance(cause, asyncpg.ForeignKeyViolationError):
        return Invalid.field(fields, "NOT_FOUND", "names no existing record")
    return Invalid.field(fields, "CONSTRAINT", f"breaks the rule {cause.constraint_name or cause.column_name}")


def _constraint_columns(table: sa.Table, name: str) -> list[str]:
    """The columns, without the tenant, of the constraint or unique index called `name`."""
    constraints = [rule for rule in table.constraints if isinstance(rule, ColumnCollectionConstraint)]
    columns: dict[object, Any] = {rule.name: rule.columns for rule in constraints}
    columns |= {index.name: index.columns for index in table.indexes}
    return [column.name for column in columns.get(name, ()) if column.name != "tenant"]
