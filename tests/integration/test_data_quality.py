"""Data quality through REST (CON-19): a score by the tenant's weights, with what to do about it."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from rapport.identity.v1 import roles_pb2
from rapport_contact.handlers import data_quality
from tests.callers import Tenant
from tests.databases import rows
from tests.eventually import eventually
from tests.people import created, got, posted, violations, word

WEIGHTS = {"email": 40, "phone": 20, "owner": 40}
LONG_AGO = "UPDATE person SET update_time = update_time - interval '2 minutes' WHERE tenant = $1"
"""The sweep leaves the last minute to its next round."""
UNSEEN = "UPDATE data_quality SET evaluation_time = evaluation_time - interval '8 days' WHERE tenant = $1"
RESTING = """
SELECT 1 FROM timer
 WHERE tenant = $1 AND kind = 'contact.data_quality.sweep' AND key = 'people' AND due_at > now() + interval '10 s'
"""


async def weigh(rest: httpx2.AsyncClient, tenant: Tenant, weights: dict[str, int]) -> httpx2.Response:
    path = f"/v1/tenants/{tenant.id}/contactSettings?updateMask=personQualityWeights"
    return await rest.patch(path, json={"personQualityWeights": weights})


async def quality(rest: httpx2.AsyncClient, record: dict[str, Any], collection: str = "people") -> dict[str, Any]:
    return await got(rest, f"{collection}/{record['id']}/dataQuality")


def mail(address: str = "") -> dict[str, Any]:
    return {"email": {"address": address or f"{word()}@people.example"}}


def reasons(found: dict[str, Any]) -> list[str]:
    return [issue["reason"] for issue in found.get("issues", [])]


async def test_con_19_a_missing_phone_costs_what_the_tenant_says(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    await weigh(rest, tenant, WEIGHTS)
    person = await created(rest, channels=[mail()])
    found = await quality(rest, person)
    assert (found["score"], found["completeness"], found["validity"]) == (80, 80, 100)
    assert found["issues"] == [{"reason": "phone_missing", "cost": 20, "message": "Ask for a phone number."}]
    await rest.patch(f"/v1/people/{person['id']}", json={"channels": [mail(), {"phone": {"number": "+442079460100"}}]})
    assert (await quality(rest, person))["score"] == 100
    await weigh(rest, tenant, {})


async def test_con_19_bounced_shared_and_missing_data_is_told_with_what_to_do(rest: httpx2.AsyncClient) -> None:
    address = f"{word()}@shared.example"
    one = await created(rest, channels=[mail(address) | {"bouncedTime": "2026-01-01T00:00:00Z"}])
    alone = await quality(rest, one)
    await created(rest, channels=[mail(address)])
    shared = await quality(rest, one)
    assert "email_bounced" in reasons(alone)
    assert "shared_address" not in reasons(alone)
    assert "shared_address" in reasons(shared)
    assert [shared.get(name, 0) for name in ("uniqueness", "validity", "freshness")] == [0, 0, 100]
    assert shared["score"] < alone["score"]
    company = await posted(rest, "organisations", {"displayName": word(), "domains": ["own.example"]})
    assert "address_missing" in reasons(await quality(rest, company, "organisations"))


async def test_con_19_the_worst_are_listed_first_once_they_were_looked_at(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    good = await created(rest, channels=[mail()])
    bad = await created(rest, familyName="", givenName="Only")
    await rows(tenant.suite.stack, "contact", LONG_AGO, tenant.id)
    await weigh(rest, tenant, {"name": 50, "email": 50})

    async def listed() -> list[str]:
        answer = await rest.get("/v1/people:listDataQualities", params={"pageSize": 1000})
        found = {each["personId"]: each.get("score", 0) for each in answer.json().get("dataQualities", [])}
        assert (found.get(good["id"]), found.get(bad["id"])) == (100, 0)
        assert list(found.values()) == sorted(found.values())
        return list(found)

    order = await eventually(listed)
    assert order.index(bad["id"]) < order.index(good["id"])
    asked: dict[str, Any] = {"pageSize": 1, "issue": "name_missing"}
    only = (await rest.get("/v1/people:listDataQualities", params=asked)).json()["dataQualities"]
    assert [each["personId"] for each in only] == [bad["id"]]
    unknown = await rest.get("/v1/people:listDataQualities", params={"issue": "tax_id_missing"})
    assert violations(unknown) == {"issue": "UNKNOWN_ISSUE"}
    await weigh(rest, tenant, {})


async def test_con_19_whoever_lists_only_their_own_sees_no_score_of_another(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    grants = [
        roles_pb2.Grant(permission="contact.people.get", scope=roles_pb2.SCOPE_ALL),
        roles_pb2.Grant(permission="contact.people.list", scope=roles_pb2.SCOPE_OWN),
        roles_pb2.Grant(permission="identity.api_keys.*", scope=roles_pb2.SCOPE_OWN),
    ]
    role = roles_pb2.Role(key="own-list", display_name="Own list", grants=grants)
    await tenant.admin.role.create_role(roles_pb2.CreateRoleRequest(role=role))
    lister = await tenant.user("own-list")
    theirs = await eventually(lambda: created(rest, ownerId=lister.id), AssertionError)  # once contact knows them
    other = await created(rest)
    await rows(tenant.suite.stack, "contact", LONG_AGO, tenant.id)
    await weigh(rest, tenant, WEIGHTS)

    async def seen(client: httpx2.AsyncClient) -> set[str]:
        answer = await client.get("/v1/people:listDataQualities", params={"pageSize": 1000})
        return {each["personId"] for each in answer.json().get("dataQualities", [])}

    async def looked_at() -> None:
        assert {theirs["id"], other["id"]} <= await seen(rest)

    await eventually(looked_at)
    async with lister.rest() as own:
        assert await seen(own) == {theirs["id"]}
    await weigh(rest, tenant, {})


async def test_con_19_who_is_in_the_trash_is_not_looked_at_and_leaves_the_sweep_its_rest(
    rest: httpx2.AsyncClient, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_quality, "SLICE", 2)
    one, other, survivor = [await created(rest) for _ in range(3)]
    await rows(tenant.suite.stack, "contact", LONG_AGO, tenant.id)
    await weigh(rest, tenant, WEIGHTS)

    async def kept(*people: dict[str, Any]) -> None:
        ids = {each["id"] for each in people}
        measured = await rows(tenant.suite.stack, "contact", "SELECT id FROM data_quality WHERE tenant = $1", tenant.id)
        assert {str(row["id"]) for row in measured} & {one["id"], other["id"], survivor["id"]} == ids
        assert await rows(tenant.suite.stack, "contact", RESTING, tenant.id)

    await eventually(lambda: kept(one, other, survivor))
    await rest.delete(f"/v1/people/{one['id']}")
    await posted(rest, f"people/{survivor['id']}:merge", {"ids": [other["id"]]})
    await rows(tenant.suite.stack, "contact", UNSEEN, tenant.id)
    await weigh(rest, tenant, {})
    await eventually(lambda: kept(survivor))


async def test_con_19_weights_that_are_none_are_refused(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    unknown, negative, nothing = [
        await weigh(rest, tenant, weights) for weights in ({"shoe_size": 1}, {"email": -1}, {"email": 0})
    ]
    assert violations(unknown) == {"contact_settings.person_quality_weights": "UNKNOWN_CHECK"}
    assert violations(negative) == {"contact_settings.person_quality_weights.email": "OUT_OF_RANGE"}
    assert violations(nothing) == {"contact_settings.person_quality_weights": "NO_WEIGHT"}
