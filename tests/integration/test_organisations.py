"""Organisations through REST: what CON-01 and CON-02 promise of them, above all that their tree stays one."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from rapport_contact.domain.organisation import MAX_LEVELS

PATH = "/v1/organisations"


async def created(rest: httpx2.AsyncClient, **organisation: Any) -> dict[str, Any]:
    answer = await rest.post(PATH, json={"displayName": f"O{uuid4().hex[:12]}"} | organisation)
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def move(rest: httpx2.AsyncClient, organisation: dict[str, Any], parent: dict[str, Any]) -> httpx2.Response:
    return await rest.patch(f"{PATH}/{organisation['id']}", json={"parentId": parent["id"]})


async def test_con_01_an_organisation_comes_back_as_it_was_created(rest: httpx2.AsyncClient) -> None:
    given = {
        "displayName": "Bücher & Söhne",
        "legalName": "Bücher & Söhne GmbH",
        "domains": ["Bücher.example", "shop.example."],
        "industry": "Retail",
        "sizeBand": "SIZE_BAND_11_TO_50",
        "annualRevenue": {"currencyCode": "EUR", "units": "1250000", "nanos": 500000000},
        "taxIds": [{"country": "DE", "value": "DE123456789"}],
        "channels": [{"website": {"uri": "bücher.example"}}],
        "externalIds": [{"system": "erp", "value": uuid4().hex}],
    }
    made = await created(rest, **given)
    read = (await rest.get(f"{PATH}/{made['id']}")).json()
    assert read == made
    derived = {"domains": ["xn--bcher-kva.example", "shop.example"], "channels": made["channels"]}
    assert {key: made[key] for key in given} == given | derived
    assert made["channels"][0]["normalized"] == "https://xn--bcher-kva.example"


async def test_con_01_a_child_cannot_become_the_parent_of_its_parent(rest: httpx2.AsyncClient) -> None:
    a = await created(rest)
    b = await created(rest, parentId=a["id"])
    c = await created(rest, parentId=b["id"])
    for parent in (b, c):
        answer = await move(rest, a, parent)
        assert (answer.status_code, answer.json()["reason"]) == (400, "ORGANISATION_CYCLE")
    assert (await rest.get(f"{PATH}/{a['id']}")).json() == a
    itself = await move(rest, a, a)
    assert (itself.status_code, itself.json()["reason"]) == (400, "CYCLE")


async def test_con_01_two_moves_at_once_cannot_close_a_cycle(rest: httpx2.AsyncClient) -> None:
    for _ in range(5):
        a, b = await created(rest), await created(rest)
        answers = await asyncio.gather(move(rest, a, b), move(rest, b, a))
        assert sorted(answer.status_code for answer in answers) == [200, 400]


async def test_con_01_the_tree_has_at_most_twenty_levels(rest: httpx2.AsyncClient) -> None:
    chain = [await created(rest)]
    for _ in range(MAX_LEVELS - 1):
        chain.append(await created(rest, parentId=chain[-1]["id"]))
    below = await rest.post(PATH, json={"displayName": "Too deep", "parentId": chain[-1]["id"]})
    above = await move(rest, chain[0], await created(rest))
    assert [below.json()["reason"], above.json()["reason"]] == ["ORGANISATION_TOO_DEEP"] * 2
    halves = await move(rest, chain[10], await created(rest))
    assert halves.status_code == 200


async def test_con_01_a_parent_must_exist(rest: httpx2.AsyncClient) -> None:
    answer = await rest.post(PATH, json={"displayName": "Orphan", "parentId": str(uuid4())})
    assert answer.status_code == 400
    assert answer.json()["violations"][0] | {"message": ""} == {
        "field": "organisation.parent_id",
        "reason": "NOT_FOUND",
        "message": "",
    }


async def test_con_01_a_parent_is_taken_away_by_clearing_it(rest: httpx2.AsyncClient) -> None:
    child = await created(rest, parentId=(await created(rest))["id"])
    freed = await rest.patch(f"{PATH}/{child['id']}", params={"update_mask": "parent_id"}, json={})
    assert "parentId" not in freed.json()


async def test_con_01_organisations_are_filtered_and_ordered(rest: httpx2.AsyncClient) -> None:
    industry = f"I{uuid4().hex[:10]}"
    for name in ("Beta", "Alpha", "Gamma"):
        await created(rest, displayName=name, industry=industry)
    asked = {"filter": f'industry = "{industry}" AND display_name < "C"', "order_by": "display_name"}
    found = (await rest.get(PATH, params=asked | {"include_total_size": "true"})).json()
    assert [each["displayName"] for each in found["organisations"]] == ["Alpha", "Beta"]
    assert found["totalSize"] == 2


async def test_con_01_an_organisation_is_deleted_brought_back_and_remembers(rest: httpx2.AsyncClient) -> None:
    made = await created(rest)
    path = f"{PATH}/{made['id']}"
    assert "deleteTime" in (await rest.delete(path)).json()
    assert "deleteTime" not in (await rest.post(f"{path}:undelete", json={})).json()
    revisions = (await rest.get(f"{path}:listRevisions")).json()["revisions"]
    assert [revision["updateMask"] for revision in revisions[:2]] == ["deleteTime", "deleteTime"]
    assert [revision["snapshot"]["etag"] for revision in revisions] == ['"3"', '"2"', '"1"']


async def test_con_02_an_organisation_has_one_primary_of_each_kind(rest: httpx2.AsyncClient) -> None:
    mails = [{"email": {"address": f"{name}@one.example"}, "primary": True} for name in ("a", "b", "c")]
    made = await created(rest, channels=[*mails, {"phone": {"number": "+442079460000"}}])
    assert [channel.get("primary", False) for channel in made["channels"]] == [False, False, True, True]


@pytest.mark.parametrize("domain", ["no domain", "localhost", "a..example", "-"])
async def test_con_02_what_is_no_domain_is_refused(domain: str, rest: httpx2.AsyncClient) -> None:
    answer = await rest.post(PATH, json={"displayName": "x", "domains": ["ok.example", domain]})
    assert [each["field"] for each in answer.json()["violations"]] == ["organisation.domains[1]"]
