"""People through REST and gRPC: what CON-01 promises, and what every resource does."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from rapport.contact.v1 import people_pb2 as pb
from rapport.identity.v1 import users_pb2
from rapport_kit.errors import Invalid, Stale
from tests.callers import Suite, Tenant
from tests.eventually import eventually
from tests.people import created, events_of, violations, word

EDITORS = 100


async def test_con_01_a_person_comes_back_as_it_was_created(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    given = {
        "givenName": "Zoë",
        "familyName": "Ångström",
        "middleName": "Q.",
        "namePrefix": "Dr.",
        "nameSuffix": "Jr.",
        "gender": "she",
        "birthDate": {"month": 2, "day": 29},
        "locale": "sv-SE",
        "timeZone": "Europe/Stockholm",
        "lifecycleStage": "LIFECYCLE_STAGE_CUSTOMER",
        "jobTitle": "Physicist",
        "annotations": {"badge": "17"},
    }
    made = await created(rest, **given)
    read = (await rest.get(f"/v1/people/{made['id']}")).json()
    wired = await tenant.admin.person.get_person(pb.GetPersonRequest(id=made["id"]))
    assert read == made
    assert {key: read[key] for key in given} == given
    assert read["displayName"] == "Dr. Zoë Q. Ångström Jr."
    assert (wired.given_name, wired.birth_date.month, wired.birth_date.year) == ("Zoë", 2, 0)
    assert read["ownerId"] == tenant.admin.id
    assert read["etag"] == '"1"'


async def test_con_01_every_write_names_the_version_it_was_made_of(rest: httpx2.AsyncClient) -> None:
    made = await created(rest)
    path = f"/v1/people/{made['id']}"
    changed = await rest.patch(path, json={"jobTitle": "One"}, headers={"If-Match": made["etag"]})
    stale = await rest.patch(path, json={"jobTitle": "Two"}, headers={"If-Match": made["etag"]})
    in_body = await rest.patch(path, json={"jobTitle": "Two", "etag": made["etag"]})
    deletion = await rest.delete(path, headers={"If-Match": made["etag"]})
    any_version = await rest.patch(path, json={"jobTitle": "Three"}, headers={"If-Match": "*"})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert [stale.status_code, in_body.status_code, deletion.status_code] == [412, 409, 412]
    assert {answer.json()["reason"] for answer in (stale, in_body, deletion)} == {"ETAG_MISMATCH"}
    assert any_version.json()["etag"] == '"3"'


async def test_con_01_a_stale_etag_is_refused_over_grpc(tenant: Tenant, rest: httpx2.AsyncClient) -> None:
    made = await created(rest)
    person = pb.Person(id=made["id"], etag='"7"', job_title="Never")
    with pytest.raises(Stale) as refusal:
        await tenant.admin.person.update_person(pb.UpdatePersonRequest(person=person))
    assert (refusal.value.code, refusal.value.reason) == ("ABORTED", "ETAG_MISMATCH")


async def test_con_01_an_unchanged_person_need_not_be_read_again(rest: httpx2.AsyncClient) -> None:
    made = await created(rest)
    path = f"/v1/people/{made['id']}"
    same = await rest.get(path, headers={"If-None-Match": made["etag"]})
    other = await rest.get(path, headers={"If-None-Match": '"9"'})
    assert (same.status_code, same.content, other.status_code) == (304, b"", 200)


async def patient(ask: Callable[[], Awaitable[httpx2.Response]]) -> httpx2.Response:
    """The answer of a service that has a connection free: on a loaded machine it may ask for another try (429)."""
    while (answer := await ask()).status_code == 429:
        await asyncio.sleep(float(answer.headers["retry-after"]))
    return answer


async def test_con_01_no_update_of_a_hundred_editors_is_lost(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    made = await created(rest)
    path = f"/v1/people/{made['id']}"

    async def edit(editor: int) -> int:
        seen = (await patient(lambda: rest.get(path))).headers["etag"]
        title, condition = {"jobTitle": f"Editor {editor}"}, {"If-Match": seen}
        return (await patient(lambda: rest.patch(path, json=title, headers=condition))).status_code

    outcomes = Counter(await asyncio.gather(*(edit(editor) for editor in range(EDITORS))))
    final = (await rest.get(path)).json()
    assert set(outcomes) <= {200, 412}
    assert final["etag"] == f'"{outcomes[200] + 1}"'
    assert await events_of(tenant, made["id"]) == list(range(1, outcomes[200] + 2))


async def test_con_01_editors_without_an_etag_all_succeed_in_some_order(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    made = await created(rest)
    path = f"/v1/people/{made['id']}"

    async def edit(editor: int) -> httpx2.Response:
        return await patient(lambda: rest.patch(path, json={"jobTitle": f"Editor {editor}"}))

    answers = await asyncio.gather(*(edit(editor) for editor in range(30)))
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["etag"] for answer in answers} == {f'"{n}"' for n in range(2, 32)}
    assert await events_of(tenant, made["id"]) == list(range(1, 32))


async def test_con_01_only_what_the_mask_names_is_changed(rest: httpx2.AsyncClient) -> None:
    made = await created(rest, jobTitle="Before", gender="they")
    path = f"/v1/people/{made['id']}"
    body = {"jobTitle": "After", "gender": "ignored"}
    masked = (await rest.patch(path, params={"update_mask": "jobTitle"}, json=body)).json()
    assert (masked["jobTitle"], masked["gender"]) == ("After", "they")
    cleared = (await rest.patch(path, params={"update_mask": "job_title,gender"}, json={})).json()
    assert "jobTitle" not in cleared
    assert "gender" not in cleared
    assert cleared["familyName"] == made["familyName"]


async def test_con_01_a_display_name_that_was_made_of_the_names_follows_them(rest: httpx2.AsyncClient) -> None:
    made = (await rest.post("/v1/people", json={"givenName": "Ada", "familyName": "Byron"})).json()
    married = (await rest.patch(f"/v1/people/{made['id']}", json={"familyName": "Lovelace"})).json()
    assert (made["displayName"], married["displayName"]) == ("Ada Byron", "Ada Lovelace")


async def test_con_01_a_display_name_that_somebody_chose_stays(rest: httpx2.AsyncClient) -> None:
    names = {"givenName": "Ada", "familyName": "Byron", "displayName": "The Countess"}
    made = (await rest.post("/v1/people", json=names)).json()
    married = (await rest.patch(f"/v1/people/{made['id']}", json={"familyName": "Lovelace"})).json()
    assert married["displayName"] == "The Countess"


async def test_con_01_a_star_replaces_everything_that_may_be_set(rest: httpx2.AsyncClient) -> None:
    made = await created(rest, jobTitle="Before")
    replaced = await rest.patch(
        f"/v1/people/{made['id']}", params={"update_mask": "*"}, json={"givenName": "Only", "ownerId": made["ownerId"]}
    )
    assert replaced.json()["givenName"] == "Only"
    assert "jobTitle" not in replaced.json()
    assert replaced.json()["createTime"] == made["createTime"]


async def test_con_01_a_null_clears_a_field(rest: httpx2.AsyncClient) -> None:
    made = await created(rest, birthDate={"year": 1990, "month": 5, "day": 17})
    cleared = await rest.patch(f"/v1/people/{made['id']}", json={"birthDate": None})
    assert "birthDate" not in cleared.json()


@pytest.mark.parametrize("path", ["no_such_field", "id", "create_time", "channels.label"])
async def test_con_01_a_mask_that_names_what_cannot_be_changed_is_refused(
    path: str, rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    made = await created(rest)
    request = pb.UpdatePersonRequest(person=pb.Person(id=made["id"]), update_mask=FieldMask(paths=[path]))
    with pytest.raises(Invalid) as refusal:
        await tenant.admin.person.update_person(request)
    assert refusal.value.violations[0].field.startswith("update_mask")


async def test_con_01_a_change_that_changes_nothing_leaves_no_trace(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    made = await created(rest, jobTitle="Same")
    same = await rest.patch(f"/v1/people/{made['id']}", json={"jobTitle": "Same"})
    assert same.json() == made
    assert await events_of(tenant, made["id"]) == [1]


async def test_con_01_what_is_deleted_lies_in_the_trash_until_it_is_brought_back(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    made = await created(rest)
    path, ids = f"/v1/people/{made['id']}", {"filter": f'family_name = "{made["familyName"]}"'}
    deleted = (await rest.delete(path)).json()
    assert "deleteTime" in deleted
    assert (await rest.get(path)).json() == deleted
    assert (await rest.get("/v1/people", params=ids)).json().get("people", []) == []
    shown = (await rest.get("/v1/people", params=ids | {"show_deleted": "true"})).json()
    assert [person["id"] for person in shown["people"]] == [made["id"]]
    assert (await rest.patch(path, json={"jobTitle": "Ghost"})).json()["reason"] == "PERSON_DELETED"
    assert (await rest.delete(path)).json()["reason"] == "PERSON_DELETED"
    back = await rest.post(f"{path}:undelete", json={})
    again = await rest.post(f"{path}:undelete", json={})
    assert "deleteTime" not in back.json()
    assert (again.status_code, again.json()["reason"]) == (409, "PERSON_NOT_DELETED")
    assert [person["id"] for person in (await rest.get("/v1/people", params=ids)).json()["people"]] == [made["id"]]
    assert await events_of(tenant, made["id"]) == [1, 2, 3]


async def test_con_01_the_past_of_a_person_can_be_read(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    made = await created(rest, jobTitle="First")
    path = f"/v1/people/{made['id']}"
    await rest.patch(path, json={"jobTitle": "Second"})
    await rest.delete(path)
    first = (await rest.get(f"{path}:listRevisions", params={"page_size": 2})).json()
    rest_of_it = (
        await rest.get(f"{path}:listRevisions", params={"page_size": 2, "page_token": first["nextPageToken"]})
    ).json()
    revisions = [*first["revisions"], *rest_of_it["revisions"]]
    assert [revision["snapshot"]["etag"] for revision in revisions] == ['"3"', '"2"', '"1"']
    assert [revision["snapshot"]["jobTitle"] for revision in revisions] == ["Second", "Second", "First"]
    assert revisions[1]["updateMask"] == "jobTitle"
    assert {revision["actor"] for revision in revisions} == {tenant.admin.id}
    assert "nextPageToken" not in rest_of_it


async def test_con_01_an_owner_is_an_active_user_of_the_tenant(suite: Suite, tenant: Tenant) -> None:
    colleague, stranger = await tenant.user("rep"), (await suite.open_tenant("strangers")).admin
    async with tenant.admin.rest() as rest:
        for owner in (stranger.id, str(uuid4())):
            refused = await rest.post("/v1/people", json={"givenName": "Whose", "ownerId": owner})
            assert violations(refused) == {"person.owner_id": "OWNER_UNKNOWN"}

        async def given_to_the_colleague() -> dict[str, Any]:
            answer = await rest.post("/v1/people", json={"givenName": "Theirs", "ownerId": colleague.id})
            assert answer.status_code == 200
            made: dict[str, Any] = answer.json()
            return made

        made = await eventually(given_to_the_colleague)  # contact hears of users by event
        assert made["ownerId"] == colleague.id
        await tenant.admin.user.deactivate_user(users_pb2.DeactivateUserRequest(id=colleague.id))

        async def refused_since_the_colleague_left() -> None:
            answer = await rest.post("/v1/people", json={"givenName": "Late", "ownerId": colleague.id})
            assert answer.status_code == 400

        await eventually(refused_since_the_colleague_left)


async def test_con_01_an_external_id_is_unique_in_its_tenant_only(rest: httpx2.AsyncClient, suite: Suite) -> None:
    known = [{"system": "erp", "value": word()}]
    made = await created(rest, externalIds=known)
    twice = await rest.post("/v1/people", json={"givenName": "Twin", "externalIds": known})
    assert (twice.status_code, twice.json()["reason"]) == (409, "ALREADY_EXISTS")
    assert made["id"] not in twice.text
    async with (await suite.open_tenant("elsewhere")).admin.rest() as elsewhere:
        assert (await elsewhere.post("/v1/people", json={"givenName": "Twin", "externalIds": known})).status_code == 200
    await rest.patch(f"/v1/people/{made['id']}", json={"externalIds": []})
    assert (await rest.post("/v1/people", json={"givenName": "Twin", "externalIds": known})).status_code == 200


async def test_con_01_lists_are_filtered_ordered_counted_and_paged(rest: httpx2.AsyncClient) -> None:
    family = word()
    names = ["Eva", "Ada", "Ben", "Dan", "Cyd"]
    for name in names:
        await created(rest, givenName=name, familyName=family, lifecycleStage="LIFECYCLE_STAGE_LEAD")
    asked = {
        "filter": f'family_name = "{family}" AND lifecycle_stage = LIFECYCLE_STAGE_LEAD AND NOT given_name = "Ben"',
        "order_by": "given_name desc",
        "page_size": "3",
        "include_total_size": "true",
    }
    first = (await rest.get("/v1/people", params=asked)).json()
    second = (await rest.get("/v1/people", params=asked | {"page_token": first["nextPageToken"]})).json()
    assert [person["givenName"] for person in first["people"]] == ["Eva", "Dan", "Cyd"]
    assert [person["givenName"] for person in second["people"]] == ["Ada"]
    assert (first["totalSize"], "nextPageToken" in second) == (4, False)
    newest_first = (await rest.get("/v1/people", params={"filter": f'family_name = "{family}"'})).json()
    assert [person["givenName"] for person in newest_first["people"]] == names[::-1]


@pytest.mark.parametrize(
    ("asked", "reason", "field"),
    [
        ({"filter": "no_such_field = 1"}, "INVALID_FILTER", "filter"),
        ({"filter": 'family_name = "'}, "INVALID_FILTER", "filter"),
        ({"order_by": "gender"}, "INVALID_ORDER_BY", "order_by"),
        ({"page_size": "-1"}, "INVALID_PAGE_SIZE", "page_size"),
        ({"page_token": "AAAA"}, "INVALID_PAGE_TOKEN", "page_token"),
    ],
)
async def test_con_01_a_list_that_cannot_be_is_refused_with_the_field(
    asked: dict[str, str], reason: str, field: str, rest: httpx2.AsyncClient
) -> None:
    answer = await rest.get("/v1/people", params=asked)
    assert (answer.status_code, violations(answer)) == (400, {field: reason})


async def test_con_01_people_are_found_by_name_mail_phone_and_company(rest: httpx2.AsyncClient) -> None:
    company = (await rest.post("/v1/organisations", json={"displayName": f"Company {word()}"})).json()
    family, mailbox = word(), f"{word()}@found.example".lower()
    made = await created(
        rest,
        givenName="Märta",
        familyName=family,
        organisationId=company["id"],
        channels=[{"email": {"address": mailbox}}, {"phone": {"number": "+44 20 7946 0958"}}],
    )
    queries = (family, family[:8].upper(), f"marta {family}", mailbox, mailbox[:9], "02079460958", "+442079460958")
    for query in (*queries, company["displayName"], company["displayName"].split()[1]):
        found = (await rest.get("/v1/people:search", params={"query": query})).json()
        assert made["id"] in {person["id"] for person in found.get("people", [])}, query
    nothing = (await rest.get("/v1/people:search", params={"query": f"{family} nobody"})).json()
    assert nothing.get("people", []) == []
    await rest.delete(f"/v1/people/{made['id']}")
    gone = (await rest.get("/v1/people:search", params={"query": family})).json()
    assert gone.get("people", []) == []


async def test_con_01_many_are_read_at_once_in_the_order_asked(rest: httpx2.AsyncClient) -> None:
    ids = [(await created(rest))["id"] for _ in range(3)]
    asked = [ids[2], ids[0], ids[1]]
    found = (await rest.get("/v1/people:batchGet", params=[("ids", each) for each in asked])).json()
    missing = await rest.get("/v1/people:batchGet", params=[("ids", each) for each in (ids[0], str(uuid4()))])
    assert [person["id"] for person in found["people"]] == asked
    assert (missing.status_code, missing.json()["reason"]) == (404, "PERSON_NOT_FOUND")


@pytest.mark.parametrize(
    ("person", "field"),
    [
        ({}, "person.display_name"),
        ({"givenName": "x" * 101}, "person.given_name"),
        ({"givenName": "x", "locale": "not a locale"}, "person.locale"),
        ({"givenName": "x", "timeZone": "Mars/Olympus"}, "person.time_zone"),
        ({"givenName": "x", "birthDate": {"year": 2023, "month": 2, "day": 29}}, "person.birth_date"),
        ({"givenName": "x", "birthDate": {"year": 2127, "month": 3, "day": 1}}, "person.birth_date"),
        ({"givenName": "x", "organisationId": "7"}, "person.organisation_id"),
        ({"givenName": "x", "organisationId": "01890a5d-ac96-774b-bcce-b302099a8057"}, "person.organisation_id"),
        ({"givenName": "x", "externalIds": [{"system": "erp"}]}, "person.external_ids[0].value"),
        ({"givenName": "x", "channels": [{"label": "work"}]}, "person.channels[0].address"),
        ({"givenName": "x", "channels": [{"phone": {"number": "12"}}]}, "person.channels[0].phone.number"),
    ],
)
async def test_con_01_bad_input_is_refused_with_the_field(
    person: dict[str, Any], field: str, rest: httpx2.AsyncClient
) -> None:
    answer = await rest.post("/v1/people", json=person)
    assert answer.status_code == 400, answer.text
    assert set(violations(answer)) == {field}
