"""The consent ledger through REST (MKT-19): entries stay, and one call says whether somebody may be contacted."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx2
import pytest

from rapport_contact.domain.contacting import ContactChannel
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.auth.principal import Principal
from rapport_kit.database import Database
from tests.callers import Tenant
from tests.people import created, posted, violations

EMAIL = {"email": {"address": "ada@consent.example"}}
MOBILE = {"phone": {"number": "+447700900123"}}
GRANT = {
    "purpose": "PURPOSE_MARKETING",
    "channel": "CONTACT_CHANNEL_EMAIL",
    "state": "CONSENT_STATE_GRANTED",
    "source": "signup form",
    "textVersion": "2026-01",
    "proof": {"form": "https://shop.example/signup", "signTime": "2026-01-05T10:00:00Z", "ipHash": "9f86d081884c7d65"},
    "effectiveTime": "2026-01-05T10:00:00Z",
}


async def verdict(
    rest: httpx2.AsyncClient, person: dict[str, Any], purpose: str = "MARKETING", channel: str = "EMAIL", at: str = ""
) -> tuple[bool, str]:
    asked = {"purpose": f"PURPOSE_{purpose}", "channel": f"CONTACT_CHANNEL_{channel}"} | ({"at": at} if at else {})
    answer = await rest.get(f"/v1/people/{person['id']}:checkContact", params=asked)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    return body.get("allowed", False), body["reason"].removeprefix("CONTACT_REASON_")


async def test_mkt_19_opt_in_and_opt_out_are_both_in_the_ledger_with_their_proof(rest: httpx2.AsyncClient) -> None:
    person = await created(rest, channels=[EMAIL])
    entry = {"personId": person["id"]} | GRANT
    granted = await posted(rest, "consents", entry)
    refusal = entry | {"state": "CONSENT_STATE_WITHDRAWN", "source": "link in mail", "effectiveTime": None}
    await posted(rest, "consents", refusal)
    listed = (await rest.get("/v1/consents", params={"filter": f'person_id = "{person["id"]}"'})).json()["consents"]
    assert [each["state"] for each in listed] == ["CONSENT_STATE_WITHDRAWN", "CONSENT_STATE_GRANTED"]
    assert {key: granted[key] for key in GRANT} == GRANT
    assert granted["basis"] == "LAWFUL_BASIS_CONSENT"


async def test_mkt_19_the_latest_entry_says_whether_somebody_may_be_contacted(rest: httpx2.AsyncClient) -> None:
    person = await created(rest, channels=[EMAIL])
    entry = {"personId": person["id"]} | GRANT
    assert await verdict(rest, person) == (False, "NO_CONSENT")
    await posted(rest, "consents", entry)
    assert await verdict(rest, person) == (True, "GRANTED")
    await posted(
        rest, "consents", entry | {"state": "CONSENT_STATE_WITHDRAWN", "effectiveTime": "2026-02-01T00:00:00Z"}
    )
    assert await verdict(rest, person) == (False, "WITHDRAWN")
    assert await verdict(rest, person, at="2026-01-20T00:00:00Z") == (True, "GRANTED")
    await posted(
        rest, "consents", entry | {"effectiveTime": "2026-03-01T00:00:00Z", "expireTime": "2026-04-01T00:00:00Z"}
    )
    assert await verdict(rest, person, at="2026-03-15T00:00:00Z") == (True, "GRANTED")
    assert await verdict(rest, person, at="2026-04-01T00:00:00Z") == (False, "EXPIRED")


async def test_mkt_19_what_is_not_part_of_a_contract_needs_a_grant(rest: httpx2.AsyncClient) -> None:
    person = await created(rest, channels=[EMAIL])
    needs = {purpose: await verdict(rest, person, purpose) for purpose in ("SALES", "MARKETING", "SERVICE", "BILLING")}
    assert needs == {
        "SALES": (False, "NO_CONSENT"),
        "MARKETING": (False, "NO_CONSENT"),
        "SERVICE": (True, "PERFORMANCE"),
        "BILLING": (True, "PERFORMANCE"),
    }


async def test_mkt_19_who_wants_no_calls_gets_none_for_any_purpose(rest: httpx2.AsyncClient) -> None:
    person = await created(rest, channels=[MOBILE])
    no_calls = {"channel": "CONTACT_CHANNEL_PHONE", "state": "CONSENT_STATE_DENIED", "source": "call outcome"}
    await posted(rest, "consents", {"personId": person["id"]} | no_calls)
    assert await verdict(rest, person, "SERVICE", "PHONE") == (False, "DO_NOT_CALL")
    assert await verdict(rest, person, "SERVICE", "SMS") == (True, "PERFORMANCE")


async def test_mkt_19_another_use_case_enters_a_refusal_in_its_own_transaction(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    person = await created(rest, channels=[MOBILE])
    database = Database(tenant.suite.stack.environment["RAPPORT_CONTACT_DATABASE_URL"], pool_size=1)
    principal = Principal(UUID(tenant.id), UUID(tenant.admin.id))
    async with ContactUnitOfWork(database, principal) as uow:
        uow.consents.deny(UUID(person["id"]), channel=ContactChannel.PHONE, reason="do_not_call")
    await database.close()
    assert await verdict(rest, person, "SALES", "PHONE") == (False, "DO_NOT_CALL")


async def test_mkt_19_an_address_that_is_opted_out_or_bounces_is_not_used(rest: httpx2.AsyncClient) -> None:
    cases = {
        "NO_ADDRESS": [MOBILE],
        "OPTED_OUT": [EMAIL | {"optedOut": True}],
        "BOUNCED": [EMAIL | {"bouncedTime": "2026-01-01T00:00:00Z"}],
        "PERFORMANCE": [EMAIL | {"optedOut": True}, {"email": {"address": "other@consent.example"}}],
    }
    for reason, channels in cases.items():
        person = await created(rest, channels=channels)
        assert await verdict(rest, person, "SERVICE") == (reason == "PERFORMANCE", reason)


async def test_mkt_19_a_thousand_people_are_checked_in_one_call(rest: httpx2.AsyncClient) -> None:
    requests = [{"person": {"givenName": f"P{n}", "channels": [EMAIL]}} for n in range(1000)]
    made = (await rest.post("/v1/people:batchCreate", json={"requests": requests})).json()["people"]
    await posted(rest, "consents", {"personId": made[500]["id"]} | GRANT)
    asked = {"purpose": "PURPOSE_MARKETING", "channel": "CONTACT_CHANNEL_EMAIL"}
    ids = [person["id"] for person in made]
    found = (await rest.post("/v1/people:batchCheckContact", json=asked | {"personIds": ids})).json()["verdicts"]
    assert [each["personId"] for each in found] == ids
    assert [each["personId"] for each in found if each.get("allowed")] == [ids[500]]
    unknown = await rest.post("/v1/people:batchCheckContact", json=asked | {"personIds": [*ids[:2], str(uuid4())]})
    assert (unknown.status_code, unknown.json()["reason"]) == (404, "PERSON_NOT_FOUND")


async def test_mkt_19_no_entry_can_be_changed_by_the_service_itself(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    person = await created(rest)
    made = await posted(rest, "consents", {"personId": person["id"]} | GRANT)
    patched = await rest.patch(f"/v1/consents/{made['id']}", json={"state": "CONSENT_STATE_DENIED"})
    assert patched.status_code == 405
    connection: Any = await asyncpg.connect(tenant.suite.stack.admin_urls["contact"])
    try:
        app = await connection.fetchval("SELECT rolname FROM pg_roles WHERE rolname LIKE '%contact%app' LIMIT 1")
        await connection.execute(f'SET ROLE "{app}"')
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("UPDATE consent SET state = 'denied'")
    finally:
        await connection.close()


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (GRANT | {"purpose": None}, "consent.purpose"),
        (GRANT | {"channel": None}, "consent.channel"),
        (GRANT | {"textVersion": ""}, "consent.text_version"),
        (GRANT | {"source": ""}, "consent.source"),
        (GRANT | {"expireTime": "2026-01-05T10:00:00Z"}, "consent.expire_time"),
        (GRANT | {"personId": str(uuid4())}, "consent.person_id"),
    ],
)
async def test_mkt_19_a_consent_that_could_not_be_shown_is_refused(
    entry: dict[str, Any], field: str, rest: httpx2.AsyncClient
) -> None:
    person = await created(rest)
    answer = await rest.post("/v1/consents", json={"personId": person["id"]} | entry)
    assert (answer.status_code, set(violations(answer))) == (400, {field})


async def test_mkt_19_entries_reach_as_far_as_the_people_they_are_about(tenant: Tenant) -> None:
    one, other = await tenant.user("rep"), await tenant.user("rep")
    async with one.rest() as mine, other.rest() as others:
        person = await created(mine)
        made = await posted(mine, "consents", {"personId": person["id"]} | GRANT)
        asked = {"filter": f'person_id = "{person["id"]}"'}
        assert len((await mine.get("/v1/consents", params=asked)).json()["consents"]) == 1
        assert (await others.get("/v1/consents", params=asked)).json().get("consents", []) == []
        assert (await others.get(f"/v1/consents/{made['id']}")).status_code == 404
        assert (await others.post("/v1/consents", json={"personId": person["id"]} | GRANT)).status_code == 400


async def test_mkt_19_con_03_con_04_con_09_con_10_what_is_about_a_person_goes_with_the_person(
    rest: httpx2.AsyncClient,
) -> None:
    person, friend = await created(rest), await created(rest)
    about = {"personId": person["id"]}
    key = await posted(
        rest, "preferenceKeys", {"key": "erased", "displayName": "E", "valueType": "PREFERENCE_TYPE_TEXT"}
    )
    channel = {"channel": "CONTACT_CHANNEL_SMS"}
    await posted(rest, "consents", about | GRANT)
    await posted(rest, "channelPreferences", about | channel | {"setBy": "PROVENANCE_USER"})
    await posted(rest, "contactAttempts", about | channel)
    await posted(rest, "acquisitions", about | {"source": "ACQUISITION_SOURCE_AD"})
    await posted(rest, "preferences", about | {"key": key["key"], "value": "x", "source": "PROVENANCE_USER"})
    await posted(rest, f"people/{person['id']}:moveLifecycleStage", {"stage": "LIFECYCLE_STAGE_LEAD"})
    told = {"personId": friend["id"], "source": "ACQUISITION_SOURCE_WORD_OF_MOUTH"}
    kept = await posted(rest, "acquisitions", told | {"referrerPersonId": person["id"]})
    await posted(rest, f"people/{person['id']}:erase", {})
    asked = {"filter": f'person_id = "{person["id"]}"'}
    for collection in (
        "consents",
        "channelPreferences",
        "contactAttempts",
        "acquisitions",
        "preferences",
        "lifecycleMoves",
    ):
        assert (await rest.get(f"/v1/{collection}", params=asked)).json().get(collection, []) == [], collection
    assert "referrerPersonId" not in (await rest.get(f"/v1/acquisitions/{kept['id']}")).json()
