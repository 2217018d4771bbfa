"""Timelines through REST: what CON-11 promises, above all that they can be built again from the events alone."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import httpx2
import pytest

from rapport_kit.database import Database
from tests.callers import Tenant
from tests.databases import rows
from tests.eventually import eventually
from tests.people import created, violations
from tests.timelines import checksum, entries, logged, rebuild, shows, summaries


async def test_con_11_every_department_tells_in_one_order(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    person, guest = await created(rest), await created(rest)
    await logged(rest, person["id"], "Late call", "2031-01-02T10:00:00Z", direction="DIRECTION_INBOUND")
    await logged(rest, person["id"], "Early call", "2020-01-02T10:00:00Z", participants=[{"personId": guest["id"]}])
    await rest.post("/v1/notes", json={"body": "# Likes\n\ntea", "personId": person["id"]})
    task = (await rest.post("/v1/tasks", json={"title": "Send tea", "personId": person["id"]})).json()
    await rest.post(f"/v1/tasks/{task['id']}:complete", json={})
    await rest.patch(f"/v1/people/{person['id']}", json={"lifecycleStage": "LIFECYCLE_STAGE_CUSTOMER"})
    await shows(rest, person["id"], ["Late call", "Now customer", "Send tea", "# Likes tea", "Created", "Early call"])
    late = (await entries(rest, person["id"]))[0]
    assert {key: late[key] for key in ("kind", "channel", "direction", "occurTime", "actorId", "source")} == {
        "kind": "activity",
        "channel": "call",
        "direction": "inbound",
        "occurTime": "2031-01-02T10:00:00Z",
        "actorId": tenant.admin.id,
        "source": "contact",
    }
    await shows(rest, guest["id"], ["Created", "Early call"])


async def test_con_11_a_late_event_takes_its_place_by_when_it_happened(rest: httpx2.AsyncClient) -> None:
    person_id = (await created(rest))["id"]
    for subject, day in (("Third", "03"), ("First", "01"), ("Second", "02")):
        await logged(rest, person_id, subject, f"2031-01-{day}T10:00:00Z")
    await shows(rest, person_id, ["Third", "Second", "First", "Created"])
    assert [entry["occurTime"][:10] for entry in await entries(rest, person_id)][:3] == [
        "2031-01-03",
        "2031-01-02",
        "2031-01-01",
    ]


async def test_con_11_a_correction_is_another_entry_and_the_first_stays(rest: httpx2.AsyncClient) -> None:
    person_id = (await created(rest))["id"]
    activity = await logged(rest, person_id, "Pries", "2031-01-01T10:00:00Z")
    await rest.patch(f"/v1/activities/{activity['id']}", json={"subject": "Price"})
    await shows(rest, person_id, ["Price", "Created"])
    corrected, first = (await entries(rest, person_id, showCorrected="true", kinds="activity"))[:2]
    corrected, first = sorted((corrected, first), key=lambda entry: "correctsId" not in entry)
    assert (corrected["correctsId"], first["summary"]) == (first["id"], "Pries")
    await rest.delete(f"/v1/activities/{activity['id']}")
    await shows(rest, person_id, ["Created"])
    await rest.post(f"/v1/activities/{activity['id']}:undelete", json={})
    await shows(rest, person_id, ["Price", "Created"])


async def test_con_11_a_timeline_is_narrowed_and_paged(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    person_id = (await created(rest))["id"]
    for day in range(1, 8):
        kind = "ACTIVITY_TYPE_VISIT" if day % 2 else "ACTIVITY_TYPE_CALL"
        await logged(rest, person_id, f"Day {day}", f"2031-01-0{day}T10:00:00Z", type=kind)
    await shows(rest, person_id, [*(f"Day {day}" for day in range(7, 0, -1)), "Created"])
    assert await summaries(rest, person_id, channels="call") == ["Day 6", "Day 4", "Day 2"]
    assert await summaries(rest, person_id, kinds="record") == ["Created"]
    assert await summaries(rest, person_id, actorId=tenant.admin.id) == await summaries(rest, person_id)
    assert await summaries(rest, person_id, actorId=person_id) == []
    span = {"startTime": "2031-01-02T10:00:00Z", "endTime": "2031-01-04T10:00:00Z"}
    assert await summaries(rest, person_id, **span) == ["Day 3", "Day 2"]
    never = {"startTime": span["endTime"], "endTime": span["startTime"]}
    refused = await rest.get(f"/v1/people/{person_id}/timelineEntries", params=never)
    assert violations(refused) == {"end_time": "INVALID_RANGE"}
    pages: list[list[str]] = []
    token = ""
    while token or not pages:
        asked = {"pageSize": "3", "pageToken": token}
        page = (await rest.get(f"/v1/people/{person_id}/timelineEntries", params=asked)).json()
        pages.append([entry["summary"] for entry in page["timelineEntries"]])
        token = page.get("nextPageToken", "")
    assert pages == [["Day 7", "Day 6", "Day 5"], ["Day 4", "Day 3", "Day 2"], ["Day 1", "Created"]]


async def test_con_11_a_private_note_is_in_its_authors_timeline_alone(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    person, marketer = await created(rest), await tenant.user("marketer")
    note = {"body": "Secret", "personId": person["id"], "visibility": "NOTE_VISIBILITY_PRIVATE"}
    made = (await rest.post("/v1/notes", json=note)).json()
    await shows(rest, person["id"], ["Secret", "Created"])
    async with marketer.rest() as other:
        assert await summaries(other, person["id"]) == ["Created"]
        await rest.patch(f"/v1/notes/{made['id']}", json={"visibility": "NOTE_VISIBILITY_ALL"})
        await shows(other, person["id"], ["Secret", "Created"])


async def test_con_11_who_may_not_see_the_customer_may_not_see_what_happened(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    person, rep = await created(rest), await tenant.user("rep")
    await shows(rest, person["id"], ["Created"])
    (entry,) = await entries(rest, person["id"])
    async with rep.rest() as other:
        listed = await other.get(f"/v1/people/{person['id']}/timelineEntries")
        corrected = await other.post(f"/v1/timelineEntries/{entry['id']}:correct", json={"summary": "x"})
    assert (listed.status_code, listed.json()["reason"]) == (404, "PERSON_NOT_FOUND")
    assert (corrected.status_code, corrected.json()["reason"]) == (404, "TIMELINE_ENTRY_NOT_FOUND")


async def test_con_11_an_integration_tells_and_corrects(rest: httpx2.AsyncClient) -> None:
    organisation = (await rest.post("/v1/organisations", json={"displayName": "Bank"})).json()
    path = f"/v1/organisations/{organisation['id']}/timelineEntries"
    given = {"kind": "fair", "channel": "visit", "summary": "At our stand", "occurTime": "2031-01-01T10:00:00Z"}
    made = (await rest.post("/v1/timelineEntries", json=given | {"organisationId": organisation["id"]})).json()

    async def listed(expected: list[str]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await rest.get(path)).json().get("timelineEntries", [])
        assert [entry["summary"] for entry in found] == expected
        return found

    first = (await eventually(lambda: listed(["At our stand", "Created"])))[0]
    assert {key: first[key] for key in ("id", "kind", "channel", "record")} == {
        key: made[key] for key in ("id", "kind", "channel", "record")
    }
    fix = (await rest.post(f"/v1/timelineEntries/{made['id']}:correct", json={"summary": "At their stand"})).json()
    await eventually(lambda: listed(["At their stand", "Created"]))
    again = await rest.post(f"/v1/timelineEntries/{made['id']}:correct", json={"summary": "No"})
    assert again.json()["reason"] == "TIMELINE_ENTRY_CORRECTED"
    await rest.post(f"/v1/timelineEntries/{fix['id']}:correct", json={"retract": True})
    await eventually(lambda: listed(["Created"]))


async def test_con_11_what_a_record_tells_is_corrected_there(rest: httpx2.AsyncClient) -> None:
    person_id = (await created(rest))["id"]
    await logged(rest, person_id, "Price", "2031-01-01T10:00:00Z")
    await shows(rest, person_id, ["Price", "Created"])
    answer = await rest.post(
        f"/v1/timelineEntries/{(await entries(rest, person_id))[0]['id']}:correct", json={"summary": "x"}
    )
    assert answer.json()["reason"] == "TIMELINE_ENTRY_FOLLOWS"
    nobody = await rest.post(
        "/v1/timelineEntries", json={"kind": "x", "summary": "x", "occurTime": "2031-01-01T10:00:00Z"}
    )
    assert violations(nobody) == {"timeline_entry.person_id": "CUSTOMER_REQUIRED"}


async def test_con_11_nobody_changes_an_entry_not_even_the_service(tenant: Tenant) -> None:
    app = Database(tenant.suite.stack.environment["RAPPORT_CONTACT_DATABASE_URL"], pool_size=1)
    try:
        for statement in ("UPDATE timeline_entry SET summary = ''", "DELETE FROM timeline_entry"):
            with pytest.raises(Exception, match="permission denied"):
                async with app.transaction(UUID(tenant.id)) as connection:
                    await connection.exec_driver_sql(statement)
    finally:
        await app.close()


async def test_con_11_a_timeline_that_is_wiped_and_replayed_is_equal_to_the_one_before(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    person_id = (await created(rest))["id"]
    for day in range(1, 10):
        activity = await logged(rest, person_id, f"Day {day}", f"2031-01-0{day}T10:00:00Z")
        await rest.patch(f"/v1/activities/{activity['id']}", json={"subject": f"Corrected {day}"})
    await shows(rest, person_id, [*(f"Corrected {day}" for day in range(9, 0, -1)), "Created"])
    before = await checksum(tenant)
    await rebuild(tenant)
    await asyncio.gather(*(created(rest) for _ in range(3)))  # the service goes on meanwhile
    after = await checksum(tenant)
    await shows(rest, person_id, [*(f"Corrected {day}" for day in range(9, 0, -1)), "Created"])
    new = "SELECT id FROM timeline_entry WHERE tenant = $1 ORDER BY recorded DESC LIMIT 3"
    await rows(tenant.suite.stack, "contact", f"DELETE FROM timeline_entry WHERE id IN ({new})", tenant.id)
    assert after[0] == before[0] + 3
    assert await checksum(tenant) == before
