"""What people ask for by their rights, and what the law has the company keep all the same (PLT-08)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
from typer.testing import CliRunner

from rapport.contact.v1.events_pb2 import PrivacyRequestDue
from rapport_kit.cli import build
from tests.callers import Suite, Tenant
from tests.databases import rows
from tests.eventually import eventually
from tests.people import created, posted


async def asked(rest: httpx2.AsyncClient, person: dict[str, Any], right: str, **fields: Any) -> dict[str, Any]:
    return await posted(
        rest, "privacyRequests", {"personId": person["id"], "right": f"PRIVACY_RIGHT_{right}", **fields}
    )


async def held(rest: httpx2.AsyncClient, person: dict[str, Any], *kept: str, **fields: Any) -> dict[str, Any]:
    data = [f"HELD_DATA_{each}" for each in kept]
    return await posted(
        rest, "legalHolds", {"personId": person["id"], "reason": "Tax law, 7 years", "kept": data, **fields}
    )


async def erased(rest: httpx2.AsyncClient, person: dict[str, Any]) -> dict[str, Any]:
    return await posted(rest, f"people/{person['id']}:erase", {})


async def known_person(rest: httpx2.AsyncClient) -> dict[str, Any]:
    """Somebody with a note, a consent, an activity and channels."""
    person = await created(
        rest,
        givenName="Ada",
        familyName="Canary",
        jobTitle="Countess",
        birthDate={"year": 1815, "month": 12, "day": 10},
        channels=[{"email": {"address": "ada.canary@example.org"}}],
    )
    about = {"personId": person["id"]}
    await posted(rest, "notes", {**about, "body": "Paid the canary invoice"})
    await posted(rest, "tasks", {**about, "title": "Canary task"})
    await posted(
        rest,
        "activities",
        {**about, "type": "ACTIVITY_TYPE_CALL", "subject": "Canary call", "startTime": "2026-01-02T03:04:05Z"},
    )
    return person


async def rows_of(suite: Suite, person: str) -> dict[str, int]:
    """How many rows of some kinds name the person."""
    tables = ("note", "task", "activity", "person_channel", "match_key", "timeline_entry", "milestone", "subject_key")
    column = {"subject_key": "subject"}
    counts = {}
    for table in tables:
        named = f"SELECT count(*) FROM {table} WHERE {column.get(table, 'person_id')} = $1"
        counts[table] = (await rows(suite.stack, "contact", named, UUID(person)))[0][0]
    return {table: count for table, count in counts.items() if count}


async def test_plt_08_an_erasure_under_a_legal_hold_keeps_what_is_held_and_says_so(
    suite: Suite, rest: httpx2.AsyncClient, tmp_path: Path
) -> None:
    person = await known_person(rest)
    hold = await held(rest, person, "NOTES", untilTime="2100-01-01T00:00:00Z")
    receipt = await erased(rest, person)
    refusal = {"legalHoldId": hold["id"], "reason": "Tax law, 7 years", "kept": ["HELD_DATA_NOTES"]}
    assert receipt["refusals"] == [{**refusal, "untilTime": "2100-01-01T00:00:00Z"}]
    assert {"task": 1, "activity": 1, "person_channel": 1, "subject_key": 1}.items() <= receipt["erasedRows"].items()
    assert "note" not in receipt["erasedRows"]

    assert await rows_of(suite, person["id"]) == {"note": 1}
    statement = "SELECT to_jsonb(person)::text AS row FROM person WHERE id = $1"
    (left,) = await rows(suite.stack, "contact", statement, UUID(person["id"]))
    assert "anary" not in left["row"]
    assert "Ada" not in left["row"]
    stripped = (await rest.get(f"/v1/people/{person['id']}")).json()
    assert stripped.keys() <= {
        "id",
        "deleteTime",
        "createTime",
        "updateTime",
        "etag",
        "ownerId",
        "teamId",
        "lifecycleStage",
    }
    notes = (await rest.get("/v1/notes", params={"filter": f'person_id = "{person["id"]}"'})).json()["notes"]
    assert [note["body"] for note in notes] == ["Paid the canary invoice"]

    file, keys = tmp_path / "receipt.json", tmp_path / "keys.json"
    file.write_text(json.dumps(receipt))
    keys.write_text(json.dumps((await rest.get("/v1/receiptKeys")).json()))
    checked = CliRunner().invoke(build(), ["receipt", "verify", str(file), "--key", str(keys)])
    assert checked.exit_code == 0, checked.output
    (claimed,) = json.loads(checked.output)["refusals"]
    assert (claimed["legal_hold_id"], claimed["kept"]) == (hold["id"], ["notes"])


async def test_plt_08_what_was_held_goes_when_the_hold_is_lifted_and_erasure_asked_for_again(
    suite: Suite, rest: httpx2.AsyncClient
) -> None:
    person = await known_person(rest)
    hold = await held(rest, person, "NOTES", "NAMES", "ACTIVITIES")
    first = await erased(rest, person)
    assert await erased(rest, person) == first
    assert (await rest.get(f"/v1/people/{person['id']}")).json()["familyName"] == "Canary"
    assert await rows_of(suite, person["id"]) == {"note": 1, "activity": 1}
    assert (await rest.delete(f"/v1/legalHolds/{hold['id']}")).status_code == 200
    last = await erased(rest, person)
    assert "refusals" not in last
    assert {"person": 1, "note": 1, "activity": 1}.items() <= last["erasedRows"].items()
    assert await rows_of(suite, person["id"]) == {}
    assert await erased(rest, person) == last
    assert (await rest.get(f"/v1/people/{person['id']}")).status_code == 404


async def test_plt_08_nothing_is_told_any_more_of_what_is_held(suite: Suite, rest: httpx2.AsyncClient) -> None:
    person, other = await known_person(rest), await created(rest)
    await held(rest, person, "NOTES")
    await erased(rest, person)
    (note,) = (await rest.get("/v1/notes", params={"filter": f'person_id = "{person["id"]}"'})).json()["notes"]
    assert (await rest.patch(f"/v1/notes/{note['id']}", json={"body": "A canary again"})).status_code == 200
    await posted(rest, "notes", {"personId": other["id"], "body": "Later"})

    async def told() -> None:
        assert (await rows_of(suite, other["id"])).get("timeline_entry") == 2

    await eventually(told)
    assert await rows_of(suite, person["id"]) == {"note": 1}
    (event,) = await rows(
        suite.stack,
        "contact",
        "SELECT payload FROM event WHERE aggregate = $1 ORDER BY id DESC LIMIT 1",
        UUID(note["id"]),
    )
    assert b"anary" not in event["payload"]


async def test_plt_08_a_hold_that_ended_keeps_nothing(suite: Suite, rest: httpx2.AsyncClient) -> None:
    person = await known_person(rest)
    await held(rest, person, "NOTES", untilTime="2020-01-01T00:00:00Z")
    assert "refusals" not in await erased(rest, person)
    assert await rows_of(suite, person["id"]) == {}


async def test_plt_08_a_hold_says_why_and_what(rest: httpx2.AsyncClient) -> None:
    person = await created(rest)
    for fields in ({"reason": " ", "kept": ["HELD_DATA_NOTES"]}, {"reason": "Law"}):
        refused = await rest.post("/v1/legalHolds", json={"personId": person["id"], **fields})
        assert refused.status_code == 400, refused.text
    unknown = await rest.post(
        "/v1/legalHolds", json={"personId": str(uuid4()), "reason": "Law", "kept": ["HELD_DATA_NOTES"]}
    )
    assert unknown.status_code == 400


async def test_plt_08_an_erasure_is_a_case_with_thirty_days_that_closes_with_what_was_kept(
    rest: httpx2.AsyncClient,
) -> None:
    person = await known_person(rest)
    await held(rest, person, "NOTES")
    received = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
    case = await asked(rest, person, "ERASE", receiveTime=received.isoformat())
    assert datetime.fromisoformat(case["dueTime"]) == received + timedelta(days=30)
    path = f"/v1/privacyRequests/{case['id']}"
    early = await rest.post(f"{path}:complete", json={"outcome": "Erased"})
    assert early.json()["reason"] == "PERSON_NOT_ERASED"
    await erased(rest, person)
    unproven = await rest.post(f"{path}:complete", json={"outcome": "Erased"})
    assert unproven.json()["reason"] == "IDENTITY_NOT_PROVEN"
    proven = {"identityProof": "IDENTITY_PROOF_DOCUMENT", "proofReference": "Binder 12"}
    assert (await rest.patch(path, json=proven)).status_code == 200
    done = (await rest.post(f"{path}:complete", json={"outcome": "Erased"})).json()
    assert (done["state"], done["outcome"]) == ("PRIVACY_REQUEST_STATE_COMPLETED", "Erased")
    assert done["refusals"] == [{"what": "notes", "reason": "Tax law, 7 years"}]
    for again in (
        await rest.post(f"{path}:complete", json={}),
        await rest.post(f"{path}:refuse", json={"refusals": [{"what": "All", "reason": "None"}]}),
        await rest.patch(path, json={"proofReference": "Binder 13"}),
    ):
        assert (again.status_code, again.json()["reason"]) == (400, "PRIVACY_REQUEST_CLOSED")


async def test_plt_08_a_request_that_is_not_met_says_why(rest: httpx2.AsyncClient) -> None:
    case = await asked(rest, await created(rest), "OBJECT")
    path = f"/v1/privacyRequests/{case['id']}"
    assert (await rest.post(f"{path}:refuse", json={})).status_code == 400
    why = [{"what": "Invoices", "reason": "Needed for a claim"}]
    refused = (await rest.post(f"{path}:refuse", json={"refusals": why})).json()
    assert (refused["state"], refused["refusals"]) == ("PRIVACY_REQUEST_STATE_REFUSED", why)


async def test_plt_08_overdue_requests_are_found_and_told_of_a_week_before(
    suite: Suite, tenant: Tenant, rest: httpx2.AsyncClient
) -> None:
    person, now = await created(rest), datetime.now(UTC)
    ages = {"overdue": 31, "soon": 24, "fresh": 1}
    cases = {
        name: await asked(rest, person, "ACCESS", receiveTime=(now - timedelta(days=days)).isoformat())
        for name, days in ages.items()
    }
    wanted = f'state = "PRIVACY_REQUEST_STATE_OPEN" AND due_time < "{now.isoformat()}" AND person_id = "{person["id"]}"'
    found = await rest.get("/v1/privacyRequests", params={"filter": wanted, "orderBy": "due_time"})
    assert [case["id"] for case in found.json()["privacyRequests"]] == [cases["overdue"]["id"]]

    async def told() -> None:
        due = await rows(
            suite.stack,
            "contact",
            "SELECT payload FROM event WHERE tenant = $1 AND type = $2",
            UUID(tenant.id),
            PrivacyRequestDue.DESCRIPTOR.full_name,
        )
        facts = {PrivacyRequestDue.FromString(row["payload"]).privacy_request_id for row in due}
        assert {cases["overdue"]["id"], cases["soon"]["id"]} <= facts
        assert cases["fresh"]["id"] not in facts

    await eventually(told)
    (timer,) = await rows(suite.stack, "contact", "SELECT due_at FROM timer WHERE key = $1", cases["fresh"]["id"])
    assert timer["due_at"] == datetime.fromisoformat(cases["fresh"]["dueTime"]) - timedelta(days=7)
    await rest.post(
        f"/v1/privacyRequests/{cases['fresh']['id']}:refuse",
        json={"refusals": [{"what": "All", "reason": "Withdrawn"}]},
    )
    assert await rows(suite.stack, "contact", "SELECT 1 FROM timer WHERE key = $1", cases["fresh"]["id"]) == []


async def test_plt_08_managers_keep_cases_and_holds_and_sellers_see_none(
    tenant: Tenant, rest: httpx2.AsyncClient
) -> None:
    person = await created(rest)
    await asked(rest, person, "PORT")
    await held(rest, person, "TASKS")
    for role, status in (("manager", 200), ("rep", 403)):
        async with (await tenant.user(role)).rest() as user:
            for collection in ("privacyRequests", "legalHolds"):
                listed = await user.get(f"/v1/{collection}")
                assert (listed.status_code, bool(listed.json().get(collection))) == (status, status == 200)
