"""Tasks through REST: what CON-14 promises of queues, repetition, reminders and of users who leave."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2

from rapport.contact.v1 import events_pb2
from rapport.identity.v1 import users_pb2
from tests.callers import Caller, Tenant
from tests.databases import rows
from tests.eventually import eventually
from tests.people import created, facts, listed, posted, violations

OPEN_TASKS = 12
LATE = """
INSERT INTO timer (tenant, kind, key, due_at, try_at) VALUES ($1, 'contact.task.reminder', $2, $3, 'infinity')
"""


async def made(rest: httpx2.AsyncClient, **task: Any) -> dict[str, Any]:
    return await posted(rest, "tasks", {"title": "Call back"} | task)


async def told_of(tenant: Tenant, task: dict[str, Any]) -> list[str]:
    found = [events_pb2.TaskReminderDue.FromString(fact) for fact in await facts(tenant, task["id"], "TaskReminderDue")]
    return [fact.reminder_time.ToJsonString() for fact in found]


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def test_con_14_a_task_comes_back_as_it_was_made(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    person = await created(rest)
    given = {
        "title": "Send the offer",
        "description": "With the discount.",
        "dueTime": "2031-03-01T10:00:00Z",
        "reminders": [{"beforeDue": "3600s"}, {"time": "2031-02-28T08:00:00Z"}],
        "priority": "TASK_PRIORITY_HIGH",
        "source": "TASK_SOURCE_WORKFLOW",
        "personId": person["id"],
        "related": [{"type": "sales.rapport/Opportunity", "id": person["id"]}],
    }
    rule = {"rule": "FREQ=MONTHLY;BYDAY=-1FR", "timeZone": "Europe/Berlin"}
    task = await made(rest, **given, recurrence=rule)
    read = (await rest.get(f"/v1/tasks/{task['id']}")).json()
    assert read == task
    assert {key: read[key] for key in given} == given
    assert read["recurrence"] == rule | {"startTime": given["dueTime"]}
    assert (read["state"], read["ownerId"]) == ("TASK_STATE_OPEN", tenant.admin.id)


async def test_con_14_of_many_who_complete_a_recurring_task_one_makes_the_next(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    person = await created(rest)
    task = await made(
        rest, personId=person["id"], dueTime="2031-03-01T10:00:00Z", recurrence={"rule": "FREQ=DAILY;INTERVAL=2"}
    )
    key = str(uuid4())
    path = f"/v1/tasks/{task['id']}:complete"
    answers = await asyncio.gather(
        *(rest.post(path, json={}) for _ in range(8)),
        *(rest.post(path, json={}, headers={"Idempotency-Key": key}) for _ in range(4)),
    )
    assert Counter(answer.status_code for answer in answers)[200] in (1, 4)
    asked = {"filter": f'person_id = "{person["id"]}"', "orderBy": "due_time"}
    first, second = (await rest.get("/v1/tasks", params=asked)).json()["tasks"]
    assert (first["state"], first["nextTaskId"]) == ("TASK_STATE_DONE", second["id"])
    assert (second["state"], second["dueTime"]) == ("TASK_STATE_OPEN", "2031-03-03T10:00:00Z")
    assert len(await facts(tenant, task["id"], "TaskCompleted")) == 1


async def test_con_14_a_task_that_is_taken_up_again_does_not_come_twice(rest: httpx2.AsyncClient) -> None:
    person = await created(rest)
    task = await made(rest, personId=person["id"], dueTime="2031-03-01T10:00:00Z", recurrence={"rule": "FREQ=DAILY"})
    for verb in ("complete", "reopen", "complete"):
        assert (await rest.post(f"/v1/tasks/{task['id']}:{verb}", json={})).status_code == 200
    found = (await rest.get("/v1/tasks", params={"filter": f'person_id = "{person["id"]}"'})).json()["tasks"]
    assert len(found) == 2


async def test_con_14_a_state_is_reached_by_its_method_alone(rest: httpx2.AsyncClient) -> None:
    task = await made(rest, state="TASK_STATE_DONE")
    assert task["state"] == "TASK_STATE_OPEN"
    masked = await rest.patch(
        f"/v1/tasks/{task['id']}", params={"update_mask": "state"}, json={"state": "TASK_STATE_DONE"}
    )
    assert violations(masked) == {"update_mask": "OUTPUT_ONLY"}
    started = (await rest.post(f"/v1/tasks/{task['id']}:start", json={})).json()
    again = await rest.post(f"/v1/tasks/{task['id']}:start", json={})
    assert (started["state"], again.json()["reason"]) == ("TASK_STATE_IN_PROGRESS", "TASK_STATE")


async def test_con_14_queues_are_the_owners_and_go_by_the_owners_day(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    user = await tenant.user("rep")
    zone = "Pacific/Kiritimati"  # fourteen hours ahead: another day than UTC's for most of it
    await tenant.admin.user.update_user(users_pb2.UpdateUserRequest(user=users_pb2.User(id=user.id, time_zone=zone)))
    now = datetime.now(UTC)
    local_midnight = (now + timedelta(hours=14)).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(
        hours=14
    )
    times = {
        "yesterday": local_midnight - timedelta(minutes=1),
        "morning": local_midnight,
        "night": local_midnight + timedelta(hours=23, minutes=59),
        "tomorrow": local_midnight + timedelta(hours=24),
    }
    for title, time in times.items():
        await eventually(lambda: made(rest, title=title, dueTime=stamp(time), ownerId=user.id))  # noqa: B023
    done = await made(rest, title="done", dueTime=stamp(times["morning"]), ownerId=user.id)
    await rest.post(f"/v1/tasks/{done['id']}:complete", json={})

    async def queue(name: str) -> set[str]:
        asked = {"queue": f"TASK_QUEUE_{name}", "ownerId": user.id, "orderBy": "due_time"}
        return {each["title"] for each in (await rest.get("/v1/tasks", params=asked)).json().get("tasks", [])}

    async def knows_the_zone() -> None:
        assert await queue("DUE_TODAY") == {"morning", "night"}

    await eventually(knows_the_zone)
    assert {"yesterday"} <= await queue("OVERDUE") <= {"yesterday", "morning", "night"}
    async with user.rest() as mine:
        own = (await mine.get("/v1/tasks", params={"queue": "TASK_QUEUE_DUE_TODAY"})).json()["tasks"]
    assert {each["title"] for each in own} == {"morning", "night"}


async def test_con_14_a_reminder_is_told_once_where_it_was_moved_to(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=2)
    far = soon + timedelta(days=1)
    stays = await made(rest, dueTime=stamp(far), reminders=[{"time": stamp(soon)}, {"time": stamp(soon)}])
    moved = await made(rest, dueTime=stamp(far), reminders=[{"time": stamp(far)}])
    gone = await made(rest, dueTime=stamp(far), reminders=[{"time": stamp(soon)}])
    done = await made(rest, dueTime=stamp(far), reminders=[{"time": stamp(soon)}])
    await rest.patch(f"/v1/tasks/{moved['id']}", json={"reminders": [{"time": stamp(soon)}]})
    await rest.delete(f"/v1/tasks/{gone['id']}")
    await rest.post(f"/v1/tasks/{done['id']}:complete", json={})

    async def all_told() -> None:
        assert await told_of(tenant, stays) == [stamp(soon), stamp(soon)]
        assert await told_of(tenant, moved) == [stamp(soon)]

    await eventually(all_told)
    assert (await told_of(tenant, gone), await told_of(tenant, done)) == ([], [])


async def test_con_14_a_reminder_that_is_due_is_told_although_the_task_is_edited_first(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    past, far = datetime.now(UTC) - timedelta(hours=1), datetime.now(UTC) + timedelta(days=1)
    task = await made(rest, dueTime=stamp(far), reminders=[{"time": stamp(past)}])
    await rows(tenant.suite.stack, "contact", LATE, tenant.id, task["id"], datetime.fromisoformat(stamp(past)))
    await rest.patch(f"/v1/tasks/{task['id']}", json={"dueTime": stamp(far + timedelta(days=1))})

    async def told() -> None:
        assert await told_of(tenant, task) == [stamp(past)]
        assert not await rows(tenant.suite.stack, "contact", "SELECT 1 FROM timer WHERE key = $1", task["id"])

    await eventually(told)
    await rest.patch(f"/v1/tasks/{task['id']}", json={"dueTime": stamp(far)})
    await told()


async def test_con_14_a_task_is_not_assigned_to_somebody_who_is_not_there(rest: httpx2.AsyncClient) -> None:
    answer = await rest.post("/v1/tasks", json={"title": "x", "ownerId": "01890a5d-ac96-774b-bcce-b302099a8057"})
    assert violations(answer) == {"task.owner_id": "OWNER_UNKNOWN"}


async def burdened(rest: httpx2.AsyncClient, tenant: Tenant, count: int) -> tuple[Caller, list[str]]:
    """A user with open tasks, known as such to identity."""
    user = await tenant.user("rep")
    ids = []
    for n in range(count):
        task = await eventually(lambda: made(rest, title=f"Task {n}", ownerId=user.id))  # noqa: B023
        ids.append(task["id"])

    async def known() -> None:
        refusal = await rest.post(f"/v1/users/{user.id}:deactivate", json={"validateOnly": True})
        assert refusal.status_code == 400
        assert refusal.json()["metadata"]["count"] == str(count)

    await eventually(known)
    return user, ids


async def test_con_14_deactivating_a_user_with_12_open_tasks_fails_listing_12(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    user, ids = await burdened(rest, tenant, OPEN_TASKS)
    answer = await rest.post(f"/v1/users/{user.id}:deactivate", json={})
    body = answer.json()
    assert (answer.status_code, body["reason"]) == (400, "USER_HAS_OPEN_WORK")
    assert f"{OPEN_TASKS} open tasks" in body["detail"]
    assert sorted(body["metadata"]["tasks"].split(",")) == sorted(ids)
    assert (await rest.get(f"/v1/users/{user.id}")).json()["state"] == "USER_STATE_ACTIVE"


async def test_con_26_a_successor_takes_over_what_a_leaver_has_not_finished(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    user, ids = await burdened(rest, tenant, 3)
    done = await made(rest, title="done", ownerId=user.id)
    await rest.post(f"/v1/tasks/{done['id']}:complete", json={})
    heir = await tenant.user("manager")
    nobody = await rest.post(f"/v1/users/{user.id}:deactivate", json={"successorId": user.id})
    assert violations(nobody) == {"successor_id": "USER_UNKNOWN"}
    answer = await rest.post(f"/v1/users/{user.id}:deactivate", json={"successorId": heir.id})
    assert answer.status_code == 200, answer.text

    async def handed_over() -> None:
        asked = {"filter": f'owner_id = "{heir.id}"'}
        assert {each["id"] for each in (await rest.get("/v1/tasks", params=asked)).json().get("tasks", [])} == set(ids)

    await eventually(handed_over)
    assert (await rest.get(f"/v1/tasks/{done['id']}")).json()["ownerId"] == user.id

    async def recorded() -> None:
        (history,) = await listed(rest, "handOvers", {"filter": f'from_user_id = "{user.id}"'})
        assert (history["state"], history["taskCount"]) == ("HAND_OVER_STATE_DONE", "3")
        assert (history["toUserId"], history["actorId"]) == (heir.id, tenant.admin.id)

    await eventually(recorded)


async def test_con_14_a_user_without_open_tasks_is_deactivated_at_once(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    user, ids = await burdened(rest, tenant, 1)
    await rest.post(f"/v1/tasks/{ids[0]}:cancel", json={})

    async def deactivated() -> None:
        assert (await rest.post(f"/v1/users/{user.id}:deactivate", json={})).status_code == 200

    await eventually(deactivated)
