"""Timelines for tests that call through REST, and what is stored of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import httpx2

from rapport_kit.bus.consumer import lease_name
from rapport_kit.bus.replay import replay_projection
from rapport_kit.database import Database
from rapport_kit.service import Following, installed
from tests.callers import Tenant
from tests.databases import fetched
from tests.eventually import eventually
from tests.people import listed, posted

ENTRIES = "SELECT * FROM timeline_entry WHERE tenant = $1 ORDER BY id"
PUBLISHED = "SELECT coalesce(max(published_seq), 0), count(*) - count(published_seq) FROM event WHERE tenant = $1"


async def logged(rest: httpx2.AsyncClient, person_id: str, subject: str, time: str, **more: Any) -> dict[str, Any]:
    given = {"type": "ACTIVITY_TYPE_CALL", "subject": subject, "startTime": time, "personId": person_id}
    return await posted(rest, "activities", given | more)


async def entries(rest: httpx2.AsyncClient, person_id: str, **asked: Any) -> list[dict[str, Any]]:
    return await listed(rest, f"people/{person_id}/timelineEntries", asked)


async def summaries(rest: httpx2.AsyncClient, person_id: str, **asked: Any) -> list[str]:
    return [entry["summary"] for entry in await entries(rest, person_id, **asked)]


async def shows(rest: httpx2.AsyncClient, person_id: str, expected: list[str], **asked: Any) -> None:
    """Wait until the timeline is as expected, the latest first."""

    async def attempt() -> None:
        assert await summaries(rest, person_id, **asked) == expected

    await eventually(attempt)


async def noted(tenant: Tenant, rest: httpx2.AsyncClient, person_id: str, summary: str, **more: Any) -> dict[str, Any]:
    """What another system posted to a person's timeline, once it shows."""
    given = {"kind": "fair", "summary": summary, "occurTime": "2021-02-03T04:05:06Z", "personId": person_id}
    made = await posted(rest, "timelineEntries", given | more)
    await caught_up(tenant.suite.stack.admin_urls, tenant.id)
    return made


async def checksum(tenant: Tenant) -> tuple[int, str]:
    """How many entries the tenant has, and the SHA-256 over all that is in them, once all that happened is in them."""
    return await checksum_in(tenant.suite.stack.admin_urls, tenant.id)


async def checksum_in(urls: Mapping[str, str], tenant: UUID | str) -> tuple[int, str]:
    """The same, by the administrator's URL of each service's database."""
    await caught_up(urls, tenant)
    found = await fetched(urls["contact"], ENTRIES, tenant)
    return len(found), hashlib.sha256("\n".join(repr(tuple(row)) for row in found).encode()).hexdigest()


async def caught_up(urls: Mapping[str, str], tenant: UUID | str) -> None:
    """Wait until every event of the tenant that was recorded until now took effect."""
    for followed in _followed():
        await _caught_up(urls, tenant, followed)


async def _caught_up(urls: Mapping[str, str], tenant: UUID | str, followed: Following) -> None:
    async def numbered() -> int:
        last, waiting = (await fetched(urls[followed.source], PUBLISHED, tenant))[0]
        assert waiting == 0, f"{waiting} events of {followed.source} wait to be published"
        return int(last)

    last = await eventually(numbered)

    async def reached() -> None:
        query = "SELECT reached FROM lease WHERE name = $1"
        now = (await fetched(urls["contact"], query, lease_name(followed.name)))[0][0]
        assert now >= last, f"{followed.name} has come to {now} of {last}"

    await eventually(reached)


def _followed() -> list[Following]:
    """What timelines are built from."""
    return [each for each in installed()["contact"].following().values() if each.projection == "timeline"]


async def rebuild(tenant: Tenant) -> None:
    """Wipe the timelines and have them built again from the events, as `rapport events replay` does."""
    contact = installed()["contact"]
    assert contact.unit_of_work is not None
    names = [each.name for each in _followed()]
    system = Database(tenant.suite.stack.environment["RAPPORT_CONTACT_SYSTEM_DATABASE_URL"], pool_size=1)
    try:
        await replay_projection(
            system, contact.unit_of_work.schema.frame, names, contact.projections["timeline"].tables
        )
    finally:
        await system.close()
