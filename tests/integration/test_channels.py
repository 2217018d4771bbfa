"""The ways to reach people through REST: what CON-02 promises."""

from __future__ import annotations

import httpx2

from tests.callers import Suite, Tenant
from tests.eventually import eventually
from tests.people import created, events_of, violations, word


async def test_con_02_a_second_primary_takes_the_flag_from_the_first_in_one_event(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    made = await created(
        rest, channels=[{"email": {"address": "a@one.example"}}, {"email": {"address": "b@one.example"}}]
    )
    assert [channel.get("primary", False) for channel in made["channels"]] == [True, False]
    channels = made["channels"]
    channels[1]["primary"] = True
    changed = (await rest.patch(f"/v1/people/{made['id']}", json={"channels": channels})).json()
    # Both claim the flag in the request: the last one that does has it.
    assert [channel.get("primary", False) for channel in changed["channels"]] == [False, True]
    assert [channel["id"] for channel in changed["channels"]] == [channel["id"] for channel in made["channels"]]
    assert await events_of(tenant, made["id"]) == [1, 2]


async def test_con_02_addresses_are_kept_as_typed_and_normalised(rest: httpx2.AsyncClient) -> None:
    made = await created(
        rest,
        channels=[
            {"email": {"address": "Zoë.Ångström@BÜCHER.example"}},
            {"phone": {"number": "(020) 7946-0018"}},
            {"phone": {"number": "030 901820", "region": "DE"}, "label": "Berlin"},
            {"postal": {"lines": ["221B  Baker Street"], "city": "London", "country": "GB"}},
            {"website": {"uri": "Example.COM/About"}},
            {"social": {"network": "Mastodon", "handle": "@Zoe"}},
        ],
    )
    assert made["channels"][0]["email"]["address"] == "Zoë.Ångström@BÜCHER.example"
    assert [channel["normalized"] for channel in made["channels"]] == [
        "zoë.ångström@xn--bcher-kva.example",
        "+442079460018",  # read in the country of the tenant's locale
        "+4930901820",
        "221b baker street, london, gb",
        "https://example.com/About",
        "mastodon:zoe",
    ]
    assert [channel.get("primary", False) for channel in made["channels"]] == [True, True, False, True, True, True]


async def test_con_02_a_national_number_is_read_in_the_country_of_the_tenant(suite: Suite) -> None:
    german = await suite.open_tenant("german", locale="de-DE")
    async with german.admin.rest() as rest:

        async def normalized() -> str:
            person = {"givenName": "Greta", "channels": [{"phone": {"number": "030 901820"}}]}
            answer = await rest.post("/v1/people", json=person)
            assert answer.status_code == 200
            return str(answer.json()["channels"][0]["normalized"])

        assert await eventually(normalized) == "+4930901820"  # contact hears of the locale by event


async def test_con_02_a_channel_that_ended_stays_as_history_and_is_never_primary(
    rest: httpx2.AsyncClient,
) -> None:
    made = await created(
        rest,
        channels=[
            {"email": {"address": "old@one.example"}, "validTo": "2024-05-01T00:00:00Z"},
            {"email": {"address": "new@one.example"}, "validFrom": "2024-05-01T00:00:00Z"},
        ],
    )
    assert [channel.get("primary", False) for channel in made["channels"]] == [False, True]
    ends_early = {"validFrom": "2024-05-02T00:00:00Z", "validTo": "2024-05-01T00:00:00Z"}
    refused = await rest.post(
        "/v1/people", json={"givenName": "x", "channels": [{"email": {"address": "a@b.example"}} | ends_early]}
    )
    assert violations(refused) == {"person.channels[0].valid_to": "INVALID_RANGE"}


async def test_con_02_the_same_address_may_belong_to_several(rest: httpx2.AsyncClient) -> None:
    shared = [{"email": {"address": f"{word()}@shared.example"}}]
    first, second = [await created(rest, channels=shared) for _ in range(2)]
    assert first["channels"][0]["normalized"] == second["channels"][0]["normalized"]
    assert first["channels"][0]["id"] != second["channels"][0]["id"]
