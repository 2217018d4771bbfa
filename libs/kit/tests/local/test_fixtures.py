"""The servers that tests get."""

from __future__ import annotations

import asyncpg
import nats

from rapport_kit.testing import DatabaseFactory


async def test_a_test_gets_postgresql_18_with_code_point_collation(postgres: str) -> None:
    connection = await asyncpg.connect(postgres)
    try:
        assert connection.get_server_version().major >= 15
        assert await connection.fetchval("SELECT 'Z' < 'a' AND lower('ÅSA') = 'åsa'")
    finally:
        await connection.close()


async def test_a_database_made_from_a_template_has_its_tables(database_factory: DatabaseFactory) -> None:
    template = await database_factory("template")
    connection = await asyncpg.connect(template)
    await connection.execute("CREATE TABLE thing AS SELECT 7 AS size")
    await connection.close()
    connection = await asyncpg.connect(await database_factory("copy", template=template))
    try:
        assert await connection.fetchval("SELECT size FROM thing") == 7
    finally:
        await connection.close()


async def test_an_empty_database_has_no_tables(empty_database: str) -> None:
    connection = await asyncpg.connect(empty_database)
    try:
        assert await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
    finally:
        await connection.close()


async def test_a_test_gets_nats_with_jetstream(nats_url: str) -> None:
    client = await nats.connect(nats_url)
    try:
        stream = client.jetstream()
        await stream.add_stream(name="fixtures", subjects=["fixtures.>"])
        assert (await stream.publish("fixtures.hello", b"hello")).seq == 1
        await stream.delete_stream("fixtures")
    finally:
        await client.close()
