"""Duplicates through REST: on creation, on request, among all who are stored, and what was decided of them (CON-17)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import pytest_asyncio

from rapport.contact.v1 import people_pb2 as pb
from rapport.identity.v1 import roles_pb2
from tests.callers import Suite, Tenant
from tests.eventually import eventually
from tests.people import created, violations

CANDIDATES = "/v1/duplicateCandidates"
COMPANIES = "/v1/organisationDuplicateCandidates"
POLICY = "/v1/matchPolicy"
BORN = {"year": 1906, "month": 12, "day": 9}


@pytest_asyncio.fixture(loop_scope="session")
async def tenant(suite: Suite) -> Tenant:
    return await suite.open_tenant("twins")


@pytest_asyncio.fixture(loop_scope="session")
async def rest(tenant: Tenant) -> AsyncIterator[httpx2.AsyncClient]:
    """Not the module's: nobody of one test is to be a duplicate in another."""
    async with tenant.admin.rest() as client:
        yield client


def email(address: str) -> list[dict[str, Any]]:
    return [{"email": {"address": address}}]


async def company(rest: httpx2.AsyncClient, name: str) -> str:
    answer = await rest.post("/v1/organisations", json={"displayName": name})
    return str(answer.json()["id"])


async def scanned(rest: httpx2.AsyncClient, path: str = CANDIDATES) -> list[dict[str, Any]]:
    """All pairs of a kind, once everything has been compared."""
    started = await rest.post(f"{CANDIDATES}:scan", json={})
    assert started.status_code == 200, started.text

    async def ended() -> None:
        scan = (await rest.get("/v1/duplicateScan")).json()
        assert "endTime" in scan, scan

    await eventually(ended)
    return await listed(rest, path)


