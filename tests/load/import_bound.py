"""The bound of imports: PostgreSQL by itself, given what one has written to be written once more.

One connection copies rows of people within the server, into another tenant, as many at a time as an import writes: with
every index, trigger and foreign key, and nothing read, compared, sealed or sent. No import through that many processes
as write at a time can be faster.
"""

from __future__ import annotations

import time
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg

SLICE: Final = 500
MOST: Final = 20_000
"""People that are copied at most: the rate is even, and each leaves dead rows behind."""
ONCE: Final = {"tenant_key": "true", "import_job": "true", "organisation": "true"}
"""What the rows refer to, with the condition of those that are copied."""
EACH: Final = {
    "subject_key": "subject = ANY ($3)",
    "person": "id = ANY ($3)",
    "person_channel": "person_id = ANY ($3)",
    "match_key": "person_id = ANY ($3)",
    "event": "aggregate = ANY ($3)",
    "imported_record": "record_id = ANY ($3)",
}
_COLUMNS: Final = """
SELECT quote_ident(column_name) FROM information_schema.columns
 WHERE table_schema = 'public' AND table_name = $1 AND column_name <> 'tenant' AND is_generated = 'NEVER'
   AND is_identity = 'NO' AND coalesce(column_default, '') NOT LIKE 'nextval%'
"""


async def people_a_second(connection: asyncpg.Connection[Any], tenant: UUID) -> float:
    """How many people of a tenant the server writes in a second, all that an import left of them; none of it stays."""
    statements = {table: await _copying(connection, table, rows) for table, rows in (ONCE | EACH).items()}
    people = [
        row["id"] for row in await connection.fetch("SELECT id FROM person WHERE tenant = $1 LIMIT $2", tenant, MOST)
    ]
    other, transaction = uuid4(), connection.transaction()
    await transaction.start()
    try:
        for table in ONCE:
            await connection.execute(statements[table], other, tenant)
        began = time.perf_counter()
        for first in range(0, len(people), SLICE):
            for table in EACH:
                await connection.execute(statements[table], other, tenant, people[first : first + SLICE])
        return len(people) / (time.perf_counter() - began)
    finally:
        await transaction.rollback()


async def _copying(connection: asyncpg.Connection[Any], table: str, rows: str) -> str:
    columns = ", ".join(row[0] for row in await connection.fetch(_COLUMNS, table))
    return f"INSERT INTO {table} (tenant, {columns}) SELECT $1, {columns} FROM {table} WHERE tenant = $2 AND {rows}"
