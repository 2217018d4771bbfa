"""Hand-over through REST (CON-26): tasks and customers of one user go to another, and nobody's are orphaned."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from rapport.identity.v1 import users_pb2
from rapport_contact.handlers import hand_overs
from tests.callers import Caller, Tenant
from tests.databases import rows
from tests.eventually import eventually
from tests.people import created, listed, posted, violations
from tests.timelines import entries

OWNERS = """
SELECT count(*) FROM event WHERE aggregate = $1 AND type = 'rapport.contact.v1.TaskChanged' AND on_behalf_of = $2
"""
SWEEPS = "SELECT key FROM timer WHERE kind = 'contact.task.hand_over' AND key LIKE $1"
ASKED = "SELECT on_behalf_of, job FROM event WHERE aggregate = $1 ORDER BY sequence DESC LIMIT 1"


async def customers(leaver: Caller, count: int) -> list[str]:
    async with leaver.rest() as rest:
        people = [(await created(rest))["id"] for _ in range(count)]
        company = await posted(rest, "organisations", {"displayName": "Their account"})
    return [*people, company["id"]]


async def tasks_of(leaver: Caller, count: int) -> list[str]:
    async with leaver.rest() as rest:
        return [(await posted(rest, "tasks", {"title": f"Call {number}"}))["id"] for number in range(count)]


async def merged_away(rest: httpx2.AsyncClient, company: str) -> str:
    """The merge by which an organisation became one of the caller's."""
    survivor = await posted(rest, "organisations", {"displayName": "Our account"})
    merge = await posted(rest, f"organisations/{survivor['id']}:merge", {"ids": [company]})
    return str(merge["id"])


async def owned(rest: httpx2.AsyncClient, owner: str) -> set[str]:
    found = set()
    for collection in ("people", "organisations"):
        answer = await rest.get(f"/v1/{collection}", params={"filter": f'owner_id = "{owner}"', "pageSize": 1000})
        found |= {each["id"] for each in answer.json().get(collection, [])}
    return found


async def handed_over(rest: httpx2.AsyncClient, leaver: Caller, heir: Caller, **more: Any) -> dict[str, Any]:
    body = {"fromUserId": leaver.id, "toUserId": heir.id} | more

    async def begin() -> dict[str, Any]:  # contact hears of users by event
        return await posted(rest, "handOvers:handOverRecords", body)

    begun = await eventually(begin)

    async def end() -> dict[str, Any]:
        now: dict[str, Any] = (await rest.get(f"/v1/handOvers/{begun['id']}")).json()
        assert now["state"] != "HAND_OVER_STATE_RUNNING"
        return now

    return await eventually(end)


async def left(rest: httpx2.AsyncClient, user: str) -> set[str]:
    """The tasks that a user owns."""
    return {each["id"] for each in await listed(rest, "tasks", {"filter": f'owner_id = "{user}"', "pageSize": 1000})}


async def orphanages(rest: httpx2.AsyncClient) -> dict[str, tuple[int, int, int]]:
    answer = await rest.get("/v1/handOvers:listOrphanages")
    assert answer.status_code == 200, answer.text
    return {
        each["userId"]: tuple(each.get(f"{kind}Count", 0) for kind in ("person", "organisation", "task"))
        for each in answer.json().get("orphanages", [])
    }


async def deactivated(tenant: Tenant, user: Caller) -> None:
    await tenant.admin.user.deactivate_user(users_pb2.DeactivateUserRequest(id=user.id))


async def test_con_26_customers_go_over_in_slices_with_a_note_and_their_history(
    rest: httpx2.AsyncClient, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hand_overs, "SLICE", 2)
    leaver, heir = await tenant.user("marketer"), await tenant.user("marketer")
    theirs = await customers(leaver, 4)
    done = await handed_over(rest, leaver, heir, note="Call them in spring")
    assert (done["state"], done["personCount"], done["organisationCount"]) == ("HAND_OVER_STATE_DONE", "4", "1")
    assert (done["note"], done["actorId"]) == ("Call them in spring", tenant.admin.id)
    assert (await owned(rest, heir.id), await owned(rest, leaver.id)) == (set(theirs), set())
    revisions = (await rest.get(f"/v1/people/{theirs[0]}:listRevisions")).json()["revisions"]
    assert [each["snapshot"]["ownerId"] for each in revisions] == [heir.id, leaver.id]
    assert [each["actor"] for each in revisions] == [tenant.admin.id, leaver.id]
    (fact,) = await rows(tenant.suite.stack, "contact", ASKED, theirs[0])
    assert (str(fact["on_behalf_of"]), fact["job"]) == (tenant.admin.id, done["id"])

    async def told() -> None:
        lines = await entries(rest, theirs[0], kinds=["ownership"])
        assert [(each["summary"], each["actorId"]) for each in lines] == [("Has another owner", tenant.admin.id)]

    await eventually(told)