async def listed(rest: httpx2.AsyncClient, path: str = CANDIDATES, **query: str) -> list[dict[str, Any]]:
    answer = await rest.get(path, params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json().get(path.removeprefix("/v1/"), [])
    return found


def people_of(pair: dict[str, Any]) -> set[str]:
    return {pair["personId"], pair["otherPersonId"]}


async def test_con_17_those_in_the_trash_keep_nobody_from_being_found_and_who_comes_back_is(
    rest: httpx2.AsyncClient,
) -> None:
    twin = {"givenName": "Ada", "familyName": "Okafor", "birthDate": BORN, "channels": email("ada@okafor.example")}
    crowd = [await created(rest, **twin) for _ in range(12)]
    for each in crowd:
        assert (await rest.delete(f"/v1/people/{each['id']}")).status_code == 200
    first = await created(rest, **twin)
    second = await created(rest, **twin)
    assert [each["personId"] for each in second["duplicateCandidates"]] == [first["id"]]
    await rest.post(f"/v1/people/{crowd[0]['id']}:undelete", json={})
    third = await created(rest, **twin)
    assert {each["personId"] for each in third["duplicateCandidates"]} == {
        each["id"] for each in (first, second, crowd[0])
    }


async def test_con_17_bob_of_acme_is_told_to_be_robert_of_acme_inc(rest: httpx2.AsyncClient) -> None:
    robert = await created(
        rest, givenName="Robert", familyName="Andrews", organisationId=await company(rest, "Acme Inc")
    )
    bob = await created(rest, givenName="Bob", familyName="Andrews", organisationId=await company(rest, "ACME"))
    (candidate,) = bob["duplicateCandidates"]
    reasons = {reason["field"]: reason["method"] for reason in candidate["reasons"]}
    policy = (await rest.get(POLICY)).json()
    assert policy["mode"] == "MATCH_MODE_WARN"
    assert candidate["personId"] == robert["id"]
    assert candidate["score"] >= policy["reviewScore"]
    assert (reasons["given_name"], reasons["organisation"]) == ("nickname", "company_suffix")
    assert "duplicateCandidates" not in (await rest.get(f"/v1/people/{bob['id']}")).json()


async def test_con_17_a_company_is_known_by_its_name_and_by_its_domain(rest: httpx2.AsyncClient) -> None:
    acme = (await rest.post("/v1/organisations", json={"displayName": "Acme Inc", "domains": ["acme.example"]})).json()
    again = (
        await rest.post("/v1/organisations", json={"displayName": "ACME", "channels": email("a@acme.example")})
    ).json()
    (candidate,) = again["duplicateCandidates"]
    reasons = {reason["field"]: reason["method"] for reason in candidate["reasons"]}
    assert (candidate["organisationId"], "personId" in candidate) == (acme["id"], False)
    assert reasons == {"name": "company_suffix", "domain": "exact"}
    asked = {"organisation": {"displayName": "The Acme Corporation"}}
    found = (await rest.post("/v1/organisations:findDuplicates", json=asked)).json()["duplicateCandidates"]
    itself = (await rest.post("/v1/organisations:findDuplicates", json={"organisation": again})).json()
    assert {each["organisationId"] for each in found} == {acme["id"], again["id"]}
    assert [each["organisationId"] for each in itself["duplicateCandidates"]] == [acme["id"]]
    (pair,) = await scanned(rest, COMPANIES)
    scan = (await rest.get("/v1/duplicateScan")).json()
    assert {pair["organisationId"], pair["otherOrganisationId"]} == {acme["id"], again["id"]}
    assert (scan["scannedOrganisations"], scan.get("scanned")) == ("2", None)
    decided = await rest.post(f"{COMPANIES}/{pair['id']}:decide", json={"state": "DUPLICATE_STATE_DIFFERENT"})
    assert decided.status_code == 200, decided.text
    (still,) = await scanned(rest, COMPANIES)
    assert still["state"] == "DUPLICATE_STATE_DIFFERENT"
    await rest.patch(f"/v1/organisations/{acme['id']}", json={"domains": ["acme.example", "acme2.example"]})
    (open_,) = await scanned(rest, COMPANIES)
    assert open_["state"] == "DUPLICATE_STATE_OPEN"


async def test_con_17_a_known_company_is_refused_where_the_policy_says_so(rest: httpx2.AsyncClient) -> None:
    await rest.patch(POLICY, json={"mode": "MATCH_MODE_BLOCK", "weights": {"tax_id": 2}})
    acme = {"displayName": "Acme GmbH", "taxIds": [{"country": "DE", "value": "DE123456789"}]}
    known = (await rest.post("/v1/organisations", json=acme)).json()
    refused = await rest.post("/v1/organisations", json=acme)
    insisted = await rest.post("/v1/organisations", json=acme, params={"allow_duplicate": "true"})
    assert [refused.status_code, insisted.status_code] == [409, 200]
    assert (refused.json()["reason"], known["id"] in refused.text) == ("ORGANISATION_DUPLICATE", True)
    await rest.patch(POLICY, json={"mode": "MATCH_MODE_ALLOW"})
    unasked = (await rest.post("/v1/organisations", json=acme)).json()
    assert "duplicateCandidates" not in unasked


async def test_con_17_a_person_need_not_be_stored_to_be_looked_for(rest: httpx2.AsyncClient) -> None:
    ada = await created(rest, givenName="Ada", familyName="Okafor", channels=email("ada@brightwater.example"))
    asked = {"person": {"givenName": "Okafor", "familyName": "Ada", "channels": email("ADA@brightwater.example")}}
    found = (await rest.post("/v1/people:findDuplicates", json=asked)).json()["duplicateCandidates"]
    itself = await rest.post("/v1/people:findDuplicates", json={"person": ada})
    nobody = await rest.post("/v1/people:findDuplicates", json={"person": {"givenName": "No", "familyName": "Body"}})
    assert [each["personId"] for each in found] == [ada["id"]]
    assert itself.json() == nobody.json() == {}


async def test_con_17_a_duplicate_is_refused_where_the_policy_says_so(rest: httpx2.AsyncClient) -> None:
    changed = await rest.patch(POLICY, json={"mode": "MATCH_MODE_BLOCK"})
    assert changed.status_code == 200, changed.text
    known = await created(rest, givenName="Ada", familyName="Okafor", channels=email("ada@brightwater.example"))
    again = {"givenName": "Ada", "familyName": "Okafor", "channels": email("ada@brightwater.example")}
    refused = await rest.post("/v1/people", json=again)
    several = await rest.post("/v1/people:batchCreate", json={"requests": [{"person": again}, {"person": again}]})
    insisted = await rest.post("/v1/people", json=again, params={"allow_duplicate": "true"})
    assert [refused.status_code, several.status_code, insisted.status_code] == [409, 409, 200]
    assert refused.json()["reason"] == "PERSON_DUPLICATE"
    assert known["id"] in refused.text
    assert [each["personId"] for each in insisted.json()["duplicateCandidates"]] == [known["id"]]


async def test_con_17_nothing_is_looked_up_where_the_policy_allows_duplicates(rest: httpx2.AsyncClient) -> None:
    await rest.patch(POLICY, json={"mode": "MATCH_MODE_ALLOW"})
    twins = [await created(rest, givenName="Ada", familyName="Okafor", channels=email("a@b.example")) for _ in "ab"]
    assert "duplicateCandidates" not in twins[1]
    (pair,) = await scanned(rest)
    assert people_of(pair) == {each["id"] for each in twins}


async def test_con_17_people_of_one_batch_are_compared_with_one_another(rest: httpx2.AsyncClient) -> None:
    again = {"givenName": "Ada", "familyName": "Okafor", "channels": email("ada@brightwater.example")}
    answer = await rest.post("/v1/people:batchCreate", json={"requests": [{"person": again}, {"person": again}]})
    first, second = answer.json()["people"]
    assert "duplicateCandidates" not in first
    assert [each["personId"] for each in second["duplicateCandidates"]] == [first["id"]]


async def test_con_17_what_is_stored_is_compared_and_listed_by_score(rest: httpx2.AsyncClient) -> None:
    ada = [await created(rest, givenName="Ada", familyName="Okafor", channels=email("ada@b.example")) for _ in "ab"]
    sure = [
        await created(rest, givenName=name, familyName="Meier", birthDate={"year": 1980, "month": 2, "day": 19})
        for name in ("Katherine", "Kathreine")
    ]
    await created(rest, givenName="Somebody", familyName="Else")
    pairs = await scanned(rest)
    scan = (await rest.get("/v1/duplicateScan")).json()
    assert [people_of(pair) for pair in pairs] == [{each["id"] for each in ada}, {each["id"] for each in sure}]
    assert [pair["score"] for pair in pairs] == sorted((pair["score"] for pair in pairs), reverse=True)
    assert {pair["state"] for pair in pairs} == {"DUPLICATE_STATE_OPEN"}
    assert scan["scanned"] == "5"
    assert await scanned(rest) == pairs  # a second scan finds nothing new, and changes nothing


async def test_con_17_a_pair_decided_different_comes_back_only_when_somebody_changes(rest: httpx2.AsyncClient) -> None:
    twins = [await created(rest, givenName="Ada", familyName="Okafor", channels=email("a@b.example")) for _ in "ab"]
    (pair,) = await scanned(rest)
    decided = (await rest.post(f"{CANDIDATES}/{pair['id']}:decide", json={"state": "DUPLICATE_STATE_DIFFERENT"})).json()
    assert (decided["state"], "decideTime" in decided) == ("DUPLICATE_STATE_DIFFERENT", True)
    path = f"/v1/people/{twins[0]['id']}"
    await rest.patch(path, json={"jobTitle": "Physicist"})
    (still,) = await scanned(rest)
    assert still["state"] == "DUPLICATE_STATE_DIFFERENT"
    await rest.patch(path, json={"birthDate": {"year": 1980, "month": 2, "day": 19}})
    (again,) = await scanned(rest)
    assert (again["state"], again["id"], "decidedBy" in again) == ("DUPLICATE_STATE_OPEN", pair["id"], False)


async def test_con_17_a_pair_that_agrees_no_more_is_withdrawn(rest: httpx2.AsyncClient) -> None:
    twins = [await created(rest, givenName="Ada", familyName="Okafor", channels=email("a@b.example")) for _ in "ab"]
    (pair,) = await scanned(rest)
    await rest.delete(f"/v1/people/{twins[0]['id']}")
    assert await scanned(rest) == []
    refused = await rest.post(f"{CANDIDATES}/{pair['id']}:decide", json={"state": "DUPLICATE_STATE_SAME"})
    assert (refused.status_code, refused.json()["reason"]) == (400, "DUPLICATE_CANDIDATE_DELETED")
    await rest.post(f"/v1/people/{twins[0]['id']}:undelete", json={})
    (back,) = await scanned(rest)
    assert back["id"] == pair["id"]


async def test_con_17_what_was_changed_is_found_under_its_new_name(rest: httpx2.AsyncClient) -> None:
    made = await created(rest, givenName="Ada", familyName="Lovelace", channels=email("ada@old.example"))
    await rest.patch(f"/v1/people/{made['id']}", json={"channels": email("ada@new.example")})
    found = {}
    for address in ("ada@old.example", "ada@new.example"):
        asked = {"person": {"givenName": "Augusta", "familyName": "King", "channels": email(address)}}
        found[address] = (await rest.post("/v1/people:findDuplicates", json=asked)).json()
    assert found["ada@old.example"] == {}
    assert [each["personId"] for each in found["ada@new.example"]["duplicateCandidates"]] == [made["id"]]


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"reviewScore": 1.5}, "match_policy.review_score", "OUT_OF_RANGE"),
        ({"reviewScore": 0.9, "blockScore": 0.8}, "match_policy.block_score", "OUT_OF_RANGE"),
        ({"weights": {"email": 3}}, "match_policy.weights[email]", "OUT_OF_RANGE"),
        ({"weights": {"shoe_size": 1}}, "match_policy.weights[shoe_size]", "UNKNOWN_FIELD"),
    ],
)
async def test_con_17_a_policy_out_of_bounds_is_refused(
    change: dict[str, Any], field: str, reason: str, rest: httpx2.AsyncClient
) -> None:
    answer = await rest.patch(POLICY, json=change)
    assert answer.status_code == 400
    assert violations(answer)[field] == reason


