"""The walls between tenants, taken down one at a time; and locks held in a service's database by somebody else."""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import ModuleType
from typing import Any
from uuid import UUID

import asyncpg
import sqlalchemy as sa

from rapport_kit import uow
from rapport_kit.reads import reader_of
from rapport_kit.schema.prepared import Prepared
from rapport_kit.testing.stack import Stack
from tests.callers import Tenant

SECURED = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relrowsecurity ORDER BY 1
"""

PREDICATE = re.compile(r"\b(WHERE|AND) [\w.]*tenant = (\$\d+::UUID)")
"""What `tenant_predicate` is in a compiled statement."""
ALWAYS = r"\1 \2 IS NOT NULL"


@asynccontextmanager
async def without_row_level_security(stack: Stack) -> AsyncIterator[None]:
    """PostgreSQL shows every role every tenant's rows, in all databases of `stack`."""
    tables = {url: await _execute(url, SECURED) for url in stack.admin_urls.values()}
    assert all(len(secured) > 5 for secured in tables.values()), "row-level security was off before"
    for url, secured in tables.items():
        await _execute(url, *(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY' for table in secured))
    try:
        yield
    finally:
        for url, secured in tables.items():
            await _execute(url, *(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY' for table in secured))


@contextmanager
def without_application_predicate() -> Iterator[None]:
    """No statement of ours says which tenant's rows it wants; patched wherever the predicate was imported to."""
    original = uow.tenant_predicate

    def every_tenant(table: sa.FromClause, tenant: object) -> sa.ColumnElement[bool]:
        return sa.true()

    modules = [module for module in list(sys.modules.values()) if vars(module).get("tenant_predicate") is original]
    assert len(modules) > 4, "the predicate is used by name in more places"
    _put(modules, every_tenant)
    try:
        with _prepared_for_every_tenant():
            yield
    finally:
        _put(modules, original)


@contextmanager
def _prepared_for_every_tenant() -> Iterator[None]:
    """The same for statements that were compiled before: what they ask of the tenant holds for each."""
    prepared = [each for each in gc.get_objects() if isinstance(each, Prepared)]
    before = [(each, dict(vars(each))) for each in prepared]
    for each in prepared:
        vars(each).pop("_alone", None)
        each._text = PREDICATE.sub(ALWAYS, each._text)
        if isinstance(each._statement, sa.Select):
            vars(each)["_alone"] = PREDICATE.sub(ALWAYS, each._alone)
    assert sum(each._text != state["_text"] for each, state in before) > 8, "they are compiled in another way now"
    try:
        yield
    finally:
        for each, state in before:
            vars(each).clear()
            vars(each).update(state)


def _put(modules: list[ModuleType], predicate: object) -> None:
    for module in modules:
        vars(module)["tenant_predicate"] = predicate
    reader_of.cache_clear()  # readers keep statements, and the predicate in them


@asynccontextmanager
async def locked_row(tenant: Tenant, person_id: str) -> AsyncIterator[None]:
    """Hold the row of a person in a transaction of somebody else."""
    connection: Any = await asyncpg.connect(tenant.suite.stack.admin_urls["contact"])
    await connection.execute("BEGIN")
    await connection.execute("SELECT 1 FROM person WHERE id = $1 FOR UPDATE", UUID(person_id))
    try:
        yield
    finally:
        await connection.execute("ROLLBACK")
        await connection.close()


@asynccontextmanager
async def locked_table(stack: Stack, service: str, table: str) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Gives what lets nobody read a table from then on, until the block ends."""
    connection: Any = await asyncpg.connect(stack.admin_urls[service])
    await connection.execute("BEGIN")

    async def lock() -> None:
        await connection.execute(f'LOCK TABLE "{table}"')

    try:
        yield lock
    finally:
        await connection.execute("ROLLBACK")
        await connection.close()


async def _execute(url: str, *statements: str) -> list[str]:
    connection: Any = await asyncpg.connect(url)
    try:
        rows: list[Any] = []
        for statement in statements:
            rows += await connection.fetch(statement)
        return [row[0] for row in rows]
    finally:
        await connection.close()