async def test_con_26_open_tasks_go_over_in_slices_and_what_is_done_stays_with_whoever_did_it(
    rest: httpx2.AsyncClient, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hand_overs, "SLICE", 2)
    leaver, heir = await tenant.user("marketer"), await tenant.user("marketer")
    theirs, (finished,) = await tasks_of(leaver, 5), await tasks_of(leaver, 1)
    await customers(leaver, 2)
    await posted(rest, f"tasks/{finished}:complete", {})
    await posted(rest, f"tasks/{theirs[0]}:start", {})
    await rest.delete(f"/v1/tasks/{theirs[1]}")
    done = await handed_over(rest, leaver, heir, note="Call them in spring")
    assert (done["state"], done["taskCount"]) == ("HAND_OVER_STATE_DONE", "5")
    assert (done["personCount"], done["organisationCount"]) == ("2", "1")
    await rest.post(f"/v1/tasks/{theirs[1]}:undelete", json={})
    assert (await left(rest, heir.id), await left(rest, leaver.id)) == (set(theirs), {finished})
    (fact,) = await rows(tenant.suite.stack, "contact", ASKED, theirs[0])
    assert (str(fact["on_behalf_of"]), fact["job"]) == (tenant.admin.id, done["id"])


async def test_con_26_of_two_hand_overs_at_once_each_task_goes_over_by_one(
    rest: httpx2.AsyncClient, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hand_overs, "SLICE", 3)
    leaver, *heirs = [await tenant.user("marketer") for _ in range(3)]
    theirs = await tasks_of(leaver, 20)
    ended = await asyncio.gather(*(handed_over(rest, leaver, heir) for heir in heirs))
    gained = [await left(rest, heir.id) for heir in heirs]
    assert [len(each) for each in gained] == [int(each.get("taskCount", 0)) for each in ended]
    assert (gained[0] | gained[1], gained[0] & gained[1]) == (set(theirs), set())
    for task in theirs:
        (moved,) = await rows(tenant.suite.stack, "contact", OWNERS, task, tenant.admin.id)
        assert moved["count"] == 1


