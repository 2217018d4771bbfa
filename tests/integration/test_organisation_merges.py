"""Merging and parting organisations through REST (CON-18)."""

from __future__ import annotations

from typing import Any

import httpx2

from rapport.contact.v1 import events_pb2
from tests.callers import Tenant
from tests.eventually import eventually
from tests.people import about, created, facts, got, listed, posted, violations, word

UNSTABLE = {"etag", "updateTime", "duplicateCandidates"}


async def company(rest: httpx2.AsyncClient, **more: Any) -> dict[str, Any]:
    return await posted(rest, "organisations", {"displayName": word()} | more)


async def merged(rest: httpx2.AsyncClient, survivor_id: str, *ids: str, **more: Any) -> dict[str, Any]:
    return await posted(rest, f"organisations/{survivor_id}:merge", {"ids": ids} | more)


async def tells(rest: httpx2.AsyncClient, id_: str, expected: list[str]) -> None:
    """Wait until an organisation's timeline has these notes."""

    async def attempt() -> None:
        found = await listed(rest, f"organisations/{id_}/timelineEntries", {"kinds": "note"})
        assert [each["summary"] for each in found] == expected

    await eventually(attempt)


def known(organisation: dict[str, Any]) -> dict[str, Any]:
    """All of an organisation but what every write changes."""
    return {key: value for key, value in organisation.items() if key not in UNSTABLE}


async def test_con_18_what_a_note_tells_goes_back_with_it_although_it_was_edited(rest: httpx2.AsyncClient) -> None:
    a, b = await company(rest), await company(rest)
    note = await posted(rest, "notes", {"body": "Of b", "organisationId": b["id"]})
    await merged(rest, a["id"], b["id"])
    await rest.patch(f"/v1/notes/{note['id']}", json={"body": "Of b, edited"})
    await tells(rest, a["id"], ["Of b, edited"])
    parted = await rest.post("/v1/organisations:unmerge", json={"organisationId": b["id"]})
    assert parted.status_code == 200, parted.text
    await tells(rest, b["id"], ["Of b, edited"])
    await tells(rest, a["id"], [])


