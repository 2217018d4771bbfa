"""What is in the databases of a running stack, as their administrator sees it."""

from __future__ import annotations

import asyncpg

from rapport_kit.testing.stack import Stack


async def rows(stack: Stack, service: str, statement: str, *values: object) -> list[asyncpg.Record]:
    """What a service's database answers to one statement; no tenant binds it."""
    return await fetched(stack.admin_urls[service], statement, *values)


async def fetched(url: str, statement: str, *values: object) -> list[asyncpg.Record]:
    """The same, by the administrator's URL of a database."""
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch(statement, *values))
    finally:
        await connection.close()