async def test_con_26_a_task_that_is_taken_up_again_after_its_owner_left_is_not_forgotten(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    leaver, heir = await tenant.user("marketer"), await tenant.user("marketer")
    (task,) = await tasks_of(leaver, 1)
    await posted(rest, f"tasks/{task}:complete", {})

    async def gone() -> None:  # once identity has heard that the task is done
        answer = await rest.post(f"/v1/users/{leaver.id}:deactivate", json={})
        assert answer.status_code == 200, answer.text

    async def looked_for() -> None:  # and a while later again
        timers = await rows(tenant.suite.stack, "contact", SWEEPS, f"{leaver.id}%")
        assert [each["key"] for each in timers] == [f"{leaver.id}/later"]

    await eventually(gone)
    await eventually(looked_for)
    assert leaver.id not in await orphanages(rest)
    await posted(rest, f"tasks/{task}:reopen", {})
    assert (await orphanages(rest)).get(leaver.id) == (0, 0, 1)
    assert (await handed_over(rest, leaver, heir))["taskCount"] == "1"
    assert leaver.id not in await orphanages(rest)


async def test_con_26_who_became_another_and_who_is_in_the_trash_go_over_too_and_it_ends(
    rest: httpx2.AsyncClient, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hand_overs, "SLICE", 2)
    leaver, heir = await tenant.user("marketer"), await tenant.user("marketer")
    one, other, trashed, company = await customers(leaver, 3)
    survivor = await created(rest)
    merge = await posted(rest, f"people/{survivor['id']}:merge", {"ids": [one, other]})
    united = await merged_away(rest, company)
    await rest.delete(f"/v1/people/{trashed}")
    done = await handed_over(rest, leaver, heir)
    assert (done["state"], done["personCount"]) == ("HAND_OVER_STATE_DONE", "1")
    assert done.get("organisationCount", "0") == "0"
    assert (await rest.get(f"/v1/people/{one}")).json()["ownerId"] == tenant.admin.id
    await posted(rest, "people:unmerge", {"mergeId": merge["id"]})
    await posted(rest, "organisations:unmerge", {"mergeId": united})
    assert await owned(rest, heir.id) == {one, other, company}
    assert await owned(rest, leaver.id) == set()


async def test_con_26_what_somebody_leaves_behind_waits_to_be_handed_over(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    leaver, heir = await tenant.user("marketer"), await tenant.user("marketer")
    theirs, (former,) = await customers(leaver, 2), await customers(leaver, 0)
    await merged_away(rest, former)
    assert leaver.id not in await orphanages(rest)
    await deactivated(tenant, leaver)

    async def listed() -> None:
        assert (await orphanages(rest)).get(leaver.id) == (2, 1, 0)

    await eventually(listed)
    assert await owned(rest, leaver.id) == set(theirs)
    await handed_over(rest, leaver, heir)
    assert leaver.id not in await orphanages(rest)


async def test_con_26_a_successor_gets_what_is_left_behind(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    leaver, heir = await tenant.user("marketer"), await tenant.user("marketer")
    theirs = await customers(leaver, 2)
    path = f"/v1/tenants/{tenant.id}/contactSettings"

    async def name_successor() -> None:
        answer = await rest.patch(path, json={"successorId": heir.id})
        assert answer.status_code == 200, answer.text

    await eventually(name_successor)
    await deactivated(tenant, leaver)

    async def inherited() -> None:
        assert await owned(rest, heir.id) == set(theirs)

    await eventually(inherited)
    await rest.patch(path, params={"updateMask": "successorId"}, json={})


async def test_con_26_who_is_let_back_in_keeps_what_has_not_gone_over_yet(
    rest: httpx2.AsyncClient, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hand_overs, "SLICE", 1)
    leaver, heir = await tenant.user("marketer"), await tenant.user("marketer")
    async with leaver.rest() as theirs:
        await posted(theirs, "people:batchCreate", {"requests": [{"person": {"givenName": "Some"}}] * 200})
    request = users_pb2.DeactivateUserRequest(id=leaver.id, successor_id=heir.id)
    await tenant.admin.user.deactivate_user(request)

    async def going() -> None:
        assert await owned(rest, heir.id)

    await eventually(going)
    await tenant.admin.user.reactivate_user(users_pb2.ReactivateUserRequest(id=leaver.id))

    async def stopped() -> dict[str, Any]:
        (found,) = await listed(rest, "handOvers", {"filter": f'from_user_id = "{leaver.id}"'})
        assert found["state"] == "HAND_OVER_STATE_FAILED"
        return found

    assert (await eventually(stopped))["failure"] == "the former owner is active again"
    kept, gone = await owned(rest, leaver.id), await owned(rest, heir.id)
    assert (len(kept | gone), bool(kept), kept & gone) == (200, True, set())


async def test_con_26_nothing_moves_when_the_hand_over_is_refused(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    leaver, gone = await tenant.user("marketer"), await tenant.user("marketer")
    theirs = await customers(leaver, 1)
    await deactivated(tenant, gone)

    async def refused() -> dict[str, str]:
        answer = await rest.post(
            "/v1/handOvers:handOverRecords", json={"fromUserId": leaver.id, "toUserId": gone.id, "validateOnly": True}
        )
        assert answer.status_code == 400, answer.text
        return violations(answer)

    assert await eventually(refused) == {"to_user_id": "OWNER_UNKNOWN"}
    async with (await tenant.user("manager")).rest() as manager:
        body = {"fromUserId": leaver.id, "toUserId": tenant.admin.id}
        assert (await manager.post("/v1/handOvers:handOverRecords", json=body)).status_code == 403
    assert await owned(rest, leaver.id) == set(theirs)
