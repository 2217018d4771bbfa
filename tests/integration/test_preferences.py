"""What people prefer, through REST (CON-10): typed values, and which of several counts."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.people import created, posted, violations, word


async def a_key(rest: httpx2.AsyncClient, value_type: str, *choices: str) -> str:
    body = {"key": word().lower(), "displayName": "Some key", "valueType": f"PREFERENCE_TYPE_{value_type}"}
    return str((await posted(rest, "preferenceKeys", body | {"choices": choices}))["key"])


async def said(
    rest: httpx2.AsyncClient, person: dict[str, Any], key: str, value: str, source: str = "CUSTOMER", **more: Any
) -> dict[str, Any]:
    body = {"personId": person["id"], "key": key, "value": value, "source": f"PROVENANCE_{source}"}
    return await posted(rest, "preferences", body | more)


async def counting(rest: httpx2.AsyncClient, person: dict[str, Any], **asked: str) -> dict[str, tuple[str, str]]:
    answer = await rest.get(f"/v1/people/{person['id']}:resolvePreferences", params=asked)
    assert answer.status_code == 200, answer.text
    return {
        each["key"]: (each["value"], each["source"].removeprefix("PROVENANCE_"))
        for each in answer.json().get("preferences", [])
    }


async def test_con_10_what_the_customer_states_counts_more_than_what_an_agent_entered(rest: httpx2.AsyncClient) -> None:
    person, seat = await created(rest), await a_key(rest, "CHOICE", "aisle", "window")
    await said(rest, person, seat, "aisle", "USER")
    assert await counting(rest, person) == {seat: ("aisle", "USER")}
    await said(rest, person, seat, "window", "CUSTOMER")
    await said(rest, person, seat, "aisle", "USER")
    await said(rest, person, seat, "aisle", "INFERRED")
    assert await counting(rest, person) == {seat: ("window", "CUSTOMER")}


async def test_con_10_of_those_who_say_so_alike_the_newest_counts_while_it_holds(rest: httpx2.AsyncClient) -> None:
    person, diet = await created(rest), await a_key(rest, "TEXT")
    await said(rest, person, diet, "none", validFrom="2025-01-01T00:00:00Z")
    fast = {"validFrom": "2026-02-18T00:00:00Z", "validTo": "2026-04-05T00:00:00Z"}
    await said(rest, person, diet, "no meat", **fast)
    assert await counting(rest, person, at="2026-03-01T00:00:00Z") == {diet: ("no meat", "CUSTOMER")}
    assert await counting(rest, person, at="2026-04-05T00:00:00Z") == {diet: ("none", "CUSTOMER")}
    assert await counting(rest, person, at="2024-12-31T00:00:00Z") == {}


async def test_con_10_a_scope_has_its_own_preferences_and_else_the_general_ones(rest: httpx2.AsyncClient) -> None:
    person, seat, meal = await created(rest), await a_key(rest, "TEXT"), await a_key(rest, "TEXT")
    await said(rest, person, seat, "window")
    await said(rest, person, meal, "vegan")
    await said(rest, person, seat, "aisle", "USER", scope="long-haul")
    assert await counting(rest, person) == {seat: ("window", "CUSTOMER"), meal: ("vegan", "CUSTOMER")}
    long_haul = await counting(rest, person, scope="long-haul")
    assert long_haul == {seat: ("aisle", "USER"), meal: ("vegan", "CUSTOMER")}


@pytest.mark.parametrize(
    ("value_type", "value", "stored"),
    [
        ("NUMBER", "12.50", "12.5"),
        ("NUMBER", "1e3", "1000"),
        ("NUMBER", "many", None),
        ("NUMBER", "NaN", None),
        ("NUMBER", "1e999999999", None),
        ("BOOLEAN", "True", "true"),
        ("BOOLEAN", "yes", None),
        ("DATE", "2026-01-31", "2026-01-31"),
        ("DATE", "31.01.2026", None),
        ("CHOICE", "red", "red"),
        ("CHOICE", "mauve", None),
        ("TEXT", " a note ", "a note"),
    ],
)
async def test_con_10_a_value_is_of_the_type_that_its_key_has(
    value_type: str, value: str, stored: str | None, rest: httpx2.AsyncClient
) -> None:
    person, key = await created(rest), await a_key(rest, value_type, *(["red"] if value_type == "CHOICE" else []))
    body = {"personId": person["id"], "key": key, "value": value, "source": "PROVENANCE_CUSTOMER"}
    answer = await rest.post("/v1/preferences", json=body)
    if stored is None:
        assert (answer.status_code, violations(answer)) == (400, {"preference.value": "INVALID_VALUE"})
    else:
        assert answer.json()["value"] == stored


async def test_con_10_only_what_the_tenant_defined_can_be_preferred(rest: httpx2.AsyncClient) -> None:
    person = await created(rest)
    body = {"personId": person["id"], "key": "nonsense", "value": "x", "source": "PROVENANCE_CUSTOMER"}
    assert violations(await rest.post("/v1/preferences", json=body)) == {"preference.key": "UNKNOWN_KEY"}


async def test_con_10_what_was_said_stays_and_ends_when_it_holds_no_more(rest: httpx2.AsyncClient) -> None:
    person, size = await created(rest), await a_key(rest, "NUMBER")
    made = await said(rest, person, size, "41", validFrom="2026-01-01T00:00:00Z")
    path = f"/v1/preferences/{made['id']}"
    assert violations(await rest.patch(path, json={"value": "42"})) == {"preference.value": "IMMUTABLE"}
    assert (await rest.patch(path, json={"validTo": "2026-06-01T00:00:00Z"})).status_code == 200
    assert await counting(rest, person, at="2026-05-31T00:00:00Z") == {size: ("41", "CUSTOMER")}
    assert await counting(rest, person, at="2026-06-01T00:00:00Z") == {}


async def test_con_10_what_is_in_the_trash_does_not_count_until_it_is_back(rest: httpx2.AsyncClient) -> None:
    person, size = await created(rest), await a_key(rest, "NUMBER")
    made = await said(rest, person, size, "41")
    await rest.delete(f"/v1/preferences/{made['id']}")
    assert await counting(rest, person) == {}
    await rest.post(f"/v1/preferences/{made['id']}:undelete", json={})
    assert await counting(rest, person) == {size: ("41", "CUSTOMER")}


async def test_con_10_a_key_is_unique_and_stays_while_it_is_used(rest: httpx2.AsyncClient) -> None:
    person, key = await created(rest), await a_key(rest, "TEXT")
    again = {"key": key, "displayName": "Again", "valueType": "PREFERENCE_TYPE_TEXT"}
    assert (await rest.post("/v1/preferenceKeys", json=again)).status_code == 409
    made = await said(rest, person, key, "x")
    (found,) = (await rest.get("/v1/preferenceKeys", params={"filter": f'key = "{key}"'})).json()["preferenceKeys"]
    kept = await rest.delete(f"/v1/preferenceKeys/{found['id']}")
    assert kept.json()["reason"] == "PREFERENCE_KEY_IN_USE"
    await rest.delete(f"/v1/preferences/{made['id']}")
    assert (await rest.delete(f"/v1/preferenceKeys/{found['id']}")).status_code == 200
    back = await rest.post(f"/v1/preferences/{made['id']}:undelete", json={})
    assert violations(back) == {"preference.key": "UNKNOWN_KEY"}
