"""Tags, static lists, favourites and saved views through REST (CON-23)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from rapport_contact.storage import bulk_changes
from tests.callers import Tenant
from tests.databases import rows
from tests.eventually import eventually
from tests.people import created, posted, violations, word

ASKED = """
SELECT on_behalf_of FROM event WHERE aggregate = $1 AND type = 'rapport.contact.v1.MembersChanged' ORDER BY sequence
"""


async def a_tag(rest: httpx2.AsyncClient, **more: Any) -> dict[str, Any]:
    return await posted(rest, "tags", {"displayName": word()} | more)


async def a_list(rest: httpx2.AsyncClient, *members: dict[str, Any]) -> dict[str, Any]:
    made = await posted(rest, "staticLists", {"displayName": word()})
    if members:
        ids = [member["id"] for member in members]
        await posted(rest, f"staticLists/{made['id']}:addMembers", {"personIds": ids, "reason": "Chosen"})
    return made


async def on(rest: httpx2.AsyncClient, of: dict[str, Any], collection: str = "tags", **asked: Any) -> set[str]:
    answer = await rest.get(f"/v1/{collection}/{of['id']}:listMembers", params={"pageSize": 1000} | asked)
    assert answer.status_code == 200, answer.text
    return {each.get("personId") or each["organisationId"] for each in answer.json().get("members", [])}


async def people_called(rest: httpx2.AsyncClient, family: str, count: int) -> list[dict[str, Any]]:
    requests = [{"person": {"givenName": f"N{n}", "familyName": family}} for n in range(count)]
    answer = await rest.post("/v1/people:batchCreate", json={"requests": requests})
    assert answer.status_code == 200, answer.text
    made: list[dict[str, Any]] = answer.json()["people"]
    return made


async def ended(rest: httpx2.AsyncClient, change: dict[str, Any]) -> dict[str, Any]:
    async def look() -> dict[str, Any]:
        now: dict[str, Any] = (await rest.get(f"/v1/bulkChanges/{change['id']}")).json()
        assert now["state"] not in ("BULK_STATE_RUNNING", "BULK_STATE_UNDOING"), now
        return now

    return await eventually(look)


async def test_con_23_a_tag_is_given_to_people_and_organisations_and_taken_off(rest: httpx2.AsyncClient) -> None:
    tag, person = await a_tag(rest, colour="#FF00aa"), await created(rest)
    company = await posted(rest, "organisations", {"displayName": word()})
    both = {"personIds": [person["id"]], "organisationIds": [company["id"]], "reason": "Met at a fair"}
    assert tag["colour"] == "#ff00aa"
    assert (await posted(rest, f"tags/{tag['id']}:apply", both))["changedCount"] == 2
    assert (await posted(rest, f"tags/{tag['id']}:apply", both)).get("changedCount", 0) == 0
    assert await on(rest, tag) == {person["id"], company["id"]}
    for collection, id_ in (("people", person["id"]), ("organisations", company["id"])):
        (found,) = (await rest.get(f"/v1/{collection}/{id_}/tags")).json()["tags"]
        assert found["id"] == tag["id"]
    await posted(rest, f"tags/{tag['id']}:withdraw", {"personIds": [person["id"]]})
    assert await on(rest, tag) == {company["id"]}


async def test_con_23_a_tag_for_people_is_for_no_organisation(rest: httpx2.AsyncClient) -> None:
    tag = await a_tag(rest, scope="TAG_SCOPE_PEOPLE")
    company = await posted(rest, "organisations", {"displayName": word()})
    refused = await rest.post(f"/v1/tags/{tag['id']}:apply", json={"organisationIds": [company["id"]]})
    taken = await rest.post("/v1/tags", json={"displayName": tag["displayName"]})
    assert refused.json()["reason"] == "TAG_SCOPE"
    assert taken.status_code == 409


async def test_con_23_who_was_on_a_list_at_a_time_can_be_told(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    one, other = await created(rest), await created(rest)
    made = await a_list(rest, one)
    between = datetime.now(UTC).isoformat()
    await posted(rest, f"staticLists/{made['id']}:addMembers", {"personIds": [other["id"]]})
    await posted(rest, f"staticLists/{made['id']}:removeMembers", {"personIds": [one["id"]], "reason": "Moved"})
    assert await on(rest, made, "staticLists") == {other["id"]}
    assert await on(rest, made, "staticLists", at=between) == {one["id"]}
    assert len(await rows(tenant.suite.stack, "contact", ASKED, made["id"])) == 3
    (member,) = (await rest.get(f"/v1/staticLists/{made['id']}:listMembers", params={"at": between})).json()["members"]
    assert (member["reason"], member["actorId"]) == ("Chosen", tenant.admin.id)


async def test_con_23_all_that_match_are_tagged_behind_the_request_and_it_can_be_undone(
    rest: httpx2.AsyncClient, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_changes.BulkChanges.matching, "__defaults__", (50,))
    monkeypatch.setattr(bulk_changes.BulkChanges.to_undo, "__defaults__", (50,))
    family, tag = word(), await a_tag(rest)
    matching = await people_called(rest, family, 120)
    await people_called(rest, word(), 30)
    already = [matching[0]["id"]]
    await posted(rest, f"tags/{tag['id']}:apply", {"personIds": already})
    wanted = {"action": "BULK_ACTION_ADD", "tagId": tag["id"], "resource": "BULK_RESOURCE_PEOPLE"}
    change = await posted(rest, "bulkChanges", wanted | {"filter": f'family_name = "{family}"', "reason": "Fair"})
    done = await ended(rest, change)
    assert (done["state"], done["matchedCount"], done["changedCount"]) == ("BULK_STATE_DONE", "120", "119")
    assert done["processedCount"] == done["totalCount"]
    assert await on(rest, tag) == {person["id"] for person in matching}
    counted = await rest.get(f"/v1/tags/{tag['id']}:listMembers", params={"pageSize": 70, "includeTotalSize": True})
    second = await on(rest, tag, pageSize=70, pageToken=counted.json()["nextPageToken"])
    assert second == {person["id"] for person in matching} - {each["personId"] for each in counted.json()["members"]}
    assert len(second) == 50
    assert counted.json()["totalSize"] == 120
    assert {member["actorId"] for member in counted.json()["members"]} == {tenant.admin.id}
    again = await rest.post(f"/v1/bulkChanges/{change['id']}:cancel", json={})
    await posted(rest, f"bulkChanges/{change['id']}:undo", {})
    undone = await ended(rest, change)
    assert again.json()["reason"] == "BULK_CHANGE_NOT_RUNNING"
    assert (undone["state"], undone.get("changedCount", "0")) == ("BULK_STATE_UNDONE", "0")
    assert await on(rest, tag) == set(already)


async def test_con_23_a_running_bulk_change_is_cancelled_stops_where_it_is_and_can_be_undone(
    rest: httpx2.AsyncClient, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_changes.BulkChanges.matching, "__defaults__", (5,))
    family, tag = word(), await a_tag(rest)
    matching = {person["id"] for person in await people_called(rest, family, 300)}
    wanted = {"action": "BULK_ACTION_ADD", "tagId": tag["id"], "resource": "BULK_RESOURCE_PEOPLE"}
    change = await posted(rest, "bulkChanges", wanted | {"filter": f'family_name = "{family}"'})

    async def begun() -> None:
        now = (await rest.get(f"/v1/bulkChanges/{change['id']}")).json()
        assert int(now.get("changedCount", 0)) > 0, now

    await eventually(begun)
    stopped = await posted(rest, f"bulkChanges/{change['id']}:cancel", {})
    assert (stopped["state"], "endTime" in stopped) == ("BULK_STATE_CANCELLED", True)
    assert 0 < int(stopped["changedCount"]) < len(matching)
    assert int(stopped["processedCount"]) < int(stopped["totalCount"])

    async def idle() -> None:
        timers = "SELECT 1 FROM timer WHERE kind = 'contact.bulk_change' AND key = $1"
        assert await rows(tenant.suite.stack, "contact", timers, change["id"]) == []

    await eventually(idle)
    assert (await rest.get(f"/v1/bulkChanges/{change['id']}")).json() == stopped
    tagged = await on(rest, tag)
    assert (len(tagged), tagged < matching) == (int(stopped["changedCount"]), True)
    await posted(rest, f"bulkChanges/{change['id']}:undo", {})
    undone = await ended(rest, change)
    assert (undone["state"], undone.get("changedCount", "0")) == ("BULK_STATE_UNDONE", "0")
    assert await on(rest, tag) == set()


async def test_con_23_what_a_bulk_change_removed_comes_back_when_it_is_undone(rest: httpx2.AsyncClient) -> None:
    family = word()
    matching = await people_called(rest, family, 3)
    made = await a_list(rest, *matching)
    wanted = {"action": "BULK_ACTION_REMOVE", "staticListId": made["id"], "resource": "BULK_RESOURCE_PEOPLE"}
    change = await posted(rest, "bulkChanges", wanted | {"filter": f'family_name = "{family}" AND given_name = "N1"'})
    await ended(rest, change)
    kept = {matching[0]["id"], matching[2]["id"]}
    assert await on(rest, made, "staticLists") == kept
    await posted(rest, f"bulkChanges/{change['id']}:undo", {})
    await ended(rest, change)
    assert await on(rest, made, "staticLists") == kept | {matching[1]["id"]}


@pytest.mark.parametrize(("operation", "expected"), [("UNION", "abc"), ("INTERSECTION", "b"), ("DIFFERENCE", "a")])
async def test_con_23_lists_combine(rest: httpx2.AsyncClient, operation: str, expected: str) -> None:
    people = dict(zip("abc", await people_called(rest, word(), 3), strict=True))
    left, right = await a_list(rest, people["a"], people["b"]), await a_list(rest, people["b"], people["c"])
    target = await a_list(rest)
    wanted = {"action": "BULK_ACTION_ADD", "staticListId": target["id"], "resource": "BULK_RESOURCE_PEOPLE"}
    sources = {"listIds": [left["id"], right["id"]], "operation": f"SET_OPERATION_{operation}"}
    assert (await ended(rest, await posted(rest, "bulkChanges", wanted | sources)))["state"] == "BULK_STATE_DONE"
    assert await on(rest, target, "staticLists") == {people[name]["id"] for name in expected}


async def test_con_23_a_bulk_change_reaches_what_its_requester_sees(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    family, tag = word(), await a_tag(rest)
    await people_called(rest, family, 2)
    rep = await tenant.user("rep")
    async with rep.rest() as other:
        mine = await people_called(other, family, 1)
        wanted = {"action": "BULK_ACTION_ADD", "tagId": tag["id"], "resource": "BULK_RESOURCE_PEOPLE"}
        change = await posted(other, "bulkChanges", wanted | {"filter": f'family_name = "{family}"'})
        assert (await ended(other, change))["changedCount"] == "1"
    assert await on(rest, tag) == {mine[0]["id"]}
    await posted(rest, f"bulkChanges/{change['id']}:undo", {})
    await ended(rest, change)
    assert await on(rest, tag) == set()
    asked = await rows(tenant.suite.stack, "contact", ASKED, tag["id"])
    assert [str(row["on_behalf_of"]) for row in asked] == [rep.id, tenant.admin.id]


async def test_con_23_a_bulk_change_that_says_nothing_sensible_is_refused(rest: httpx2.AsyncClient) -> None:
    tag = await a_tag(rest)
    base = {"action": "BULK_ACTION_ADD", "resource": "BULK_RESOURCE_PEOPLE"}
    bodies: list[dict[str, Any]] = [
        base | {"filter": "family_name:*"},
        base | {"tagId": tag["id"]},
        base | {"tagId": tag["id"], "filter": "nonsense = 1"},
        base | {"tagId": "018f0000-0000-7000-8000-000000000000", "filter": "family_name:*"},
    ]
    answers = await asyncio.gather(*(rest.post("/v1/bulkChanges", json=body) for body in bodies))
    assert [violations(each) for each in answers] == [
        {"bulk_change.tag_id": "ONE_TARGET"},
        {"bulk_change.filter": "REQUIRED"},
        {"bulk_change.filter": "INVALID_FILTER"},
        {"bulk_change.tag_id": "NOT_FOUND"},
    ]


async def test_con_23_favourites_are_the_callers_own(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    colleague = await tenant.user("marketer")
    person = await created(rest)
    made = await posted(rest, "favourites", {"personId": person["id"]})
    twice = await rest.post("/v1/favourites", json={"personId": person["id"]})
    async with colleague.rest() as other:
        theirs = await posted(other, "favourites", {"personId": person["id"]})
        listed = (await other.get("/v1/favourites")).json()["favourites"]
        foreign = await other.get(f"/v1/favourites/{made['id']}")
    mine = (await rest.get("/v1/favourites")).json()["favourites"]
    assert (twice.status_code, foreign.status_code) == (409, 404)
    assert [each["id"] for each in listed] == [theirs["id"]]
    assert [each["id"] for each in mine] == [made["id"]]
    assert (await rest.delete(f"/v1/favourites/{made['id']}")).status_code == 200
    assert (await rest.get("/v1/favourites")).json().get("favourites", []) == []


async def test_con_23_a_saved_view_is_seen_by_those_it_is_shared_with(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    marketer = await tenant.user("marketer")
    view = {"resourceType": "contact.rapport/Person", "filter": "family_name:*", "columns": ["display_name"]}
    secret = await posted(rest, "savedViews", view | {"displayName": "Secret"})
    shared = await posted(rest, "savedViews", view | {"displayName": "For all", "sharing": "VIEW_SHARING_EVERYBODY"})
    async with marketer.rest() as other:
        seen = {each["id"] for each in (await other.get("/v1/savedViews")).json()["savedViews"]}
        changed = await other.patch(f"/v1/savedViews/{shared['id']}", json={"displayName": "Mine now"})
    wrong = await rest.post("/v1/savedViews", json=view | {"displayName": "Wrong", "filter": "nothing = 1"})
    assert (shared["id"] in seen, secret["id"] in seen) == (True, False)
    assert changed.status_code == 404
    assert violations(wrong) == {"saved_view.filter": "INVALID_FILTER"}


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"resourceType": "contact.rapport/Shoe"}, {"resource_type": "UNKNOWN_RESOURCE"}),
        ({"resourceType": "people"}, {"resource_type": "WRONG_FORMAT"}),
        ({"resourceType": "contact.rapport/Task", "filter": "shoe = 1"}, {"filter": "INVALID_FILTER"}),
        ({"orderBy": "shoe_size"}, {"order_by": "INVALID_ORDER_BY"}),
        ({"columns": ["display_name", "shoe_size"]}, {"columns[1]": "UNKNOWN_FIELD"}),
        ({"resourceType": "sales.rapport/Order", "filter": "shoe = 1"}, {}),
    ],
)
async def test_con_23_a_view_of_what_there_is_none_of_is_refused(
    rest: httpx2.AsyncClient, change: dict[str, Any], refused: dict[str, str]
) -> None:
    view = {"displayName": "Mine", "resourceType": "contact.rapport/Person", "columns": ["display_name"]}
    answer = await rest.post("/v1/savedViews", json=view | change)
    assert answer.status_code == (400 if refused else 200)
    if refused:
        assert violations(answer) == {f"saved_view.{field}": reason for field, reason in refused.items()}


async def test_con_23_a_list_in_the_trash_and_one_that_there_is_none_of_are_called_by_their_name(
    rest: httpx2.AsyncClient,
) -> None:
    person = await created(rest)
    made = await a_list(rest)
    path, members = f"/v1/staticLists/{made['id']}", {"personIds": [person["id"]], "reason": "Chosen"}
    assert (await rest.post(f"{path}:undelete")).json()["detail"] == "the static list is not in the trash"
    await rest.delete(path)
    gone = (await rest.post(f"{path}:addMembers", json=members)).json()
    assert (gone["reason"], gone["detail"]) == ("STATIC_LIST_DELETED", "the static list is in the trash")
    nothing = (await rest.get(f"/v1/staticLists/{uuid4()}")).json()
    assert (nothing["reason"], nothing["detail"]) == ("STATIC_LIST_NOT_FOUND", "no such static list")
