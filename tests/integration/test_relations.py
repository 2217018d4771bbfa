"""Relations through REST (CON-08): directed, typed with an inverse, and safe when records are merged."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.callers import Tenant
from tests.people import created, listed, posted, violations, word

ATTRIBUTES = {
    "title": "CTO",
    "startDate": {"year": 2024, "month": 4, "day": 1},
    "endDate": {"year": 2029, "month": 3, "day": 31},
    "strength": 7,
}
"""What a relation is beside its ends."""


async def account(rest: httpx2.AsyncClient) -> dict[str, Any]:
    return await posted(rest, "organisations", {"displayName": f"Account {word()}"})


async def related(rest: httpx2.AsyncClient, person: dict[str, Any], kind: str, **more: Any) -> dict[str, Any]:
    return await posted(rest, "relations", {"personId": person["id"], "type": f"RELATION_TYPE_{kind}"} | more)


async def seen_from(rest: httpx2.AsyncClient, collection: str, id_: str, **asked: Any) -> list[dict[str, Any]]:
    return await listed(rest, f"{collection}/{id_}/relationships", asked)


async def test_con_08_a_relation_has_a_title_and_is_read_from_both_ends(rest: httpx2.AsyncClient) -> None:
    person, company = await created(rest), await account(rest)
    given = {
        "toOrganisationId": company["id"],
        "title": "CTO",
        "startDate": {"year": 2024, "month": 4, "day": 1},
        "strength": 80,
    }
    made = await related(rest, person, "EMPLOYEE", **given)
    assert {key: made[key] for key in given} == given
    (from_person,) = await seen_from(rest, "people", person["id"])
    (from_company,) = await seen_from(rest, "organisations", company["id"])
    assert from_person["relation"] == from_company["relation"] == made
    assert (from_person["role"], from_person["otherOrganisationId"]) == ("RELATION_TYPE_EMPLOYER", company["id"])
    assert from_person["otherDisplayName"] == company["displayName"]
    assert (from_company["role"], from_company["otherPersonId"]) == ("RELATION_TYPE_EMPLOYEE", person["id"])
    assert from_company["otherDisplayName"] == person["displayName"]


async def test_con_08_somebody_works_for_several_organisations_with_a_title_at_each(rest: httpx2.AsyncClient) -> None:
    person = await created(rest)
    titles = {}
    for title in ("CTO", "Board member", "Adviser"):
        company = await account(rest)
        titles[company["id"]] = title
        await related(rest, person, "EMPLOYEE", toOrganisationId=company["id"], title=title)
    found = {
        each["otherOrganisationId"]: each["relation"]["title"] for each in await seen_from(rest, "people", person["id"])
    }
    assert found == titles
    first = await rest.get(f"/v1/people/{person['id']}/relationships", params={"pageSize": 2})
    token = first.json()["nextPageToken"]
    second = await seen_from(rest, "people", person["id"], pageSize=2, pageToken=token)
    assert [len(first.json()["relationships"]), len(second)] == [2, 1]


@pytest.mark.parametrize(
    ("kind", "inverse"), [("PARENT", "CHILD"), ("SPOUSE", "SPOUSE"), ("REPORT", "MANAGER"), ("ADVISER", "CLIENT")]
)
async def test_con_08_people_are_related_to_one_another(rest: httpx2.AsyncClient, kind: str, inverse: str) -> None:
    one, other = await created(rest), await created(rest)
    await related(rest, one, kind, toPersonId=other["id"])
    (seen_by_one,) = await seen_from(rest, "people", one["id"])
    (seen_by_other,) = await seen_from(rest, "people", other["id"])
    assert (seen_by_one["role"], seen_by_one["otherPersonId"]) == (f"RELATION_TYPE_{inverse}", other["id"])
    assert (seen_by_other["role"], seen_by_other["otherPersonId"]) == (f"RELATION_TYPE_{kind}", one["id"])


async def test_con_08_what_has_ended_is_history(rest: httpx2.AsyncClient) -> None:
    person, company = await created(rest), await account(rest)
    past = {"startDate": {"year": 2019, "month": 1, "day": 1}, "endDate": {"year": 2020, "month": 12, "day": 31}}
    await related(rest, person, "EMPLOYEE", toOrganisationId=company["id"], **past)
    assert len(await seen_from(rest, "people", person["id"])) == 1
    assert await seen_from(rest, "people", person["id"], currentOnly=True) == []


async def test_con_08_the_title_survives_when_account_2_is_merged_into_1_and_parts_from_it(
    rest: httpx2.AsyncClient,
) -> None:
    person, first, second = await created(rest), await account(rest), await account(rest)
    made = await related(rest, person, "EMPLOYEE", toOrganisationId=second["id"], **ATTRIBUTES)
    merge = await posted(rest, f"organisations/{first['id']}:merge", {"ids": [second["id"]]})
    for seen_as in (first, second):
        (seen,) = await seen_from(rest, "organisations", seen_as["id"])
        assert seen["relation"] == made | {"toOrganisationId": first["id"]}
        assert {key: seen["relation"][key] for key in ATTRIBUTES} == ATTRIBUTES
    (from_person,) = await seen_from(rest, "people", person["id"])
    assert (from_person["otherOrganisationId"], from_person["relation"]["title"]) == (first["id"], "CTO")
    await posted(rest, "organisations:unmerge", {"mergeId": merge["id"]})
    (restored,) = await seen_from(rest, "organisations", second["id"])
    assert restored["relation"] == made
    assert await seen_from(rest, "organisations", first["id"]) == []


async def test_con_08_the_title_survives_when_the_person_is_merged_into_another_and_parts_again(
    rest: httpx2.AsyncClient,
) -> None:
    survivor, loser, friend = [await created(rest) for _ in range(3)]
    company = await account(rest)
    made = await related(rest, loser, "EMPLOYEE", toOrganisationId=company["id"], **ATTRIBUTES)
    known = await related(rest, friend, "SIBLING", toPersonId=loser["id"], strength=90)
    merge = await posted(rest, f"people/{survivor['id']}:merge", {"ids": [loser["id"]]})
    (from_company,) = await seen_from(rest, "organisations", company["id"])
    assert from_company["relation"] == made | {"personId": survivor["id"]}
    (from_friend,) = await seen_from(rest, "people", friend["id"])
    assert from_friend["relation"] == known | {"toPersonId": survivor["id"]}
    assert len(await seen_from(rest, "people", survivor["id"])) == 2
    await posted(rest, "people:unmerge", {"mergeId": merge["id"]})
    restored = await seen_from(rest, "people", loser["id"])
    assert {each["relation"]["id"]: each["relation"] for each in restored} == {made["id"]: made, known["id"]: known}
    assert await seen_from(rest, "people", survivor["id"]) == []


async def test_con_08_ends_that_do_not_fit_the_type_are_refused(rest: httpx2.AsyncClient) -> None:
    person, company = await created(rest), await account(rest)
    base = {"personId": person["id"], "type": "RELATION_TYPE_SPOUSE"}
    to_company = await rest.post("/v1/relations", json=base | {"toOrganisationId": company["id"]})
    to_self = await rest.post("/v1/relations", json=base | {"toPersonId": person["id"]})
    to_nobody = await rest.post("/v1/relations", json=base)
    unknown = await rest.post("/v1/relations", json=base | {"toPersonId": company["id"]})
    assert [violations(each) for each in (to_company, to_self, to_nobody, unknown)] == [
        {"relation.type": "INVALID_TYPE"},
        {"relation.to_person_id": "SAME_PERSON"},
        {"relation.to_person_id": "ONE_TARGET"},
        {"relation.to_person_id": "NOT_FOUND"},
    ]


async def test_con_08_whoever_may_not_see_the_person_sees_no_relations(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    person, company = await created(rest), await account(rest)
    made = await related(rest, person, "EMPLOYEE", toOrganisationId=company["id"])
    rep = await tenant.user("rep")
    async with rep.rest() as other:
        answers = [
            await other.get(f"/v1/people/{person['id']}/relationships"),
            await other.get(f"/v1/relations/{made['id']}"),
        ]
        own = await created(other)
        foreign = {"personId": own["id"], "type": "RELATION_TYPE_SIBLING", "toPersonId": person["id"]}
        refused = await other.post("/v1/relations", json=foreign)
    assert [each.status_code for each in answers] == [404, 404]
    assert violations(refused) == {"relation.to_person_id": "NOT_FOUND"}
