"""What identity tells on the timelines of people who have an account (CON-11)."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx2

from rapport_kit.bus.consumer import lease_name
from rapport_kit.bus.replay import PAUSE
from tests.callers import PASSWORD, Tenant
from tests.databases import rows
from tests.eventually import eventually
from tests.issuer import Browser
from tests.people import created, got, posted, word
from tests.timelines import caught_up, checksum, entries, logged, rebuild, shows, summaries

TOLD = "SELECT person_id::text FROM timeline_entry WHERE record_id = $1"
PARKED = "SELECT 1 FROM dead_letter WHERE tenant = $1"
HELD_BACK = """
    UPDATE lease SET epoch = epoch + 1, holder = 'test', expires = clock_timestamp() + interval '1 minute'
    WHERE name = $1
"""
LET_GO = "UPDATE lease SET expires = clock_timestamp() WHERE name = $1"


async def account(rest: httpx2.AsyncClient, tenant: Tenant, person_id: str) -> dict[str, Any]:
    """A user who can sign in, and is this person."""
    wanted = {"email": f"{word().lower()}@{tenant.host}", "displayName": "Some account", "personId": person_id}
    user = await posted(rest, "users", wanted)
    await posted(rest, f"users/{user['id']}:setPassword", {"password": PASSWORD})
    return await got(rest, f"users/{user['id']}")


async def sign_in(tenant: Tenant, user: dict[str, Any]) -> None:
    answer = await Browser(tenant).client.post("/v1/sessions", json={"email": user["email"], "password": PASSWORD})
    assert answer.status_code == 200, answer.text


async def told(tenant: Tenant, user: dict[str, Any]) -> list[str]:
    """Of whom anything is told that names the user as the record, once everything took effect."""
    await caught_up(tenant.suite.stack.admin_urls, tenant.id)
    return [row[0] for row in await rows(tenant.suite.stack, "contact", TOLD, UUID(user["id"]))]


async def test_con_11_a_sign_in_shows_on_the_timeline_of_whose_account_it_is(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    person, other = await created(rest), await created(rest)
    user = await account(rest, tenant, person["id"])
    await asyncio.gather(sign_in(tenant, user), sign_in(tenant, user))
    await shows(rest, person["id"], ["Signed in", "Signed in", "Created"])
    entry = (await entries(rest, person["id"]))[0]
    assert {key: entry[key] for key in ("kind", "source", "actorId", "record", "personId")} == {
        "kind": "sign_in",
        "source": "identity",
        "actorId": user["id"],
        "record": {"type": "identity.rapport/User", "id": user["id"]},
        "personId": person["id"],
    }
    assert await summaries(rest, person["id"], kinds="sign_in", actorId=user["id"]) == ["Signed in", "Signed in"]
    assert await summaries(rest, person["id"], actorId=tenant.admin.id) == ["Created"]
    assert await summaries(rest, other["id"]) == ["Created"]
    assert await got(rest, f"users/{user['id']}") == user, "who signs in is not changed by it, the etag neither"


async def test_con_11_that_an_account_was_closed_shows_and_its_work_is_handed_over_as_ever(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    person = await created(rest)
    user = await account(rest, tenant, person["id"])

    async def given() -> str:  # contact hears of users by event
        return str((await posted(rest, "tasks", {"title": "Theirs", "ownerId": user["id"]}))["id"])

    task = await eventually(given)
    await posted(rest, f"users/{user['id']}:deactivate", {"successorId": tenant.admin.id})
    await shows(rest, person["id"], ["Account closed", "Created"])
    entry = (await entries(rest, person["id"]))[0]
    assert (entry["kind"], entry["actorId"], entry["record"]["id"]) == ("account", tenant.admin.id, user["id"])

    async def handed_over() -> None:
        assert (await got(rest, f"tasks/{task}"))["ownerId"] == tenant.admin.id

    await eventually(handed_over)


async def test_con_11_an_account_of_nobody_whom_contact_knows_tells_nothing_and_stops_nobody(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    elsewhere = await tenant.suite.open_tenant("elsewhere")
    async with elsewhere.admin.rest() as theirs:
        foreign = await created(theirs)
    nobodys = [await account(rest, tenant, each) for each in ("", str(uuid4()), foreign["id"])]
    for user in nobodys:
        await sign_in(tenant, user)
        await posted(rest, f"users/{user['id']}:deactivate", {})
    person = await created(rest)
    await sign_in(tenant, await account(rest, tenant, person["id"]))
    await shows(rest, person["id"], ["Signed in", "Created"])
    assert [await told(tenant, user) for user in nobodys] == [[], [], []]
    assert await rows(tenant.suite.stack, "contact", PARKED, UUID(tenant.id)) == []


async def test_con_11_an_account_of_who_became_another_tells_on_the_united_timeline(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    survivor, former = await created(rest), await created(rest)
    user = await account(rest, tenant, former["id"])
    await sign_in(tenant, user)
    await shows(rest, former["id"], ["Signed in", "Created"])
    await posted(rest, f"people/{survivor['id']}:merge", {"ids": [former["id"]]})
    await sign_in(tenant, user)
    assert await told(tenant, user) == [survivor["id"]] * 2

    async def united() -> None:
        assert await summaries(rest, survivor["id"], kinds="sign_in") == ["Signed in", "Signed in"]

    await eventually(united)


async def test_con_11_whose_account_it_was_is_forgotten_with_an_erased_person(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    person, former, other = await created(rest), await created(rest), await created(rest)
    users = [await account(rest, tenant, each["id"]) for each in (person, former, other)]
    for user in users:
        await sign_in(tenant, user)
    await posted(rest, f"people/{person['id']}:merge", {"ids": [former["id"]]})
    await posted(rest, f"people/{person['id']}:erase", {})

    async def forgotten() -> None:
        now = [(await got(rest, f"users/{user['id']}")).get("personId", "") for user in users]
        assert now == ["", "", other["id"]]

    await eventually(forgotten)
    for user in users:
        await sign_in(tenant, user)
    assert [await told(tenant, user) for user in users] == [[], [], [other["id"]] * 2]


async def test_con_11_what_another_service_tells_late_takes_its_place_by_when_it_happened(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    person = await created(rest)
    user = await account(rest, tenant, person["id"])
    await rows(tenant.suite.stack, "contact", HELD_BACK, lease_name("identity/timeline"))
    try:
        await asyncio.sleep(PAUSE)
        await sign_in(tenant, user)
        await rest.patch(f"/v1/people/{person['id']}", json={"lifecycleStage": "LIFECYCLE_STAGE_CUSTOMER"})
        await shows(rest, person["id"], ["Now customer", "Created"])
    finally:
        await rows(tenant.suite.stack, "contact", LET_GO, lease_name("identity/timeline"))
    await shows(rest, person["id"], ["Now customer", "Signed in", "Created"])
    shown = await entries(rest, person["id"])
    assert [each["kind"] for each in shown] == ["lifecycle", "sign_in", "record"]
    assert [each["occurTime"] for each in shown] == sorted((each["occurTime"] for each in shown), reverse=True)


async def test_con_11_a_timeline_of_two_services_that_is_wiped_and_replayed_is_equal_to_the_one_before(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    person, survivor, gone = await created(rest), await created(rest), await created(rest)
    users = [await account(rest, tenant, each["id"]) for each in (person, survivor, gone)]
    for user in users:
        await sign_in(tenant, user)
    for subject, year in (("Later", "2031"), ("Before", "2020")):
        await logged(rest, person["id"], subject, f"{year}-01-01T10:00:00Z")
    await posted(rest, f"people/{survivor['id']}:merge", {"ids": [person["id"]]})
    await posted(rest, f"people/{gone['id']}:erase", {})
    await sign_in(tenant, users[0])
    await posted(rest, f"users/{users[0]['id']}:deactivate", {})
    before = await checksum(tenant)
    shown = await summaries(rest, survivor["id"])
    assert shown[0] == "Later"
    assert shown[1:3] == ["Account closed", "Signed in"]
    assert shown[-1] == "Before"
    await rebuild(tenant)
    assert await checksum(tenant) == before
    assert await summaries(rest, survivor["id"]) == shown