async def test_con_17_the_tenants_thresholds_and_weights_decide(rest: httpx2.AsyncClient) -> None:
    await created(rest, givenName="Ada", familyName="Okafor")
    asked = {"person": {"givenName": "Ada", "familyName": "Okafor"}}
    found = [(await rest.post("/v1/people:findDuplicates", json=asked)).json()]
    for change in ({"reviewScore": 0.9}, {"reviewScore": 0.5, "weights": {"family_name": 0.5}}):
        changed = await rest.patch(POLICY, json=change)
        assert changed.status_code == 200, changed.text
        found.append((await rest.post("/v1/people:findDuplicates", json=asked)).json())
    assert [len(each.get("duplicateCandidates", [])) for each in found] == [1, 0, 0]
    policy = (await rest.get(POLICY)).json()
    stale = await rest.patch(POLICY, json={"reviewScore": 0.7, "etag": '"1"'})
    assert (policy["etag"], stale.status_code) == ('"2"', 409)


async def test_con_17_a_manager_sees_the_policy_that_holds_and_cannot_change_it_for_everybody(
    suite: Suite,
) -> None:
    tenant = await suite.open_tenant("governed")
    async with tenant.admin.rest() as rest, (await tenant.user("manager")).rest() as manager:
        for score in (0.9, 0.8):
            kept = await manager.patch(POLICY, json={"reviewScore": 0.6})
            assert (kept.status_code, kept.json()["reason"]) == (403, "PERMISSION_DENIED")
            await rest.patch(POLICY, json={"reviewScore": score})
            assert (await manager.get(POLICY)).json()["reviewScore"] == score


