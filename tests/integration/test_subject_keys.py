"""What leaves a person's row can be read with that person's key alone (PLT-07)."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx2
import nats
import pytest
import pytest_asyncio
from nats.aio.client import Client

from rapport.contact.v1.events_pb2 import PersonChanged
from rapport_kit.auth.principal import Principal
from rapport_kit.database import Database
from rapport_kit.domain import uuid7
from rapport_kit.errors import Unavailable
from rapport_kit.privacy import remote
from rapport_kit.privacy.cipher import Boxes, Key
from rapport_kit.privacy.remote import RemoteSubjectKeys, boxes_between_services, knowing
from rapport_kit.schema import Schema
from rapport_kit.uow import UnitOfWork
from tests.callers import Suite, Tenant
from tests.databases import rows
from tests.people import created


class ReaderUnitOfWork(UnitOfWork):
    """Of a service that keeps nothing about people."""

    schema = Schema("reader")


@pytest_asyncio.fixture(loop_scope="session")
async def broker(suite: Suite) -> AsyncIterator[Client]:
    client = await nats.connect(suite.stack.environment["RAPPORT_NATS_URL"])
    yield client
    await client.close()


def asking(suite: Suite, tenant: Tenant, broker: Client, boxes: Boxes | None = None) -> UnitOfWork:
    """A unit of work of another service in this installation; it needs no database for this."""
    secret = suite.stack.environment["RAPPORT_PAGE_TOKEN_KEYS"].encode()
    keys = RemoteSubjectKeys(broker, boxes or boxes_between_services([secret]))
    principal = Principal(tenant=UUID(tenant.id), subject=uuid4(), grants={})
    return knowing(ReaderUnitOfWork, keys)(Database("postgresql://nowhere/nothing"), principal)


async def event_of(suite: Suite, person: str) -> PersonChanged:
    statement = "SELECT payload FROM event WHERE aggregate = $1 ORDER BY id LIMIT 1"
    ((payload,),) = await rows(suite.stack, "contact", statement, UUID(person))
    return PersonChanged.FromString(payload)


async def test_plt_07_an_event_shows_what_is_public_and_another_service_can_open_the_rest(
    suite: Suite, tenant: Tenant, rest: httpx2.AsyncClient, broker: Client
) -> None:
    made = await created(rest, gender="she", locale="sv-SE")
    event = await event_of(suite, made["id"])
    assert (event.person.id, event.person.locale) == (made["id"], "sv-SE")
    assert (event.person.family_name, event.person.gender) == ("", "")
    await asking(suite, tenant, broker).privacy.open(event)
    assert (event.person.family_name, event.person.gender) == (made["familyName"], "she")
    assert not event.HasField("sealed")


async def test_plt_07_the_past_of_a_person_is_opened_for_who_may_read_it(rest: httpx2.AsyncClient) -> None:
    made = await created(rest, jobTitle="First")
    await rest.patch(f"/v1/people/{made['id']}", json={"jobTitle": "Second"})
    revisions = (await rest.get(f"/v1/people/{made['id']}:listRevisions")).json()["revisions"]
    assert [each["snapshot"]["jobTitle"] for each in revisions] == ["Second", "First"]
    assert {each["snapshot"]["familyName"] for each in revisions} == {made["familyName"]}


async def test_plt_07_a_kept_answer_is_sealed_and_still_the_same(suite: Suite, rest: httpx2.AsyncClient) -> None:
    body, key = {"givenName": f"kept{secrets.token_hex(4)}"}, {"Idempotency-Key": str(uuid7())}
    first = await rest.post("/v1/people", json=body, headers=key)
    again = await rest.post("/v1/people", json=body, headers=key)
    assert again.json() == first.json()
    statement = "SELECT response FROM request WHERE key = $1"
    ((kept,),) = await rows(suite.stack, "contact", statement, key["Idempotency-Key"])
    assert first.json()["id"].encode() in kept
    assert body["givenName"].encode() not in kept


async def test_plt_07_keys_are_those_of_the_tenant_that_is_asked_for(
    suite: Suite, tenant: Tenant, rest: httpx2.AsyncClient, broker: Client
) -> None:
    event = await event_of(suite, (await created(rest))["id"])
    stranger = await suite.open_tenant("stranger")
    await asking(suite, stranger, broker).privacy.open(event)
    assert event.person.family_name == ""
    assert event.HasField("sealed")


async def test_plt_07_who_is_no_service_of_the_installation_gets_no_key(
    suite: Suite, tenant: Tenant, broker: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "REPLY_TIMEOUT", 0.3)
    with pytest.raises(Unavailable):
        await asking(suite, tenant, broker, Boxes([Key(os.urandom(32))])).privacy.fetch([uuid4()])


async def test_plt_07_what_is_sensitive_is_stored_so_that_only_whole_values_can_be_found(
    suite: Suite, rest: httpx2.AsyncClient
) -> None:
    gender = f"canary{secrets.token_hex(4)}"
    made = await created(rest, gender=gender, birthDate={"year": 1815, "month": 12, "day": 10})
    other = await created(rest)
    statement = "SELECT person::text FROM person WHERE id = $1"
    ((row,),) = await rows(suite.stack, "contact", statement, UUID(made["id"]))
    assert made["familyName"] in row
    assert gender not in row
    assert gender.encode().hex() not in row
    assert "1815-12-10" not in row

    async def found(wanted: str) -> set[str]:
        answer = await rest.get("/v1/people", params={"filter": wanted, "page_size": 1000})
        assert answer.status_code == 200, answer.text
        return {person["id"] for person in answer.json().get("people", [])} & {made["id"], other["id"]}

    assert await found(f'gender = "{gender}"') == {made["id"]}
    assert await found(f'gender != "{gender}"') == {other["id"]}
    assert await found(f'NOT gender = "{gender}"') == {other["id"]}
    assert await found('gender = ""') == {other["id"]}
    assert await found("gender:*") == {made["id"]}
    assert await found("birth_date = 1815-12-10") == {made["id"]}
    assert await found("birth_date != 1815-12-11") == {made["id"]}


@pytest.mark.parametrize(
    "asked",
    [{"filter": "birth_date > 1900-01-01"}, {"filter": 'gender = "s*"'}, {"order_by": "birth_date"}],
)
async def test_plt_07_what_is_sensitive_has_no_order_and_no_beginning(
    asked: dict[str, str], rest: httpx2.AsyncClient
) -> None:
    answer = await rest.get("/v1/people", params=asked)
    assert (answer.status_code, answer.json()["reason"][:8]) == (400, "INVALID_")


async def test_plt_07_what_is_sensitive_is_read_and_changed_as_anything_else(rest: httpx2.AsyncClient) -> None:
    made = await created(rest, gender="they", jobTitle="First")
    path = f"/v1/people/{made['id']}"
    changed = (await rest.patch(path, json={"birthDate": {"month": 2, "day": 29}})).json()
    assert (changed["gender"], changed["birthDate"], changed["etag"]) == ("they", {"month": 2, "day": 29}, '"2"')
    cleared = (await rest.patch(path, params={"update_mask": "gender"}, json={})).json()
    assert "gender" not in cleared
    assert (await rest.get(path)).json() == cleared
    listed = (await rest.get("/v1/people:batchGet", params=[("ids", made["id"])])).json()
    assert listed["people"] == [cleared]
