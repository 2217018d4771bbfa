"""How customers found the company, through REST (CON-04): the first touch stays the first."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from tests.people import created, posted, violations


async def touched(
    rest: httpx2.AsyncClient, person: dict[str, Any], source: str, time: str = "", **more: Any
) -> dict[str, Any]:
    body = {"personId": person["id"], "source": f"ACQUISITION_SOURCE_{source}"} | more
    return await posted(rest, "acquisitions", body | ({"captureTime": time} if time else {}))


async def first_touch(rest: httpx2.AsyncClient, person: dict[str, Any]) -> tuple[str, str]:
    found = (await rest.get(f"/v1/people/{person['id']}/firstTouch")).json()
    return found["source"].removeprefix("ACQUISITION_SOURCE_"), found["captureTime"][:7]


async def test_con_04_the_first_touch_stays_and_later_ones_append(rest: httpx2.AsyncClient) -> None:
    person = await created(rest)
    utm = {"source": "newsletter", "campaign": "spring"}
    first = await touched(rest, person, "NEWSPAPER", "2026-01-10T00:00:00Z", medium="print", utm=utm)
    await touched(rest, person, "WEB_SEARCH", "2026-03-10T00:00:00Z")
    await touched(rest, person, "AD", "2025-12-01T00:00:00Z")  # it came to be known later
    listed = (await rest.get("/v1/acquisitions", params={"filter": f'person_id = "{person["id"]}"'})).json()
    assert await first_touch(rest, person) == ("NEWSPAPER", "2026-01")
    assert [each.get("firstTouch", False) for each in listed["acquisitions"]] == [False, False, True]
    assert first["utm"] == utm
    assert (await rest.patch(f"/v1/acquisitions/{first['id']}", json={"medium": "web"})).status_code == 405


async def test_con_04_of_many_touches_at_once_one_is_the_first(rest: httpx2.AsyncClient) -> None:
    person = await created(rest)
    made = await asyncio.gather(*(touched(rest, person, "SOCIAL") for _ in range(8)))
    assert [each.get("firstTouch", False) for each in made].count(True) == 1


@pytest.mark.parametrize("survives", ["january", "march"])
async def test_con_04_of_duplicates_first_seen_in_january_and_march_january_stays(
    rest: httpx2.AsyncClient, survives: str
) -> None:
    people = {"january": await created(rest), "march": await created(rest)}
    await touched(rest, people["march"], "WEB_SEARCH", "2026-03-10T00:00:00Z")
    await touched(rest, people["january"], "NEWSPAPER", "2026-01-10T00:00:00Z")
    survivor = people[survives]
    losers = [each["id"] for each in people.values() if each is not survivor]
    await posted(rest, f"people/{survivor['id']}:merge", {"ids": losers})
    for each in people.values():
        assert await first_touch(rest, each) == ("NEWSPAPER", "2026-01")
    await posted(rest, "people:unmerge", {"personId": losers[0]})
    assert await first_touch(rest, people["january"]) == ("NEWSPAPER", "2026-01")
    assert await first_touch(rest, people["march"]) == ("WEB_SEARCH", "2026-03")


async def test_con_04_word_of_mouth_names_who_told(rest: httpx2.AsyncClient) -> None:
    person, friend = await created(rest), await created(rest)
    made = await touched(rest, person, "WORD_OF_MOUTH", referrerPersonId=friend["id"])
    told = (await rest.get("/v1/acquisitions", params={"filter": f'referrer_person_id = "{friend["id"]}"'})).json()
    assert [each["id"] for each in told["acquisitions"]] == [made["id"]]
    body = {"personId": person["id"], "source": "ACQUISITION_SOURCE_AD", "referrerPersonId": friend["id"]}
    told_by_an_ad = await rest.post("/v1/acquisitions", json=body)
    by_word = body | {"source": "ACQUISITION_SOURCE_WORD_OF_MOUTH"}
    told_by_herself = await rest.post("/v1/acquisitions", json=by_word | {"referrerPersonId": person["id"]})
    assert violations(told_by_an_ad) == {"acquisition.referrer_person_id": "NOT_ALLOWED"}
    assert violations(told_by_herself) == {"acquisition.referrer_person_id": "SELF"}


async def test_con_04_who_was_never_seen_has_no_first_touch(rest: httpx2.AsyncClient) -> None:
    person = await created(rest)
    answer = await rest.get(f"/v1/people/{person['id']}/firstTouch")
    assert (answer.status_code, answer.json()["reason"]) == (404, "ACQUISITION_NOT_FOUND")