async def test_con_17_nobody_is_told_of_people_out_of_sight(tenant: Tenant, rest: httpx2.AsyncClient) -> None:
    await rest.patch(POLICY, json={"mode": "MATCH_MODE_BLOCK"})
    grants = [
        roles_pb2.Grant(permission="contact.people.*", scope=roles_pb2.SCOPE_OWN),
        roles_pb2.Grant(permission="contact.organisations.*", scope=roles_pb2.SCOPE_OWN),
        roles_pb2.Grant(permission="contact.duplicate_candidates.*", scope=roles_pb2.SCOPE_OWN),
        roles_pb2.Grant(permission="contact.organisation_duplicate_candidates.*", scope=roles_pb2.SCOPE_OWN),
        roles_pb2.Grant(permission="identity.api_keys.*", scope=roles_pb2.SCOPE_OWN),
    ]
    role = roles_pb2.Role(key="own-people", display_name="Own people", grants=grants)
    await tenant.admin.role.create_role(roles_pb2.CreateRoleRequest(role=role))
    solo = await tenant.user("own-people")
    person = {"givenName": "Ada", "familyName": "Okafor", "channels": email("ada@b.example")}
    await created(rest, **person)
    acme = {"displayName": "Acme", "domains": ["acme.example"]}
    await rest.post("/v1/organisations", json=acme)
    async with solo.rest() as own:
        likely = await own.post("/v1/organisations:findDuplicates", json={"organisation": acme})
        other = await own.post("/v1/organisations", json=acme)
        found = await own.post("/v1/people:findDuplicates", json={"person": person})
        made = await own.post("/v1/people", json=person)
        grace = {"givenName": "Grace", "familyName": "Hopper", "birthDate": BORN}
        insist = {"allow_duplicate": "true"}
        ours = [(await own.post("/v1/people", json=grace, params=insist)).json() for _ in "ab"]
        assert len(await scanned(rest)) == 2
        assert len(await listed(rest, COMPANIES)) == 1
        assert await listed(own, COMPANIES) == []
        seen = await listed(own)
    assert found.json() == likely.json() == {}
    assert (other.status_code, "duplicateCandidates" in other.json()) == (200, False)
    assert made.status_code == 200
    assert "duplicateCandidates" not in made.json()
    assert [people_of(pair) for pair in seen] == [{each["id"] for each in ours}]


