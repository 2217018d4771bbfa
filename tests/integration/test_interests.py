"""What people are interested in, through REST (CON-06): stated, inferred from events, and fading."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from tests.callers import Tenant
from tests.people import created, facts, posted, violations, word


async def a_topic(rest: httpx2.AsyncClient, **more: str) -> str:
    return str((await posted(rest, "interestTopics", {"displayName": word()} | more))["id"])


async def stated(rest: httpx2.AsyncClient, person: dict[str, Any], topic: str, strength: float) -> dict[str, Any]:
    body = {"personId": person["id"], "interestTopicId": topic, "strength": strength}
    return await posted(rest, "interests", body)


async def clicked(
    rest: httpx2.AsyncClient, person: dict[str, Any], topic: str, event: str, days_ago: float = 0, strength: float = 0.4
) -> dict[str, Any]:
    occurred = (datetime.now(UTC) - timedelta(days=days_ago)).isoformat()
    body = {"interestTopicId": topic, "eventId": event, "strength": strength, "occurTime": occurred}
    return await posted(rest, f"people/{person['id']}:inferInterest", body)


async def counting(rest: httpx2.AsyncClient, person: dict[str, Any]) -> dict[str, tuple[float, str, list[str]]]:
    """By topic: strength, source and evidence."""
    answer = await rest.get(f"/v1/people/{person['id']}:resolveInterests")
    assert answer.status_code == 200, answer.text
    return {
        each["interestTopicId"]: (
            each.get("strength", 0.0),
            each["source"].removeprefix("INTEREST_SOURCE_"),
            each.get("evidenceEventIds", []),
        )
        for each in answer.json().get("interests", [])
    }


async def test_con_06_not_interested_stays_so_whatever_is_inferred(rest: httpx2.AsyncClient) -> None:
    person, golf = await created(rest), await a_topic(rest)
    for n in range(3):
        await clicked(rest, person, golf, f"click/{n}", days_ago=3 - n)
    strength, source, evidence = (await counting(rest, person))[golf]
    assert (0.4 < strength < 1, source, evidence) == (True, "INFERRED", ["click/0", "click/1", "click/2"])
    said = await stated(rest, person, golf, 0)
    assert (said["strength"], said["source"]) == (0, "INTEREST_SOURCE_STATED")
    assert await counting(rest, person) == {golf: (0, "STATED", [])}
    assert (await clicked(rest, person, golf, "click/3", strength=1))["id"] == said["id"]
    assert await counting(rest, person) == {golf: (0, "STATED", [])}


async def test_con_06_the_newest_statement_counts_until_it_is_withdrawn(rest: httpx2.AsyncClient) -> None:
    person, golf = await created(rest), await a_topic(rest)
    await clicked(rest, person, golf, "click/1")
    await stated(rest, person, golf, 0.2)
    newest = await stated(rest, person, golf, 0.9)
    assert await counting(rest, person) == {golf: (0.9, "STATED", [])}
    await rest.delete(f"/v1/interests/{newest['id']}")
    assert await counting(rest, person) == {golf: (0.2, "STATED", [])}
    await rest.post(f"/v1/interests/{newest['id']}:undelete", json={})
    assert await counting(rest, person) == {golf: (0.9, "STATED", [])}


async def test_con_06_what_was_inferred_fades_by_half_in_180_days_and_what_was_stated_does_not(
    rest: httpx2.AsyncClient,
) -> None:
    person, golf, opera = await created(rest), await a_topic(rest), await a_topic(rest)
    made = await clicked(rest, person, golf, "click/1", days_ago=360, strength=0.8)
    assert made["strength"] == 0.8
    await stated(rest, person, opera, 0.5)
    found = await counting(rest, person)
    strength, source, evidence = found[golf]
    assert (source, evidence) == ("INFERRED", ["click/1"])
    assert strength == pytest.approx(0.2, rel=1e-4)
    assert list(found) == [opera, golf]


async def test_con_06_an_event_counts_once_however_often_and_late_it_is_told(rest: httpx2.AsyncClient) -> None:
    person, golf = await created(rest), await a_topic(rest)
    told = await asyncio.gather(*(clicked(rest, person, golf, f"click/{n % 4}", days_ago=n % 4 * 10) for n in range(8)))
    assert len({each["id"] for each in told}) == 1
    (strength, _, evidence) = (await counting(rest, person))[golf]
    assert evidence == ["click/3", "click/2", "click/1", "click/0"]
    again = await clicked(rest, person, golf, "click/2", days_ago=20)
    assert [each["eventId"] for each in again["evidence"]] == evidence
    assert (await counting(rest, person))[golf][0] == pytest.approx(strength, rel=1e-4)


async def test_con_06_an_event_of_what_was_deleted_does_not_bring_it_back(rest: httpx2.AsyncClient) -> None:
    person, golf = await created(rest), await a_topic(rest)
    made = await clicked(rest, person, golf, "click/1")
    await rest.delete(f"/v1/interests/{made['id']}")
    assert (await clicked(rest, person, golf, "click/1"))["deleteTime"]
    assert await counting(rest, person) == {}


async def test_con_06_interests_of_merged_people_count_together(rest: httpx2.AsyncClient) -> None:
    one, other = await created(rest), await created(rest)
    golf, opera = await a_topic(rest), await a_topic(rest)
    await clicked(rest, one, golf, "click/1", days_ago=2)
    await clicked(rest, other, golf, "click/2", days_ago=1)
    await stated(rest, other, opera, 0)
    await clicked(rest, one, opera, "click/3")
    await posted(rest, f"people/{one['id']}:merge", {"ids": [other["id"]]})
    found = await counting(rest, other)
    assert found[golf][2] == ["click/1", "click/2"]
    assert found[opera] == (0, "STATED", [])


async def test_con_06_what_was_inferred_of_one_of_merged_people_is_theirs_when_they_part(
    rest: httpx2.AsyncClient,
) -> None:
    (one, other), golf = [await created(rest) for _ in range(2)], await a_topic(rest)
    await clicked(rest, other, golf, "click/1", days_ago=3)
    merge = await posted(rest, f"people/{one['id']}:merge", {"ids": [other["id"]]})
    await clicked(rest, one, golf, "click/2", days_ago=2)
    await clicked(rest, other, golf, "click/3", days_ago=1)
    assert (await counting(rest, one))[golf][2] == ["click/1", "click/2", "click/3"]
    await posted(rest, "people:unmerge", {"mergeId": merge["id"]})
    assert (await counting(rest, one))[golf][2] == ["click/2"]
    assert (await counting(rest, other))[golf][2] == ["click/1", "click/3"]


async def test_con_06_a_topic_is_unique_belongs_to_one_that_there_is_and_stays_while_it_is_used(
    rest: httpx2.AsyncClient,
) -> None:
    name = word()
    sports = await a_topic(rest, displayName=name)
    assert (await rest.post("/v1/interestTopics", json={"displayName": name})).status_code == 409
    person, golf = await created(rest), await a_topic(rest, parentId=sports)
    within = (await rest.get("/v1/interestTopics", params={"filter": f'parent_id = "{sports}"'})).json()
    assert [each["id"] for each in within["interestTopics"]] == [golf]
    said = await stated(rest, person, golf, 1)
    for used in (sports, golf):
        assert (await rest.delete(f"/v1/interestTopics/{used}")).json()["reason"] == "INTEREST_TOPIC_IN_USE"
    await rest.delete(f"/v1/interests/{said['id']}")
    assert (await rest.delete(f"/v1/interestTopics/{golf}")).status_code == 200
    lost = {"displayName": word(), "parentId": golf}
    assert violations(await rest.post("/v1/interestTopics", json=lost)) == {"interest_topic.parent_id": "NOT_FOUND"}
    body = {"personId": person["id"], "interestTopicId": golf, "strength": 1}
    assert violations(await rest.post("/v1/interests", json=body)) == {"interest.interest_topic_id": "NOT_FOUND"}


@pytest.mark.parametrize(("strength", "reason"), [(None, "REQUIRED"), (1.5, "OUT_OF_RANGE"), (-1, "OUT_OF_RANGE")])
async def test_con_06_a_statement_says_how_strong_the_interest_is(
    rest: httpx2.AsyncClient, strength: float | None, reason: str
) -> None:
    person, golf = await created(rest), await a_topic(rest)
    body = {"personId": person["id"], "interestTopicId": golf} | ({} if strength is None else {"strength": strength})
    assert violations(await rest.post("/v1/interests", json=body)) == {"interest.strength": reason}


async def test_con_06_a_representative_states_and_only_who_may_infers(tenant: Tenant, rest: httpx2.AsyncClient) -> None:
    golf = await a_topic(rest)
    async with (await tenant.user("rep")).rest() as rep:
        person = await created(rep)
        await stated(rep, person, golf, 0.7)
        assert await counting(rep, person) == {golf: (0.7, "STATED", [])}
        body = {"interestTopicId": golf, "eventId": "click/1", "strength": 0.5}
        refused = await rep.post(f"/v1/people/{person['id']}:inferInterest", json=body)
        assert (refused.status_code, refused.json()["reason"]) == (403, "PERMISSION_DENIED")
    async with (await tenant.service_account("integration")).rest() as system:
        other = await created(rest)
        assert (await clicked(system, other, golf, "click/1"))["source"] == "INTEREST_SOURCE_INFERRED"


async def test_con_06_what_interests_somebody_is_sealed_in_facts_and_goes_with_them(
    tenant: Tenant, rest: httpx2.AsyncClient
) -> None:
    person, golf, event = await created(rest), await a_topic(rest), word()
    made = await clicked(rest, person, golf, event)
    told = await facts(tenant, made["id"], "InterestChanged")
    assert told
    assert not any(text.encode() in fact for fact in told for text in (event, golf))
    erased = await rest.post(f"/v1/people/{person['id']}:erase", json={})
    assert erased.status_code == 200, erased.text
    assert (await rest.get(f"/v1/interests/{made['id']}")).status_code == 404
