"""Which channel to use, through REST (CON-03): what was preferred, what is allowed, and why."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.people import created, got, posted, violations

EMAIL = {"email": {"address": "grace@choice.example"}}
MOBILE = {"phone": {"number": "+491711234567"}}
NIGHT = {"start": "22:00", "end": "08:00"}


async def prefers(
    rest: httpx2.AsyncClient, person: dict[str, Any], channel: str, set_by: str = "CUSTOMER", **more: Any
) -> dict[str, Any]:
    body = {"personId": person["id"], "channel": f"CONTACT_CHANNEL_{channel}", "setBy": f"PROVENANCE_{set_by}"}
    return await posted(rest, "channelPreferences", body | more)


async def choice(rest: httpx2.AsyncClient, person: dict[str, Any], at: str, purpose: str = "SERVICE") -> dict[str, Any]:
    asked = {"purpose": f"PURPOSE_{purpose}", "at": at}
    return await got(rest, f"people/{person['id']}:chooseChannel", asked)


def reasons(found: dict[str, Any]) -> dict[str, str]:
    return {
        each["channel"].removeprefix("CONTACT_CHANNEL_"): each["reason"].removeprefix("CONTACT_REASON_")
        for each in found["rejected"]
    }


@pytest.mark.parametrize(
    ("at", "not_before"),
    [
        ("2026-07-01T23:00:00+02:00", "2026-07-02T06:00:00Z"),
        ("2026-10-24T23:00:00+02:00", "2026-10-25T07:00:00Z"),  # the clock is put back in this night
        ("2026-03-28T23:00:00+01:00", "2026-03-29T06:00:00Z"),  # and forward in this one
    ],
)
async def test_con_03_in_quiet_hours_the_preferred_channel_is_given_with_eight_in_the_morning(
    at: str, not_before: str, rest: httpx2.AsyncClient
) -> None:
    person = await created(rest, timeZone="Europe/Berlin", channels=[EMAIL | {"optedOut": True}, MOBILE])
    await prefers(rest, person, "SMS", purpose="PURPOSE_SERVICE", quietHours=NIGHT)
    found = await choice(rest, person, at)
    chosen = found["chosen"]
    assert (chosen["channel"], chosen["reason"]) == ("CONTACT_CHANNEL_SMS", "CONTACT_REASON_QUIET_HOURS")
    assert (chosen["notBefore"], chosen["timeZone"]) == (not_before, "Europe/Berlin")
    assert chosen["address"] == "+491711234567"
    assert found["reason"] == "CHOICE_REASON_PREFERRED_BY_CUSTOMER"
    assert reasons(found) == {
        "EMAIL": "OPTED_OUT",
        "PHONE": "LESS_PREFERRED",
        "POSTAL": "NO_ADDRESS",
        "SOCIAL": "NO_ADDRESS",
    }


async def test_con_03_outside_of_quiet_hours_the_channel_is_open_at_once(rest: httpx2.AsyncClient) -> None:
    person = await created(rest, timeZone="Europe/Berlin", channels=[MOBILE])
    await prefers(rest, person, "SMS", quietHours=NIGHT)
    chosen = (await choice(rest, person, "2026-07-01T12:00:00+02:00"))["chosen"]
    assert (chosen["allowed"], chosen["reason"]) == (True, "CONTACT_REASON_PERFORMANCE")
    assert "notBefore" not in chosen


async def test_con_03_an_explicit_preference_beats_an_inferred_one(rest: httpx2.AsyncClient) -> None:
    person = await created(rest, channels=[EMAIL, MOBILE])
    await prefers(rest, person, "SMS", "INFERRED", rank=0, confidence=0.99)
    assert (await choice(rest, person, "2026-07-01T12:00:00Z"))["reason"] == "CHOICE_REASON_INFERRED"
    await prefers(rest, person, "EMAIL", "USER", rank=9)
    found = await choice(rest, person, "2026-07-01T12:00:00Z")
    assert found["chosen"]["channel"] == "CONTACT_CHANNEL_EMAIL"
    assert found["reason"] == "CHOICE_REASON_PREFERRED_BY_USER"


async def test_con_03_responses_of_a_year_make_a_channel_likelier(rest: httpx2.AsyncClient) -> None:
    person = await created(rest, channels=[EMAIL, MOBILE])
    attempt = {"personId": person["id"], "channel": "CONTACT_CHANNEL_EMAIL", "source": "newsletter"}
    for month in (1, 2, 3):
        await posted(rest, "contactAttempts", attempt | {"attemptTime": f"2026-0{month}-01T09:00:00Z"})
    call = attempt | {"channel": "CONTACT_CHANNEL_PHONE", "attemptTime": "2026-03-01T09:00:00Z"}
    made = await posted(rest, "contactAttempts", call)
    usual = (await choice(rest, person, "2025-12-31T00:00:00Z"))["chosen"]["channel"]
    before = (await choice(rest, person, "2026-04-01T00:00:00Z"))["chosen"]["channel"]
    await rest.patch(f"/v1/contactAttempts/{made['id']}", json={"respondTime": "2026-03-01T09:05:00Z"})
    after = await choice(rest, person, "2026-04-01T00:00:00Z")
    forgotten = await choice(rest, person, "2027-04-02T00:00:00Z")
    assert [usual, before] == ["CONTACT_CHANNEL_EMAIL", "CONTACT_CHANNEL_SMS"]
    assert (after["chosen"]["channel"], after["reason"]) == ("CONTACT_CHANNEL_PHONE", "CHOICE_REASON_RESPONSES")
    assert forgotten["reason"] == "CHOICE_REASON_USUAL_ORDER"


async def test_con_03_how_likely_a_response_is_can_be_read(rest: httpx2.AsyncClient) -> None:
    person = await created(rest)
    attempt = {"personId": person["id"], "channel": "CONTACT_CHANNEL_SMS"}
    sent = await posted(rest, "contactAttempts", attempt)
    await rest.patch(f"/v1/contactAttempts/{sent['id']}", json={"respondTime": sent["attemptTime"]})
    likeliest, *others = (await rest.get(f"/v1/people/{person['id']}/responsiveness")).json()["channels"]
    assert likeliest == {"channel": "CONTACT_CHANNEL_SMS", "probability": 2 / 3, "attempts": 1, "responses": 1}
    assert [each["probability"] for each in others] == [0.5] * 4
    too_soon = attempt | {"attemptTime": "2026-03-01T09:00:00Z", "respondTime": "2026-03-01T08:00:00Z"}
    answer = await rest.post("/v1/contactAttempts", json=too_soon)
    assert violations(answer) == {"contact_attempt.respond_time": "INVALID_RANGE"}


async def test_con_03_when_nothing_may_be_used_every_channel_says_why(rest: httpx2.AsyncClient) -> None:
    person = await created(rest, channels=[EMAIL, MOBILE])
    refusal = {"personId": person["id"], "state": "CONSENT_STATE_WITHDRAWN", "source": "letter"}
    await posted(rest, "consents", refusal)
    found = await choice(rest, person, "2030-01-01T12:00:00Z")
    assert ("chosen" in found, found["reason"]) == (False, "CHOICE_REASON_NONE")
    assert set(reasons(found).values()) == {"WITHDRAWN"}
    assert len(found["rejected"]) == 5


async def test_con_03_a_preference_is_changed_and_taken_back(rest: httpx2.AsyncClient) -> None:
    person = await created(rest, channels=[EMAIL, MOBILE])
    made = await prefers(rest, person, "SMS")
    path = f"/v1/channelPreferences/{made['id']}"
    assert (await rest.patch(path, json={"rank": 3})).json()["rank"] == 3
    moved = await rest.patch(path, json={"channel": "CONTACT_CHANNEL_EMAIL"})
    assert violations(moved) == {"channel_preference.channel": "IMMUTABLE"}
    assert (await rest.delete(path)).status_code == 200
    assert (await choice(rest, person, "2026-07-01T12:00:00Z"))["reason"] == "CHOICE_REASON_USUAL_ORDER"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"quietHours": {"start": "25:00", "end": "08:00"}}, "quiet_hours.start"),
        ({"quietHours": {"start": "08:00", "end": "08:00"}}, "quiet_hours.end"),
        ({"quietHours": NIGHT}, "quiet_hours.time_zone"),
        ({"rank": -1}, "rank"),
        ({"confidence": 0.5}, "confidence"),
    ],
)
async def test_con_03_a_preference_that_cannot_be_followed_is_refused(
    more: dict[str, Any], field: str, rest: httpx2.AsyncClient
) -> None:
    person = await created(rest)
    body = {"personId": person["id"], "channel": "CONTACT_CHANNEL_SMS", "setBy": "PROVENANCE_CUSTOMER"}
    answer = await rest.post("/v1/channelPreferences", json=body | more)
    assert (answer.status_code, set(violations(answer))) == (400, {f"channel_preference.{field}"})