async def test_con_17_another_tenants_people_are_nobodys_duplicates(suite: Suite, rest: httpx2.AsyncClient) -> None:
    person = {"givenName": "Ada", "familyName": "Okafor", "channels": email(f"{uuid4().hex}@b.example")}
    await created(rest, **person)
    other = await suite.open_tenant("others")
    async with other.admin.rest() as elsewhere:
        found = await elsewhere.post("/v1/people:findDuplicates", json={"person": person})
        made = await created(elsewhere, **person)
        pairs = await scanned(elsewhere)
    assert found.json() == {}
    assert "duplicateCandidates" not in made
    assert pairs == []


async def test_con_17_a_decision_over_grpc_names_who_decided(tenant: Tenant, rest: httpx2.AsyncClient) -> None:
    for _ in "ab":
        await created(rest, givenName="Ada", familyName="Okafor", channels=email("a@b.example"))
    (pair,) = await scanned(rest)
    path = f"{CANDIDATES}/{pair['id']}:decide"
    unsaid = await rest.post(path, json={})
    decided = await rest.post(path, json={"state": "DUPLICATE_STATE_SAME", "etag": pair["etag"]})
    stale = await rest.post(path, json={"state": "DUPLICATE_STATE_OPEN", "etag": pair["etag"]})
    assert [unsaid.status_code, decided.status_code, stale.status_code] == [400, 200, 409]
    assert decided.json()["decidedBy"] == tenant.admin.id
    found = await tenant.admin.person.find_duplicates(
        pb.FindDuplicatesRequest(person=pb.Person(given_name="Ada", family_name="Okafor"))
    )
    assert len(found.duplicate_candidates) == 2
