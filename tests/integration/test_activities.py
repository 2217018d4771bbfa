"""Activities through REST: what CON-12 promises."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from rapport.contact.v1 import events_pb2
from tests.callers import Tenant
from tests.people import created, facts, violations


async def logged(rest: httpx2.AsyncClient, **activity: Any) -> httpx2.Response:
    given = {"type": "ACTIVITY_TYPE_CALL", "subject": "Price", "startTime": "2026-03-01T10:00:00Z"}
    return await rest.post("/v1/activities", json=given | activity)


async def test_con_12_a_call_comes_back_as_it_was_logged(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    person, colleague = await created(rest), await created(rest)
    given = {
        "type": "ACTIVITY_TYPE_CALL",
        "subject": "Renewal",
        "body": "Wants two more seats.",
        "startTime": "2026-03-01T10:00:00Z",
        "endTime": "2026-03-01T10:12:30Z",
        "direction": "DIRECTION_INBOUND",
        "callOutcome": "CALL_OUTCOME_CONNECTED",
        "personId": person["id"],
        "related": [{"type": "sales.rapport/Opportunity", "id": person["id"]}],
        "recordingUri": "https://calls.example/1",
    }
    who = [{"personId": colleague["id"], "role": "buyer"}, {"name": "Somebody of the bank"}]
    made = (await rest.post("/v1/activities", json=given | {"participants": who})).json()
    read = (await rest.get(f"/v1/activities/{made['id']}")).json()
    assert read == made
    assert {key: read[key] for key in given} == given
    assert read["duration"] == "750s"
    assert read["ownerId"] == tenant.admin.id
    assert [{k: v for k, v in one.items() if k != "id"} for one in read["participants"]] == who


async def test_con_12_activities_are_listed_by_customer_type_owner_and_time(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    person = await created(rest)
    early = (await logged(rest, personId=person["id"], subject="Early")).json()
    late = (await logged(rest, personId=person["id"], subject="Late", startTime="2026-04-01T10:00:00Z")).json()
    await logged(rest, personId=person["id"], type="ACTIVITY_TYPE_MEETING")
    await logged(rest, personId=(await created(rest))["id"])
    about = f'person_id = "{person["id"]}" AND type = ACTIVITY_TYPE_CALL AND owner_id = "{tenant.admin.id}"'
    calls = (await rest.get("/v1/activities", params={"filter": about, "orderBy": "start_time desc"})).json()
    recent = (
        await rest.get("/v1/activities", params={"filter": f'{about} AND start_time > "2026-03-15T00:00:00Z"'})
    ).json()
    assert [each["id"] for each in calls["activities"]] == [late["id"], early["id"]]
    assert [each["id"] for each in recent["activities"]] == [late["id"]]


@pytest.mark.parametrize(
    ("given", "field", "reason"),
    [
        ({}, "activity.person_id", "CUSTOMER_REQUIRED"),
        ({"personId": "01890a5d-ac96-774b-bcce-b302099a8057"}, "activity.person_id", "NOT_FOUND"),
        ({"organisationId": "01890a5d-ac96-774b-bcce-b302099a8057"}, "activity.organisation_id", "NOT_FOUND"),
        ({"personId": "ours", "endTime": "2026-03-01T09:00:00Z"}, "activity.end_time", "INVALID_RANGE"),
        ({"personId": "ours", "outcome": "fine"}, "activity.outcome", "CALL_OUTCOME"),
        (
            {"personId": "ours", "type": "ACTIVITY_TYPE_VISIT", "callOutcome": "CALL_OUTCOME_VOICEMAIL"},
            "activity.call_outcome",
            "NOT_A_CALL",
        ),
        ({"personId": "ours", "recordingUri": "ftp://calls.example/1"}, "activity.recording_uri", "INVALID_URI"),
        ({"personId": "ours", "participants": [{"role": "guest"}]}, "activity.participants[0].name", "REQUIRED"),
        (
            {"personId": "ours", "participants": [{"personId": "01890a5d-ac96-774b-bcce-b302099a8057"}]},
            "activity.participants[0].person_id",
            "NOT_FOUND",
        ),
    ],
)
async def test_con_12_an_activity_that_cannot_be_is_refused_by_field(
    given: dict[str, Any], field: str, reason: str, rest: httpx2.AsyncClient
) -> None:
    if given.get("personId") == "ours":
        given = given | {"personId": (await created(rest))["id"]}
    answer = await logged(rest, **given)
    assert (answer.status_code, violations(answer)) == (400, {field: reason})


async def test_con_12_do_not_call_is_told_once_in_the_transaction_of_the_call(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    person = await created(rest)
    made = (await logged(rest, personId=person["id"], callOutcome="CALL_OUTCOME_DO_NOT_CALL")).json()
    await rest.patch(f"/v1/activities/{made['id']}", json={"body": "He was quite clear."})
    told = [
        events_pb2.DoNotCallRequested.FromString(fact) for fact in await facts(tenant, made["id"], "DoNotCallRequested")
    ]
    assert [(fact.person_id, fact.activity_id) for fact in told] == [(person["id"], made["id"])]


async def test_con_12_a_call_that_turns_out_as_do_not_call_later_tells_it_then(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    made = (await logged(rest, personId=(await created(rest))["id"], callOutcome="CALL_OUTCOME_CONNECTED")).json()
    assert await facts(tenant, made["id"], "DoNotCallRequested") == []
    await rest.patch(f"/v1/activities/{made['id']}", json={"callOutcome": "CALL_OUTCOME_DO_NOT_CALL"})
    assert len(await facts(tenant, made["id"], "DoNotCallRequested")) == 1


async def test_con_12_after_do_not_call_marketing_may_not_call(rest: httpx2.AsyncClient) -> None:
    person = await created(rest, channels=[{"phone": {"number": "+4930901820"}}])
    asked = {"purpose": "PURPOSE_MARKETING", "channel": "CONTACT_CHANNEL_PHONE"}
    grant = {"state": "CONSENT_STATE_GRANTED", "basis": "LAWFUL_BASIS_CONSENT", "source": "form", "textVersion": "1"}
    granted = await rest.post("/v1/consents", json={"personId": person["id"], **asked, **grant, "proof": {"form": "f"}})
    assert granted.status_code == 200, granted.text
    path = f"/v1/people/{person['id']}:checkContact"
    before = (await rest.get(path, params=asked)).json()
    call = await logged(rest, personId=person["id"], callOutcome="CALL_OUTCOME_DO_NOT_CALL")
    assert call.status_code == 200, call.text
    after = (await rest.get(path, params=asked)).json()
    assert before["allowed"]
    assert not after.get("allowed", False)


async def test_con_12_do_not_call_needs_to_know_who(rest: httpx2.AsyncClient) -> None:
    organisation = (await rest.post("/v1/organisations", json={"displayName": "Bank"})).json()
    answer = await logged(rest, organisationId=organisation["id"], callOutcome="CALL_OUTCOME_DO_NOT_CALL")
    assert violations(answer) == {"activity.call_outcome": "PERSON_REQUIRED"}


async def test_con_12_a_rep_logs_only_on_customers_in_reach(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    rep, person = await tenant.user("rep"), await created(rest)
    async with rep.rest() as mine:
        foreign = await logged(mine, personId=person["id"])
        own = await logged(mine, personId=(await created(mine))["id"])
    assert violations(foreign) == {"activity.person_id": "NOT_FOUND"}
    assert own.status_code == 200
