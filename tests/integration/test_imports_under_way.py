"""Imports while they run: followed live, paused, resumed and cancelled (PLT-14)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx2
import pytest_asyncio

from tests.callers import Suite, Tenant
from tests.databases import rows
from tests.eventually import eventually
from tests.files import blobs_of
from tests.imports import counts, imported, people, run, told, upload, watched
from tests.people import created
from tests.timelines import shows

ROWS = 1_500


@pytest_asyncio.fixture(loop_scope="session")
async def company(suite: Suite) -> Tenant:
    return await suite.open_tenant("under-way")


@pytest_asyncio.fixture(loop_scope="session")
async def rest(company: Tenant) -> AsyncIterator[httpx2.AsyncClient]:
    async with company.admin.rest() as client:
        yield client


def table(*first: str) -> bytes:
    """People without end, behind the rows that are given."""
    ordinary = (f"Ada {number},Under Way,,\n" for number in range(ROWS))
    return "".join(("given_name,family_name,job_title,email\n", *(f"{row}\n" for row in first), *ordinary)).encode()


async def amid(rest: httpx2.AsyncClient, job: dict[str, Any], verb: str) -> dict[str, Any]:
    """The job as it answers to what it is told when its stream of events first tells that rows are in."""
    async for state in watched(rest, job):
        if counts(state)[0]:
            return await told(rest, job, verb)
    raise AssertionError("it ended before anything was told of it")


async def job_of(rest: httpx2.AsyncClient, job: dict[str, Any]) -> dict[str, Any]:
    return dict((await rest.get(f"/v1/importJobs/{job['id']}")).json())


async def names_of_all(rest: httpx2.AsyncClient) -> set[str]:
    """Of all people of the tenant; there are fewer than two thousand."""
    first = (await rest.get("/v1/people", params={"page_size": 1000})).json()
    asked = {"page_size": 1000, "page_token": first.get("nextPageToken", "")}
    second = (await rest.get("/v1/people", params=asked)).json() if asked["page_token"] else {}
    assert not second.get("nextPageToken")
    return {each["displayName"] for each in [*first.get("people", []), *second.get("people", [])]}


async def nothing_kept(company: Tenant, job: dict[str, Any]) -> None:
    """Wait until the file of a job is deleted, and the key that it was sealed with."""

    async def gone() -> None:
        assert blobs_of(company.suite, company) == set()
        held = await rows(
            company.suite.stack, "contact", "SELECT 1 FROM subject_key WHERE subject = $1", UUID(job["id"])
        )
        assert held == []

    await eventually(gone)


async def test_plt_14_a_watch_tells_how_far_an_import_is_from_its_beginning_to_its_end(
    rest: httpx2.AsyncClient,
) -> None:
    job = await upload(rest, table("Nobody,Under Way,,no address"))
    await told(rest, job, "start")
    states = [state async for state in watched(rest, job)]
    known = [counts(state) for state in states]
    assert known == sorted(known), "counts only rise"
    assert [each for each in known if 0 < each[0] < ROWS + 1], "something is told between the first row and the last"
    assert {state["state"] for state in states[:-1]} == {"IMPORT_STATE_RUNNING"}
    assert (states[-1]["state"], known[-1]) == ("IMPORT_STATE_COMPLETED", [ROWS + 1, ROWS, 0, 0, 1])
    assert states[-1]["readSize"] == states[-1]["fileSize"]


async def test_plt_14_a_job_is_paused_and_resumed_between_slices(rest: httpx2.AsyncClient) -> None:
    job = await upload(rest, table())
    await told(rest, job, "start")
    paused = await amid(rest, job, "pause")
    await asyncio.sleep(0.5)
    still = await job_of(rest, job)
    assert (paused["state"], still["state"]) == ("IMPORT_STATE_PAUSED", "IMPORT_STATE_PAUSED")
    assert 0 < counts(paused)[0] == counts(still)[0] < ROWS
    assert counts(await run(rest, job, "resume")) == [ROWS, ROWS, 0, 0, 0]
    refused = await rest.post(f"/v1/importJobs/{job['id']}:cancel", json={})
    assert (refused.status_code, refused.json()["reason"]) == (400, "IMPORT_STATE")


async def test_plt_14_what_a_cancelled_import_wrote_stays_and_its_undo_removes_just_that(
    company: Tenant, rest: httpx2.AsyncClient
) -> None:
    await imported(rest, b"given_name,family_name\nCame,Before\n")
    mine = await created(rest, givenName="Zoe", familyName="Mine", channels=[{"email": {"address": "zoe@example.org"}}])
    job = await upload(rest, table("Zoe,Mine,Boss,zoe@example.org"))
    await rest.patch(f"/v1/importJobs/{job['id']}", json={"policy": "IMPORT_POLICY_OVERWRITE"})
    await told(rest, job, "start")
    cancelled = await amid(rest, job, "cancel")
    read, made, *others = counts(cancelled)
    assert (cancelled["state"], others) == ("IMPORT_STATE_CANCELLED", [1, 0, 0])
    assert 0 < read == made + 1 < ROWS

    expected = {"Came Before", "Zoe Mine", *(f"Ada {number} Under Way" for number in range(made))}
    assert await names_of_all(rest) == expected
    gone = (await people(rest, 'given_name = "Ada 0"'))[0]
    await asyncio.sleep(0.5)
    assert counts(await job_of(rest, job)) == counts(cancelled)
    assert await names_of_all(rest) == expected, "no more come"
    await nothing_kept(company, job)
    for verb in ("resume", "start", "pause"):
        refused = await rest.post(f"/v1/importJobs/{job['id']}:{verb}", json={})
        assert (refused.status_code, refused.json()["reason"]) == (400, "IMPORT_STATE")

    await rest.post("/v1/people", json={"givenName": "Came", "familyName": "After"})
    undone = await run(rest, job, "undo")
    assert (undone["state"], int(undone["undoneCount"]), undone.get("leftCount", "0")) == (
        "IMPORT_STATE_UNDONE",
        read,
        "0",
    )
    assert await names_of_all(rest) == {"Came Before", "Zoe Mine", "Came After"}
    assert "jobTitle" not in (await rest.get(f"/v1/people/{mine['id']}")).json(), "what it changed is as it was"
    await shows(rest, mine["id"], ["Created"])
    await shows(rest, gone["id"], ["Deleted", "Created"])


async def test_plt_14_a_paused_import_is_cancelled_and_its_refused_rows_can_be_had_until_it_is_undone(
    company: Tenant, rest: httpx2.AsyncClient
) -> None:
    job = await upload(rest, table("Nobody,Under Way,,no address"))
    await told(rest, job, "start")
    paused = await amid(rest, job, "pause")
    cancelled = await told(rest, job, "cancel")
    assert (cancelled["state"], counts(cancelled)) == ("IMPORT_STATE_CANCELLED", counts(paused))
    read, made, _, _, refused = counts(cancelled)
    assert (made, refused) == (read - 1, 1)
    assert len(await names_of_all(rest)) == made
    assert len(blobs_of(company.suite, company)) == 1
    lines = (await rest.get(f"/v1/importJobs/{job['id']}:downloadFaults")).text.splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("2,email,INVALID_EMAIL,")
    assert lines[1].endswith(",Nobody,Under Way,,no address")

    undone = await run(rest, job, "undo")
    assert (int(undone["undoneCount"]), await people(rest)) == (made, [])
    await nothing_kept(company, job)


async def test_plt_07_the_file_of_a_cancelled_import_goes_with_whoever_is_erased(
    company: Tenant, rest: httpx2.AsyncClient
) -> None:
    """Nobody knows who is in the rows that it did not come to."""
    before, after = await created(rest), await created(rest)
    for erased_first in (True, False):
        job = await upload(rest, table("Nobody,Under Way,,no address"))
        await told(rest, job, "start")
        await amid(rest, job, "pause")
        if erased_first:
            assert (await rest.post(f"/v1/people/{before['id']}:erase", json={})).status_code == 200
        await told(rest, job, "cancel")
        if not erased_first:
            assert len(blobs_of(company.suite, company)) == 1
            assert (await rest.post(f"/v1/people/{after['id']}:erase", json={})).status_code == 200
        await nothing_kept(company, job)