async def test_con_18_what_is_about_organisations_follows_and_goes_back(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    a = await company(rest, industry="Tools", domains=[f"{word()}.example"])
    b = await company(rest, legalName="B Ltd", domains=[f"{word()}.example"], taxIds=[{"country": "GB", "value": "7"}])
    child = await company(rest, parentId=b["id"])
    bob = await created(rest, organisationId=b["id"])
    note = await posted(rest, "notes", {"body": "Of b", "organisationId": b["id"]})
    task = await posted(rest, "tasks", {"title": "Call", "organisationId": b["id"]})
    asked = {"ids": [b["id"]], "fieldChoices": {"display_name": a["id"]}}
    preview = (await rest.post(f"/v1/organisations/{a['id']}:previewMerge", json=asked)).json()
    assert {each["reference"]: each["count"] for each in preview["following"]} == {
        "note.organisation_id": "1",
        "organisation.parent_id": "1",
        "person.organisation_id": "1",
        "task.organisation_id": "1",
        "timeline_entry.organisation_id": preview["following"][-1]["count"],
    }
    merge = await merged(rest, a["id"], b["id"], fieldChoices={"display_name": a["id"]})
    survivor = await got(rest, f"organisations/{b['id']}")
    assert {key: survivor.get(key) for key in preview["organisation"] if key not in UNSTABLE} == known(
        preview["organisation"]
    )
    assert (survivor["id"], survivor["legalName"], survivor["industry"]) == (a["id"], "B Ltd", "Tools")
    assert (survivor["domains"], survivor["taxIds"]) == ([*a["domains"], *b["domains"]], b["taxIds"])
    for each in (a["id"], b["id"]):
        assert await about(rest, "people", "organisation_id", each) == [bob["id"]]
        assert await about(rest, "organisations", "parent_id", each) == [child["id"]]
        assert await about(rest, "notes", "organisation_id", each) == [note["id"]]
        assert await about(rest, "tasks", "organisation_id", each) == [task["id"]]
    told = [
        events_pb2.OrganisationsMerged.FromString(each) for each in await facts(tenant, a["id"], "OrganisationsMerged")
    ]
    assert [(each.organisation_id, [*each.merged_ids]) for each in told] == [(a["id"], [b["id"]])]
    assert await got(rest, f"organisationMerges/{merge['id']}") == merge
    hired = await created(rest, organisationId=b["id"])
    assert (await got(rest, f"people/{hired['id']}"))["organisationId"] == a["id"]
    parted = await rest.post("/v1/organisations:unmerge", json={"organisationId": b["id"]})
    assert (parted.status_code, parted.json()["state"]) == (200, "MERGE_STATE_UNMERGED")
    assert known(await got(rest, f"organisations/{a['id']}")) == known(a)
    assert known(await got(rest, f"organisations/{b['id']}")) == known(b)
    assert await about(rest, "people", "organisation_id", b["id"]) == sorted([bob["id"], hired["id"]])
    assert await about(rest, "organisations", "parent_id", b["id"]) == [child["id"]]
    assert await about(rest, "notes", "organisation_id", a["id"]) == []


async def test_con_18_a_tree_stays_one_when_a_company_is_merged_with_one_below_it(rest: httpx2.AsyncClient) -> None:
    top = await company(rest)
    upper = await company(rest, parentId=top["id"])
    middle = await company(rest, parentId=upper["id"])
    lower = await company(rest, parentId=middle["id"])
    merge = await merged(rest, lower["id"], upper["id"])
    parents = {each: (await got(rest, f"organisations/{each}")).get("parentId") for each in (lower["id"], middle["id"])}
    assert parents == {lower["id"]: top["id"], middle["id"]: lower["id"]}
    cycle = await rest.patch(f"/v1/organisations/{top['id']}", json={"parentId": upper["id"]})
    assert cycle.json()["reason"] == "ORGANISATION_CYCLE"
    await rest.patch(f"/v1/organisations/{lower['id']}", json={"parentId": ""}, params={"update_mask": "parentId"})
    await rest.patch(f"/v1/organisations/{top['id']}", json={"parentId": middle["id"]})
    refused = await rest.post("/v1/organisations:unmerge", json={"mergeId": merge["id"]})
    assert (refused.status_code, refused.json()["reason"]) == (400, "ORGANISATION_CYCLE")
    await rest.patch(f"/v1/organisations/{top['id']}", json={"parentId": ""}, params={"update_mask": "parentId"})
    parted = await rest.post("/v1/organisations:unmerge", json={"mergeId": merge["id"]})
    assert parted.status_code == 200, parted.text
    assert (await got(rest, f"organisations/{middle['id']}"))["parentId"] == upper["id"]


async def test_con_18_organisations_that_cannot_be_merged_are_refused_with_the_reason(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    a, b, c = [await company(rest) for _ in range(3)]
    path = f"/v1/organisations/{a['id']}:merge"
    await merged(rest, b["id"], c["id"])
    assert violations(await rest.post(path, json={"ids": [a["id"]]})) == {"ids": "SELF"}
    choice = await rest.post(path, json={"ids": [b["id"]], "fieldChoices": {"given_name": b["id"]}})
    assert violations(choice) == {"field_choices": "UNKNOWN_FIELD"}
    assert (await rest.post(path, json={"ids": [c["id"]]})).json()["reason"] == "ORGANISATION_MERGED"
    assert violations(await rest.post("/v1/organisations:unmerge", json={})) == {"merge_id": "REQUIRED"}
    rep = await tenant.user("rep")
    async with rep.rest() as other:
        assert (await other.post(path, json={"ids": [b["id"]]})).status_code == 403
