"""An import whose process is killed, twice, goes on where it was: no row is lost and none is there twice (PLT-14)."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from rapport_kit.local.nats import NatsServer
from rapport_kit.service import installed
from rapport_kit.testing.stack import running_stack
from tests.callers import suite_of
from tests.chaos.crew import ServiceProcess
from tests.eventually import eventually

ROWS = 3_000
BAD = ROWS // 100
AWAY = 0.1
"""Seconds from a kill to the next start."""


@dataclass
class Site:
    """A process of contact that may be killed, and an administrator of its one tenant."""

    contact: ServiceProcess
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

        return await eventually(far_enough)


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
                    yield Site(contact, rest)
        finally:
            await contact.stop()


async def test_plt_14_an_import_that_is_killed_twice_loses_and_doubles_no_row(site: Site) -> None:
    mails = (f"p{n}@example.org" if n % 100 else "no address" for n in range(ROWS))
    rows = "".join(f"Ada,{unlike(n)},{mail},K{n}\n" for n, mail in enumerate(mails))
    content = f"given_name,family_name,email,external_id[erp]\n{rows}".encode()
    job = await site.ask("POST", "/v1/importJobs:upload", content=content)

    await site.ask("POST", f"/v1/importJobs/{job['id']}:start", json={})
    await asyncio.sleep(0.2)
    assert await site.contact.kill(AWAY), "amid the first slices, which are small"
    later = await site.reached(job, rows=500)
    assert await site.contact.kill(AWAY), "amid one of the large ones"
    assert int(later["rowCount"]) < ROWS

    done = await site.reached(job, state="IMPORT_STATE_COMPLETED")
    assert [int(done[f"{name}Count"]) for name in ("row", "created", "refused")] == [ROWS, ROWS - BAD, BAD]
    assert await total(site) == ROWS - BAD
    assert site.contact.ended == 0, "it ends only when it is killed"

    await site.ask("POST", f"/v1/importJobs/{job['id']}:undo", json={})
    undone = await site.reached(job, state="IMPORT_STATE_UNDONE")
    assert (int(undone["undoneCount"]), int(undone.get("leftCount", 0))) == (ROWS - BAD, 0)
    assert await total(site) == 0


def unlike(number: int) -> str:
    """A name that nobody takes for that of another number."""
    return hashlib.sha256(str(number).encode()).hexdigest()[:12].translate(str.maketrans("0123456789", "ghijklmnop"))


async def total(site: Site) -> int:
    """How many people there are."""
    answer = await site.ask("GET", "/v1/people", params={"page_size": 1, "include_total_size": True})
    return int(answer.get("totalSize", 0))
