"""A request with an idempotency key takes effect once, however often and however concurrently it is sent."""

from __future__ import annotations

import asyncio
import time
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from rapport.contact.v1 import people_pb2
from rapport_kit.errors import Invalid
from tests.callers import Caller, Tenant
from tests.walls import locked_row

REPLAYS = 50


def keyed(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}


async def count(caller: Caller, family_name: str) -> int:
    """How many people have this family name, the trash included."""
    found = await caller.person.list_people(
        people_pb2.ListPeopleRequest(
            filter=f'family_name = "{family_name}"', show_deleted=True, include_total_size=True
        )
    )
    return int(found.total_size)


async def timed_gets(rest: httpx2.AsyncClient, path: str) -> tuple[list[httpx2.Response], float]:
    """The answers to five gets, one after the other, and the seconds they took."""
    began = time.perf_counter()
    answers = [await rest.get(path) for _ in range(5)]
    return answers, time.perf_counter() - began


def name() -> str:
    return f"Once-{uuid4().hex}"


async def test_fifty_replays_at_once_have_one_effect_and_one_answer(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    family_name, key = name(), str(uuid4())
    body = {"givenName": "Una", "familyName": family_name}
    answers = await asyncio.gather(*(rest.post("/v1/people", json=body, headers=keyed(key)) for _ in range(REPLAYS)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert await count(tenant.admin, family_name) == 1


async def test_replays_do_not_starve_other_requests(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    """The first request is held up by a row lock of somebody else, so that all its replays wait for it."""
    person = (await rest.post("/v1/people", json={"familyName": name()})).json()
    key = str(uuid4())
    path = f"/v1/people/{person['id']}"
    _, alone = await timed_gets(rest, path)
    async with locked_row(tenant, person["id"]):
        replays = [
            asyncio.create_task(rest.patch(path, json={"jobTitle": "Locksmith"}, headers=keyed(key)))
            for _ in range(REPLAYS)
        ]
        await asyncio.sleep(0.5)
        assert not any(replay.done() for replay in replays)
        plain, took = await timed_gets(rest, path)
    answers = await asyncio.gather(*replays)
    assert [answer.status_code for answer in plain] == [200] * 5
    assert took < 5 * alone + 0.5, f"{REPLAYS} waiting replays slowed gets down from {alone:.2f} to {took:.2f} s"
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["etag"] for answer in answers} == {'"2"'}


async def test_the_same_key_with_another_body_is_refused(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    family_name, key = name(), str(uuid4())
    first = await rest.post("/v1/people", json={"familyName": family_name}, headers=keyed(key))
    other = await rest.post("/v1/people", json={"familyName": family_name, "givenName": "Else"}, headers=keyed(key))
    problem = other.json()
    assert first.status_code == 200
    assert (other.status_code, other.headers["content-type"]) == (422, "application/problem+json")
    assert [violation["field"] for violation in problem["violations"]] == ["request_id"]
    assert problem["reason"] == problem["violations"][0]["reason"]
    assert await count(tenant.admin, family_name) == 1


async def test_the_same_key_for_another_operation_is_refused(rest: httpx2.AsyncClient) -> None:
    key = str(uuid4())
    person = await rest.post("/v1/people", json={"familyName": name()}, headers=keyed(key))
    deletion = await rest.delete(f"/v1/people/{person.json()['id']}", headers=keyed(key))
    assert deletion.status_code == 422


async def test_a_replay_is_answered_as_the_first_was_after_the_record_changed(rest: httpx2.AsyncClient) -> None:
    key = str(uuid4())
    first = await rest.post("/v1/people", json={"familyName": name()}, headers=keyed(key))
    await rest.patch(f"/v1/people/{first.json()['id']}", json={"givenName": "Later"})
    again = await rest.post("/v1/people", json=first.json(), headers=keyed(key))
    assert again.status_code == 422, "what the server adds is another body"
    replay = await rest.post("/v1/people", json={"familyName": first.json()["familyName"]}, headers=keyed(key))
    assert replay.content == first.content


async def test_a_refused_request_leaves_its_key_free(rest: httpx2.AsyncClient) -> None:
    key = str(uuid4())
    refused = await rest.post("/v1/people", json={"givenName": ""}, headers=keyed(key))
    accepted = await rest.post("/v1/people", json={"givenName": "Second try"}, headers=keyed(key))
    assert (refused.status_code, accepted.status_code) == (400, 200)


async def test_a_key_belongs_to_one_caller(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    family_name, key = name(), str(uuid4())
    colleague = await tenant.user("marketer")
    async with colleague.rest() as other:
        mine = await rest.post("/v1/people", json={"familyName": family_name}, headers=keyed(key))
        theirs = await other.post("/v1/people", json={"familyName": family_name}, headers=keyed(key))
    assert (mine.status_code, theirs.status_code) == (200, 200)
    assert mine.json()["id"] != theirs.json()["id"]
    assert await count(tenant.admin, family_name) == 2


async def test_a_key_that_is_no_uuid_works_as_well(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    family_name, key = name(), f"order-{uuid4().hex}"
    answers = [await rest.post("/v1/people", json={"familyName": family_name}, headers=keyed(key)) for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert await count(tenant.admin, family_name) == 1


async def test_what_is_only_validated_is_not_written(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    family_name, key = name(), str(uuid4())
    checked = await rest.post(
        "/v1/people", params={"validate_only": "true"}, json={"familyName": family_name}, headers=keyed(key)
    )
    assert checked.status_code == 200
    assert checked.json()["familyName"] == family_name
    assert await count(tenant.admin, family_name) == 0
    # Nor is the key used up.
    real = await rest.post("/v1/people", json={"familyName": family_name}, headers=keyed(key))
    assert real.status_code == 200
    assert await count(tenant.admin, family_name) == 1


async def test_a_change_that_is_only_validated_is_not_written(rest: httpx2.AsyncClient) -> None:
    person = (await rest.post("/v1/people", json={"familyName": name()})).json()
    path = f"/v1/people/{person['id']}"
    changed = await rest.patch(path, params={"validate_only": "true"}, json={"givenName": "Perhaps"})
    deleted = await rest.delete(path, params={"validate_only": "true"})
    assert changed.json()["givenName"] == "Perhaps"
    assert "deleteTime" in deleted.json()
    assert (await rest.get(path)).json() == person


async def test_a_batch_with_one_bad_line_writes_nothing_and_names_the_line(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    family_name = name()
    good: dict[str, Any] = {"person": {"familyName": family_name}}
    bad = {"person": {"familyName": family_name, "channels": [{"email": {"address": "no address"}}]}}
    answer = await rest.post("/v1/people:batchCreate", json={"requests": [good, good, bad, good]})
    assert answer.status_code == 400
    assert [violation["field"] for violation in answer.json()["violations"]] == [
        "requests[2].person.channels[0].email.address"
    ]
    assert await count(tenant.admin, family_name) == 0


async def test_a_batch_with_a_taken_external_id_writes_nothing(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    family_name, taken = name(), uuid4().hex
    line = {"person": {"familyName": family_name, "externalIds": [{"system": "erp", "value": taken}]}}
    answer = await rest.post("/v1/people:batchCreate", json={"requests": [line, line]})
    assert answer.status_code == 409
    assert await count(tenant.admin, family_name) == 0


async def test_a_batch_is_created_once(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    family_name, key = name(), str(uuid4())
    body = {"requests": [{"person": {"familyName": family_name, "givenName": str(n)}} for n in range(20)]}
    answers = await asyncio.gather(
        *(rest.post("/v1/people:batchCreate", json=body, headers=keyed(key)) for _ in range(4))
    )
    assert len({answer.content for answer in answers}) == 1
    assert [person["givenName"] for person in answers[0].json()["people"]] == [str(n) for n in range(20)]
    assert await count(tenant.admin, family_name) == 20


async def test_a_key_inside_a_batch_is_refused(tenant: Tenant) -> None:
    request = people_pb2.BatchCreatePeopleRequest(
        requests=[people_pb2.CreatePersonRequest(person=people_pb2.Person(given_name="x"), request_id=str(uuid4()))]
    )
    with pytest.raises(Invalid) as refusal:
        await tenant.admin.person.batch_create_people(request)
    assert [violation.field for violation in refusal.value.violations] == ["requests[0]"]
