"""A duplicate that finds its key free, because the first request ended a moment ago, still gets the first's answer.

That moment lies between the duplicate's snapshot and its lock. It is stretched here by a lock function that sleeps.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import asyncpg
import httpx2
import pytest
import pytest_asyncio

from rapport_kit.testing.stack import Stack

NAP = 0.3
SLOW_LOCK = f"""
    CREATE SCHEMA slow;
    GRANT USAGE ON SCHEMA slow TO PUBLIC;
    CREATE FUNCTION slow.pg_try_advisory_xact_lock(key bigint) RETURNS boolean LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_sleep({NAP}); RETURN pg_catalog.pg_try_advisory_xact_lock(key); END $$
"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def slow_lock(stack: Stack) -> AsyncIterator[None]:
    connection = await asyncpg.connect(stack.admin_urls["contact"])
    database = await connection.fetchval("SELECT current_database()")
    reconnect = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'contact_app' AND datname = $1"
    role = f'ALTER ROLE contact_app IN DATABASE "{database}"'
    try:
        await connection.execute(SLOW_LOCK)
        await connection.execute(f"{role} SET search_path = slow, pg_catalog, public")
        await connection.execute(reconnect, database)
        yield
        await connection.execute(f"{role} RESET search_path")
        await connection.execute("DROP SCHEMA slow CASCADE")
        await connection.execute(reconnect, database)
    finally:
        await connection.close()


@pytest_asyncio.fixture(loop_scope="session")
async def person(rest: httpx2.AsyncClient) -> dict[str, Any]:
    made = await rest.post("/v1/people", json={"givenName": "Una"})
    found: dict[str, Any] = made.json()
    return found


async def twice(rest: httpx2.AsyncClient, method: str, path: str, body: Any, **headers: str) -> list[httpx2.Response]:
    """The answers to one request sent twice, the second time while the first is still at its lock."""
    keyed = {"Idempotency-Key": str(uuid4()), **headers}

    async def send(after: float) -> httpx2.Response:
        await asyncio.sleep(after)
        return await rest.request(method, path, json=body, headers=keyed)

    return list(await asyncio.gather(send(0), send(NAP / 2)))


def assert_one_answer(answers: list[httpx2.Response]) -> None:
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()


@pytest.mark.usefixtures("slow_lock")
async def test_a_late_duplicate_of_a_conditional_change_is_not_told_of_a_stale_etag(
    rest: httpx2.AsyncClient, person: dict[str, Any]
) -> None:
    change = {"jobTitle": "Keeper"}
    assert_one_answer(await twice(rest, "PATCH", f"/v1/people/{person['id']}", change, **{"If-Match": person["etag"]}))


@pytest.mark.usefixtures("slow_lock")
async def test_a_late_duplicate_of_a_delete_is_not_told_that_the_record_is_deleted(
    rest: httpx2.AsyncClient, person: dict[str, Any]
) -> None:
    assert_one_answer(await twice(rest, "DELETE", f"/v1/people/{person['id']}", None))


@pytest.mark.usefixtures("slow_lock")
async def test_a_late_duplicate_of_a_create_is_not_told_that_its_name_is_taken(rest: httpx2.AsyncClient) -> None:
    body = {"givenName": "Una", "externalIds": [{"system": "register", "value": uuid4().hex}]}
    assert_one_answer(await twice(rest, "POST", "/v1/people", body))
