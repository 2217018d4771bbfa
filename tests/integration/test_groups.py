"""Groups that customers belong to, through REST (CON-07), and the members who may be won as customers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from tests.callers import Tenant
from tests.people import created, posted, violations, word

GRANT = {
    "purpose": "PURPOSE_SALES",
    "channel": "CONTACT_CHANNEL_EMAIL",
    "state": "CONSENT_STATE_GRANTED",
    "source": "signup form",
    "textVersion": "2026-01",
}
OBJECTION = {"state": "CONSENT_STATE_DENIED", "basis": "LAWFUL_BASIS_LEGITIMATE_INTERESTS", "source": "letter"}


async def a_group(rest: httpx2.AsyncClient) -> str:
    return str((await posted(rest, "groups", {"displayName": word(), "kind": "GROUP_KIND_CLUB"}))["id"])


async def joined(rest: httpx2.AsyncClient, group: str, **member: Any) -> dict[str, Any]:
    return await posted(rest, "groupMemberships", {"groupId": group} | member)


async def a_member(rest: httpx2.AsyncClient, group: str, *entries: dict[str, str], **person: Any) -> dict[str, Any]:
    """Somebody with an address, of whom the ledger says `entries`."""
    made = await created(rest, channels=[{"email": {"address": f"{word()}@club.example"}}], **person)
    for entry in entries:
        await posted(rest, "consents", {"personId": made["id"]} | entry)
    await joined(rest, group, personId=made["id"])
    return made


async def prospects(rest: httpx2.AsyncClient, group: str, **asked: str | int) -> tuple[dict[str, tuple[str, str]], str]:
    """By person: the channel to use, the reason to skip them; and the token of the next page."""
    asked["purpose"] = "PURPOSE_SALES"
    answer = await rest.get(f"/v1/groups/{group}:listProspects", params=asked)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    found = {
        each["personId"]: (
            each.get("channel", "").removeprefix("CONTACT_CHANNEL_"),
            each.get("skipReason", "").removeprefix("CONTACT_REASON_"),
        )
        for each in body.get("prospects", [])
    }
    return found, body.get("nextPageToken", "")


async def test_con_07_of_ten_members_with_four_customers_and_one_objection_five_are_leads_and_one_is_skipped(
    rest: httpx2.AsyncClient,
) -> None:
    group = await a_group(rest)
    for stage in ("CUSTOMER", "CUSTOMER", "CUSTOMER", "EVANGELIST"):
        await a_member(rest, group, GRANT, lifecycleStage=f"LIFECYCLE_STAGE_{stage}")
    leads = [await a_member(rest, group, GRANT) for _ in range(5)]
    objector = await a_member(rest, group, GRANT, OBJECTION)
    found, _ = await prospects(rest, group)
    assert found == {each["id"]: ("EMAIL", "") for each in leads} | {objector["id"]: ("", "DENIED")}
    listed = await rest.get("/v1/groupMemberships", params={"filter": f'group_id = "{group}"'})
    assert len(listed.json()["groupMemberships"]) == 10


async def test_con_07_nobody_without_a_lawful_basis_is_a_lead(rest: httpx2.AsyncClient) -> None:
    group = await a_group(rest)
    stranger, known = await a_member(rest, group), await a_member(rest, group, GRANT)
    assert (await prospects(rest, group))[0] == {stranger["id"]: ("", "NO_CONSENT"), known["id"]: ("EMAIL", "")}
    by_phone, _ = await prospects(rest, group, channel="CONTACT_CHANNEL_PHONE")
    assert by_phone == {stranger["id"]: ("", "NO_CONSENT"), known["id"]: ("", "NO_CONSENT")}


async def test_con_07_who_has_left_is_to_come_is_deleted_or_will_be_no_customer_is_no_prospect(
    rest: httpx2.AsyncClient,
) -> None:
    group = await a_group(rest)
    today = datetime.now(UTC).date()
    past, future = today - timedelta(days=3), today + timedelta(days=3)

    def day(each: Any) -> dict[str, int]:
        return {"year": each.year, "month": each.month, "day": each.day}

    await joined(rest, group, personId=(await created(rest))["id"], endDate=day(past))
    await joined(rest, group, personId=(await created(rest))["id"], startDate=day(future))
    here = await created(rest)
    await joined(rest, group, personId=here["id"], startDate=day(past), endDate=day(future))
    await joined(rest, group, personId=here["id"], role="treasurer")
    gone, left = await a_member(rest, group), await created(rest)
    await rest.delete(f"/v1/people/{gone['id']}")
    membership = await joined(rest, group, personId=left["id"])
    await rest.delete(f"/v1/groupMemberships/{membership['id']}")
    await a_member(rest, group, kind="PERSON_KIND_PRESS")
    company = await posted(rest, "organisations", {"displayName": word()})
    await joined(rest, group, organisationId=company["id"])
    assert set((await prospects(rest, group))[0]) == {here["id"]}


async def test_con_07_prospects_come_in_pages(rest: httpx2.AsyncClient) -> None:
    group = await a_group(rest)
    members = {(await a_member(rest, group))["id"] for _ in range(3)}
    first, token = await prospects(rest, group, page_size=2)
    rest_of_them, end = await prospects(rest, group, page_size=2, page_token=token)
    assert (len(first), set(first) | set(rest_of_them), end) == (2, members, "")


async def test_con_07_memberships_of_merged_people_count_as_one(rest: httpx2.AsyncClient) -> None:
    group = await a_group(rest)
    one, other = await a_member(rest, group), await a_member(rest, group)
    await posted(rest, f"people/{one['id']}:merge", {"ids": [other["id"]]})
    assert set((await prospects(rest, group))[0]) == {one["id"]}


@pytest.mark.parametrize("member", ["personId", "organisationId"])
async def test_con_07_a_membership_is_of_a_customer_and_a_group_that_there_are(
    rest: httpx2.AsyncClient, member: str
) -> None:
    group = await a_group(rest)
    nobody = {"groupId": group, member: group}
    field = "person_id" if member == "personId" else "organisation_id"
    assert violations(await rest.post("/v1/groupMemberships", json=nobody)) == {
        f"group_membership.{field}": "NOT_FOUND"
    }
    person = await created(rest)
    await rest.delete(f"/v1/groups/{group}")
    lost = {"groupId": group, "personId": person["id"]}
    refused = await rest.post("/v1/groupMemberships", json=lost)
    assert violations(refused) == {"group_membership.group_id": "NOT_FOUND"}


async def test_con_07_a_representative_wins_only_whom_they_may_see(tenant: Tenant, rest: httpx2.AsyncClient) -> None:
    group = await a_group(rest)
    await a_member(rest, group, GRANT)
    async with (await tenant.user("rep")).rest() as rep:
        own = await a_member(rep, group, GRANT)
        assert (await prospects(rep, group))[0] == {own["id"]: ("EMAIL", "")}
        listed = await rep.get("/v1/groupMemberships", params={"filter": f'group_id = "{group}"'})
        assert [each["personId"] for each in listed.json()["groupMemberships"]] == [own["id"]]
    async with (await tenant.user("read_only")).rest() as reader:
        assert (await reader.get(f"/v1/groups/{group}")).status_code == 200
        asked = await reader.get(f"/v1/groups/{group}:listProspects", params={"purpose": "PURPOSE_SALES"})
        assert asked.json()["reason"] == "PERMISSION_DENIED"
