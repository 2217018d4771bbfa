"""Imports, as a caller of the REST door makes and follows them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2


async def upload(rest: httpx2.AsyncClient, content: bytes, **query: str) -> dict[str, Any]:
    """The job of a file, not begun yet."""
    answer = await rest.post("/v1/importJobs:upload", params=query, content=content)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def told(rest: httpx2.AsyncClient, job: dict[str, Any], verb: str) -> dict[str, Any]:
    """The job as it answers to what it is told to do."""
    answer = await rest.post(f"/v1/importJobs/{job['id']}:{verb}", json={})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def run(rest: httpx2.AsyncClient, job: dict[str, Any], verb: str = "start") -> dict[str, Any]:
    """The job when it has done what it was told to do."""
    await told(rest, job, verb)
    return await at_rest(rest, job)


async def imported(rest: httpx2.AsyncClient, content: bytes, change: dict[str, Any] | None = None, **query: str) -> Any:
    """The job of a file that is in; `change` says what is to be done otherwise."""
    job = await upload(rest, content, **query)
    if change:
        answer = await rest.patch(f"/v1/importJobs/{job['id']}", json=change)
        assert answer.status_code == 200, answer.text
    return await run(rest, job)


async def watched(rest: httpx2.AsyncClient, job: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
    """What its stream of events tells of a job, as soon as it does."""
    async with rest.stream("GET", f"/v1/importJobs/{job['id']}:watch") as stream:
        async for line in stream.aiter_lines():
            if line.startswith("data:"):
                yield json.loads(line[5:])


async def at_rest(rest: httpx2.AsyncClient, job: dict[str, Any]) -> dict[str, Any]:
    """The job once nothing moves any more."""
    return [state async for state in watched(rest, job)][-1]


def counts(job: dict[str, Any]) -> list[int]:
    """Rows, created, changed, skipped, refused."""
    return [int(job.get(f"{name}Count", 0)) for name in ("row", "created", "changed", "skipped", "refused")]


async def people(rest: httpx2.AsyncClient, filter_: str = "") -> list[dict[str, Any]]:
    """The first thousand."""
    answer = await rest.get("/v1/people", params={"page_size": 1000, "filter": filter_, "order_by": "family_name"})
    return list(answer.json().get("people", []))


async def faults(rest: httpx2.AsyncClient, job: dict[str, Any]) -> list[tuple[int, str, str]]:
    """Row, column and reason of each."""
    listed = (await rest.get(f"/v1/importJobs/{job['id']}/faults")).json()
    return [(int(each["row"]), each.get("column", ""), each["reason"]) for each in listed.get("faults", [])]
