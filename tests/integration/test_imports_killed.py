"""An import whose process is killed, twice, goes on where it was: no row is lost and none is there twice (PLT-14)."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2
import pytest
import pytest_asyncio

from rapport_kit.local.nats import NatsServer
from rapport_kit.service import installed
from rapport_kit.testing.stack import running_stack
from tests.callers import Tenant, suite_of
from tests.chaos.crew import ServiceProcess
from tests.databases import rows as stored
from tests.eventually import eventually
from tests.files import blobs_of
from tests.imports import at_rest

ROWS = 3_000
BAD = ROWS // 100
COMPANIES = 7
PATIENCE = 60.0
AWAY = 0.1
"""Seconds from a kill to the next start."""
NOTHING_IN = (
    *("imported_record", "person_external_id", "organisation_external_id"),
    *("match_key", "organisation_match_key"),
)
"""Tables that hold nothing of records in the trash."""


@dataclass
class Site:
    """A process of contact that may be killed, and an administrator of its one tenant."""

    contact: ServiceProcess
    tenant: Tenant
    rest: httpx2.AsyncClient

    async def ask(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        """The answer, once the process that gives it is there."""

        async def answered() -> dict[str, Any]:
            answer = await self.rest.request(method, path, **options)
            assert answer.status_code == 200, answer.text
            return dict(answer.json())

        return await eventually(answered)

    async def reached(self, job: dict[str, Any], rows: int = 0, state: str = "") -> dict[str, Any]:
        """The job once it has read so many rows, or is in a state."""

        async def far_enough() -> dict[str, Any]:
            found = await self.ask("GET", f"/v1/importJobs/{job['id']}")
            there = found["state"] == state if state else int(found.get("rowCount", 0)) >= rows
            assert there, found
            return found

        return await eventually(far_enough, patience=PATIENCE)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def site(
    postgres: str, nats_factory: Callable[[], NatsServer], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Site]:
    directory, services = tmp_path_factory.mktemp("k"), list(installed().values())
    async with running_stack(
        services, postgres=postgres, nats_url=nats_factory().url, directory=directory, elsewhere={"contact"}
    ) as stack:
        contact = ServiceProcess("contact", dict(os.environ), directory / "contact.log")
        await contact.start()
        try:
            async with suite_of(stack) as suite:
                tenant = await suite.open_tenant("killed")
                async with tenant.admin.rest() as rest:
                    yield Site(contact, tenant, rest)
        finally:
            await contact.stop()


async def test_plt_14_an_import_that_is_killed_twice_loses_and_doubles_no_row_and_is_undone_as_a_whole(
    site: Site,
) -> None:
    mails = (f"p{n}@example.org" if n % 100 else "no address" for n in range(ROWS))
    rows = "".join(f"Ada,{unlike(n)},{mail},K{n},{company(n)}\n" for n, mail in enumerate(mails))
    content = f"given_name,family_name,email,external_id[erp],company\n{rows}".encode()
    job = await site.ask("POST", "/v1/importJobs:upload", content=content)

    await site.ask("POST", f"/v1/importJobs/{job['id']}:start", json={})
    await asyncio.sleep(0.2)
    assert await site.contact.kill(AWAY), "amid the first slices, which are small"
    later = await site.reached(job, rows=500)
    assert await site.contact.kill(AWAY), "amid one of the large ones"
    assert int(later["rowCount"]) < ROWS

    done = await site.reached(job, state="IMPORT_STATE_COMPLETED")
    assert [int(done[f"{name}Count"]) for name in ("row", "created", "refused")] == [ROWS, ROWS - BAD, BAD]
    assert site.contact.ended == 0, "it ends only when it is killed"
    assert await everybody(site) == sorted(f"K{n}" for n in range(ROWS) if n % 100)
    assert await total(site, "organisations") == COMPANIES
    await check_refused(site, job)

    await site.ask("POST", f"/v1/importJobs/{job['id']}:undo", json={})
    undone = await at_rest(site.rest, job)
    assert undone["state"] == "IMPORT_STATE_UNDONE"
    assert (int(undone["undoneCount"]), int(undone.get("leftCount", 0))) == (ROWS - BAD + COMPANIES, 0)
    assert [await total(site, plural) for plural in ("people", "organisations")] == [0, 0]
    await check_nothing_left(site, job)


async def check_refused(site: Site, job: dict[str, Any]) -> None:
    """The file of errors has a line for each bad row, with its field, its reason and its own cells, and no other."""
    answer = await site.rest.get(f"/v1/importJobs/{job['id']}:downloadFaults")
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    expected = [(str(n + 2), "email", "INVALID_EMAIL", f"K{n}", "no address") for n in range(0, ROWS, 100)]
    columns = ("row", "column", "reason", "external_id[erp]", "email")
    assert [tuple(line[column] for column in columns) for line in lines] == expected
    assert all(line["message"] for line in lines)


async def check_nothing_left(site: Site, job: dict[str, Any]) -> None:
    """Whoever was imported is in the trash, and nothing leads there: the same file may come once more."""
    stack, tenant = site.tenant.suite.stack, site.tenant.id
    for table in NOTHING_IN:
        assert await stored(stack, "contact", f"SELECT * FROM {table} WHERE tenant = $1 LIMIT 1", tenant) == [], table
    for table in ("person", "organisation"):
        there = f"SELECT 1 FROM {table} WHERE tenant = $1 AND delete_time IS NULL"
        assert await stored(stack, "contact", there, tenant) == []

    async def forgotten() -> None:
        assert blobs_of(site.tenant.suite, site.tenant) == set()
        assert await stored(stack, "contact", "SELECT 1 FROM subject_key WHERE subject = $1", UUID(job["id"])) == []

    await eventually(forgotten)


def company(number: int) -> str:
    """Whom every hundredth works for."""
    return f"Company {number % COMPANIES}" if number % 100 == 1 else ""


def unlike(number: int) -> str:
    """A name that nobody takes for that of another number."""
    return hashlib.sha256(str(number).encode()).hexdigest()[:12].translate(str.maketrans("0123456789", "ghijklmnop"))


async def total(site: Site, plural: str) -> int:
    """How many records of a kind there are."""
    answer = await site.ask("GET", f"/v1/{plural}", params={"page_size": 1, "include_total_size": True})
    return int(answer.get("totalSize", 0))


async def everybody(site: Site) -> list[str]:
    """The external ids of all people, in their order."""
    found, asked = list[str](), {"page_size": "1000"}
    while True:
        page = await site.ask("GET", "/v1/people", params=asked)
        found += [external["value"] for each in page["people"] for external in each["externalIds"]]
        if not page.get("nextPageToken"):
            return sorted(found)
        asked["page_token"] = page["nextPageToken"]
