"""Whatever holds something of a person goes with the person: other records, and texts about nobody (PLT-07)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2
import pytest

from rapport_contact.storage import bulk_changes
from tests.callers import Suite, Tenant
from tests.canaries import Canaries, every_place
from tests.databases import rows
from tests.eventually import eventually
from tests.people import created, got, listed, posted, word
from tests.plants import (
    plant_cases,
    plant_doings,
    plant_merges,
    plant_profile,
    plant_texts,
    plant_ties,
)

PRIMARY = {"person", "person_channel", "person_external_id"}
TEXTS = {
    *("bulk_change", "saved_view", "hand_over", "tag", "static_list", "customer_group", "import_job", "import_mapping"),
    *("privacy_request", "legal_hold"),
}

MOST = 100
"""Channels of a person."""


async def published(suite: Suite) -> None:
    """Whether the relay has brought every event to the broker."""
    assert await rows(suite.stack, "contact", "SELECT 1 FROM event WHERE published_seq IS NULL") == []


async def a_view(rest: httpx2.AsyncClient, text: str, **more: Any) -> dict[str, Any]:
    view = {"displayName": word(), "resourceType": "contact.rapport/Person", "filter": text}
    return await posted(rest, "savedViews", view | more)


async def views(rest: httpx2.AsyncClient) -> set[str]:
    return {each["id"] for each in await listed(rest, "savedViews", {"pageSize": 1000})}


async def test_plt_07_no_canary_is_left_in_whatever_is_about_somebody_and_in_what_staff_wrote(
    suite: Suite, tenant: Tenant, rest: httpx2.AsyncClient, servers_directory: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    canaries = Canaries.fresh()
    made, other = await posted(rest, "people", canaries.person()), await created(rest)
    for plant in (plant_profile, plant_ties, plant_doings, plant_merges, plant_cases):
        await plant(rest, made["id"], canaries)
    await plant_texts(tenant, rest, canaries, other["id"])

    async def told() -> None:
        await published(suite)
        timeline = await listed(rest, f"people/{made['id']}/timelineEntries", {"pageSize": 1000})
        assert canaries.word("corrected") in {each["summary"] for each in timeline}

    await eventually(told)
    before = {place.removeprefix("contact: ") for place in await every_place(suite.stack, servers_directory, canaries)}
    assert before >= PRIMARY | TEXTS
    told_or_kept = {place for place in before if place.startswith(("event", "request", "file: "))}
    assert told_or_kept == set(), "what is told or kept of it is sealed, or left out; and no log has it"

    receipt = await posted(rest, f"people/{made['id']}:erase", {})
    assert {name: receipt["erasedRows"].get(name) for name in TEXTS} == {
        "bulk_change": 3,
        "saved_view": 3,
        "hand_over": 1,
        "tag": 1,
        "static_list": 1,
        "customer_group": 1,
        "import_job": 1,
        "import_mapping": 1,
        "privacy_request": 2,
        "legal_hold": 1,
    }

    async def nowhere() -> None:
        await published(suite)
        assert await every_place(suite.stack, servers_directory, canaries) == set()

    await eventually(nowhere)
    assert not canaries.within("".join(capfd.readouterr()).encode())


async def test_plt_07_only_texts_that_name_the_person_for_certain_are_emptied(rest: httpx2.AsyncClient) -> None:
    ada = await created(
        rest,
        givenName="Ada",
        familyName="Lövelace",
        channels=[{"email": {"address": "ada@x.example"}}, {"phone": {"number": "+41 44 668 18 00"}}],
        externalIds=[{"system": "erp", "value": "A-4711"}, {"system": "old", "value": "42"}],
    )
    hers = [
        'display_name = "ada LÖVELACE"',
        'family_name = "Lövelace" AND given_name = "ADA"',
        'channels.normalized:"Ada@X.example"',
        'channels.normalized:"+41446681800"',
        'job_title = "a-4711"',
        f'id = "{ada["id"]}"',
    ]
    of_others = [
        'given_name = "Ada"',
        'family_name = "Lövelace"',
        'channels.normalized:"granada@x.example"',
        'channels.normalized:"ada@x.example.org"',
        'channels.normalized:"+414466818001"',
        'job_title = "42"',
        'display_name = "Adam Lövelaceson"',
        "",
    ]
    gone = {(await a_view(rest, text))["id"] for text in hers}
    gone.add((await a_view(rest, "", displayName="All of Ada Lövelace's"))["id"])
    kept = {(await a_view(rest, text))["id"] for text in of_others}
    assert await views(rest) >= gone | kept
    receipt = await posted(rest, f"people/{ada['id']}:erase", {})
    left = await views(rest)
    assert left & (gone | kept) == kept
    assert receipt["erasedRows"]["saved_view"] == len(gone)


async def test_plt_07_whoever_has_every_channel_that_a_record_can_have_is_looked_for(rest: httpx2.AsyncClient) -> None:
    numbers = [f"+4144668{n:04}" for n in range(MOST)]
    person = await created(rest, channels=[{"phone": {"number": number}} for number in numbers])
    view = await a_view(rest, f'channels.normalized:"{numbers[-1]}"')
    await posted(rest, f"people/{person['id']}:erase", {})
    assert view["id"] not in await views(rest)


async def test_plt_07_the_texts_of_another_tenant_stay(suite: Suite, rest: httpx2.AsyncClient) -> None:
    ada = await created(rest, givenName="Eve", familyName="Adams")
    stranger = await suite.open_tenant("stranger")
    async with stranger.admin.rest() as theirs:
        view = await a_view(theirs, 'display_name = "Eve Adams"')
        await posted(rest, f"people/{ada['id']}:erase", {})
        assert await views(theirs) == {view["id"]}


async def test_plt_07_work_that_runs_keeps_its_filter_until_it_ends(
    rest: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_changes.BulkChanges.matching, "__defaults__", (1,))
    person, others = await created(rest, givenName="Ida"), [await created(rest) for _ in range(20)]
    tag = await posted(rest, "tags", {"displayName": word()})
    named = f'given_name = "Ida" AND family_name = "{person["familyName"]}"'
    wanted = f"({named}) OR " + " OR ".join(f'id = "{each["id"]}"' for each in others)
    change = {"action": "BULK_ACTION_ADD", "tagId": tag["id"], "resource": "BULK_RESOURCE_PEOPLE", "filter": wanted}
    begun = await posted(rest, "bulkChanges", change)
    receipt = await posted(rest, f"people/{person['id']}:erase", {})
    assert "bulk_change" not in receipt["erasedRows"], "it runs still"

    async def emptied() -> None:
        now = await got(rest, f"bulkChanges/{begun['id']}")
        assert now["state"] == "BULK_STATE_DONE"
        assert now["matchedCount"] in (str(len(others)), str(len(others) + 1))
        assert "filter" not in now

    await eventually(emptied)
    await posted(rest, f"bulkChanges/{begun['id']}:undo", {})

    async def undone() -> None:
        assert (await got(rest, f"bulkChanges/{begun['id']}"))["state"] == "BULK_STATE_UNDONE"

    await eventually(undone)


async def test_plt_07_a_repeated_answer_has_such_texts_as_the_record_has_them(rest: httpx2.AsyncClient) -> None:
    person, key = await created(rest, givenName="Una"), {"Idempotency-Key": "01890a5d-ac96-774b-bcce-b302099a8057"}
    body = {"displayName": word(), "description": f"Una {person['familyName']} and friends"}
    first = (await rest.post("/v1/staticLists", json=body, headers=key)).json()
    assert (await rest.post("/v1/staticLists", json=body, headers=key)).json() == first
    await posted(rest, f"people/{person['id']}:erase", {})
    again = (await rest.post("/v1/staticLists", json=body, headers=key)).json()
    assert (again["id"], again["displayName"], again.get("description")) == (first["id"], body["displayName"], None)


async def test_plt_07_members_of_a_bulk_change_show_its_reason_while_it_has_one(rest: httpx2.AsyncClient) -> None:
    person, other = await created(rest, givenName="Ona"), await created(rest)
    tag = await posted(rest, "tags", {"displayName": word()})
    reason = f"Ona {person['familyName']} brought them"
    bulk = {"action": "BULK_ACTION_ADD", "tagId": tag["id"], "resource": "BULK_RESOURCE_PEOPLE", "reason": reason}
    await posted(rest, "bulkChanges", bulk | {"filter": f'id = "{other["id"]}"'})

    async def reasons() -> list[str | None]:
        members = (await got(rest, f"tags/{tag['id']}:listMembers"))["members"]
        return [each.get("reason") for each in members]

    async def shown() -> None:
        assert await reasons() == [reason]

    await eventually(shown, (AssertionError, KeyError))
    await posted(rest, f"people/{person['id']}:erase", {})
    assert await reasons() == [None]
