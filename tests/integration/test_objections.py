"""Who objected, or wants processing restricted, is not contacted to sell anything (PLT-08, MKT-19), through REST."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from tests.callers import Tenant
from tests.databases import rows
from tests.people import created, got, listed, posted, violations

NEEDING_A_GRANT = ("SALES", "MARKETING")
OF_A_CONTRACT = ("SERVICE", "BILLING")
EMAIL = {"email": {"address": "ada@objection.example"}}
GRANTED = (True, "GRANTED")
SERVED = (True, "PERFORMANCE")


async def consenting(rest: httpx2.AsyncClient) -> dict[str, Any]:
    """Somebody who may be sent mail for everything."""
    person = await created(rest, channels=[EMAIL])
    for purpose in NEEDING_A_GRANT:
        await grant(rest, person, purpose)
    return person


async def grant(rest: httpx2.AsyncClient, person: dict[str, Any], purpose: str, **more: Any) -> dict[str, Any]:
    given = {
        "personId": person["id"],
        "purpose": f"PURPOSE_{purpose}",
        "channel": "CONTACT_CHANNEL_EMAIL",
        "state": "CONSENT_STATE_GRANTED",
        "source": "form",
        "textVersion": "1",
    }
    return await posted(rest, "consents", given | {"effectiveTime": "2026-01-05T10:00:00Z"} | more)


async def asked(rest: httpx2.AsyncClient, person: dict[str, Any], right: str, **more: Any) -> dict[str, Any]:
    proof = {"identityProof": "IDENTITY_PROOF_KNOWN_CHANNEL"}
    body = {"personId": person["id"], "right": f"PRIVACY_RIGHT_{right}"}
    return await posted(rest, "privacyRequests", body | proof | more)


async def verdicts(rest: httpx2.AsyncClient, person: dict[str, Any], at: str = "") -> dict[str, tuple[bool, str]]:
    """By purpose, whether and why the person may be sent mail."""
    path = f"people/{person['id']}:checkContact"
    found = {}
    for purpose in (*NEEDING_A_GRANT, *OF_A_CONTRACT):
        one = {"purpose": f"PURPOSE_{purpose}", "channel": "CONTACT_CHANNEL_EMAIL"} | ({"at": at} if at else {})
        verdict = await got(rest, path, one)
        found[purpose] = (verdict.get("allowed", False), verdict["reason"].removeprefix("CONTACT_REASON_"))
    return found


def expected(needing_a_grant: tuple[bool, str]) -> dict[str, tuple[bool, str]]:
    return dict.fromkeys(NEEDING_A_GRANT, needing_a_grant) | dict.fromkeys(OF_A_CONTRACT, SERVED)


@pytest.mark.parametrize(("right", "reason"), [("OBJECT", "OBJECTED"), ("RESTRICT", "RESTRICTED")])
async def test_plt_08_mkt_19_a_request_counts_from_when_it_was_received_until_it_is_lifted(
    rest: httpx2.AsyncClient, right: str, reason: str
) -> None:
    person = await consenting(rest)
    assert await verdicts(rest, person) == expected(GRANTED)
    received = datetime.now(UTC) - timedelta(days=2)
    case = await asked(rest, person, right, receiveTime=received.isoformat())
    assert await verdicts(rest, person) == expected((False, reason))
    assert await verdicts(rest, person, (received - timedelta(days=1)).isoformat()) == expected(GRANTED)
    assert await verdicts(rest, person, (received + timedelta(days=1)).isoformat()) == expected((False, reason))
    path = f"privacyRequests/{case['id']}"
    await posted(rest, f"{path}:complete", {"outcome": "Blocked"})
    assert await verdicts(rest, person) == expected((False, reason))
    lifted = await posted(rest, f"{path}:lift", {"reason": "Wants our letters again, and was told"})
    assert lifted["state"] == "PRIVACY_REQUEST_STATE_COMPLETED"
    assert lifted["liftReason"] == "Wants our letters again, and was told"
    assert await verdicts(rest, person) == expected(GRANTED)
    assert await verdicts(rest, person, case["createTime"]) == expected((False, reason))


async def test_plt_08_mkt_19_no_consent_that_is_entered_later_overrides_an_objection(rest: httpx2.AsyncClient) -> None:
    person = await consenting(rest)
    await asked(rest, person, "OBJECT")
    await grant(rest, person, "MARKETING", effectiveTime=None)
    assert await verdicts(rest, person) == expected((False, "OBJECTED"))


async def test_plt_08_mkt_19_a_refused_objection_is_over_and_another_right_bars_nothing(
    rest: httpx2.AsyncClient,
) -> None:
    person = await consenting(rest)
    for right in ("ACCESS", "RECTIFY", "PORT", "ERASE"):
        await asked(rest, person, right)
    assert await verdicts(rest, person) == expected(GRANTED)
    case = await asked(rest, person, "OBJECT")
    why = [{"what": "All", "reason": "Taken back"}]
    await posted(rest, f"privacyRequests/{case['id']}:refuse", {"refusals": why})
    assert await verdicts(rest, person) == expected(GRANTED)


async def test_plt_08_mkt_19_of_an_objection_and_a_restriction_each_is_lifted_by_itself(
    rest: httpx2.AsyncClient,
) -> None:
    person = await consenting(rest)
    cases = [await asked(rest, person, right) for right in ("OBJECT", "RESTRICT")]
    for case in cases:
        await posted(rest, f"privacyRequests/{case['id']}:complete", {})
    told = []
    for case in reversed(cases):
        told.append((await verdicts(rest, person))["MARKETING"])
        await posted(rest, f"privacyRequests/{case['id']}:lift", {"reason": "Decided"})
    assert told == [(False, "RESTRICTED"), (False, "OBJECTED")]
    assert await verdicts(rest, person) == expected(GRANTED)


async def test_plt_08_mkt_19_every_question_about_contacting_has_the_same_answer(rest: httpx2.AsyncClient) -> None:
    objector, other = await consenting(rest), await consenting(rest)
    await asked(rest, objector, "OBJECT")
    choice = await got(rest, f"people/{objector['id']}:chooseChannel", {"purpose": "PURPOSE_MARKETING"})
    assert (choice.get("chosen"), choice["reason"]) == (None, "CHOICE_REASON_NONE")
    assert {each["reason"] for each in choice["rejected"]} == {"CONTACT_REASON_OBJECTED"}
    service = await got(rest, f"people/{objector['id']}:chooseChannel", {"purpose": "PURPOSE_SERVICE"})
    assert service["chosen"]["channel"] == "CONTACT_CHANNEL_EMAIL"
    many = {"purpose": "PURPOSE_MARKETING", "channel": "CONTACT_CHANNEL_EMAIL"}
    batch = await posted(rest, "people:batchCheckContact", many | {"personIds": [other["id"], objector["id"]]})
    assert [each["reason"] for each in batch["verdicts"]] == ["CONTACT_REASON_GRANTED", "CONTACT_REASON_OBJECTED"]
    whole = await got(rest, f"people/{objector['id']}:checkContactability")
    barred = {each["purpose"] for each in whole["verdicts"] if each["reason"] == "CONTACT_REASON_OBJECTED"}
    assert barred == {f"PURPOSE_{purpose}" for purpose in NEEDING_A_GRANT}


async def test_plt_08_mkt_19_whoever_a_person_is_merged_with_has_objected_too_until_they_part(
    rest: httpx2.AsyncClient,
) -> None:
    objector, survivor, last = [await consenting(rest) for _ in range(3)]
    await asked(rest, objector, "OBJECT")
    assert await verdicts(rest, survivor) == expected(GRANTED)
    for loser, into in ((objector, survivor), (survivor, last)):
        await posted(rest, f"people/{into['id']}:merge", {"ids": [loser["id"]]})
    for each in (objector, survivor, last):
        assert await verdicts(rest, each) == expected((False, "OBJECTED"))
    await posted(rest, "people:unmerge", {"personId": survivor["id"]})
    assert await verdicts(rest, last) == expected(GRANTED)
    assert await verdicts(rest, survivor) == expected((False, "OBJECTED"))
    await posted(rest, "people:unmerge", {"personId": objector["id"]})
    assert await verdicts(rest, survivor) == expected(GRANTED)
    assert await verdicts(rest, objector) == expected((False, "OBJECTED"))


async def test_plt_08_mkt_19_who_objected_while_two_were_one_has_objected_for_both_when_they_part(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    survivor, loser = await consenting(rest), await consenting(rest)
    before = await asked(rest, survivor, "RESTRICT")
    merge = await posted(rest, f"people/{survivor['id']}:merge", {"ids": [loser["id"]]})
    during = [await asked(rest, loser, right) for right in ("OBJECT", "OBJECT", "ACCESS")]
    await posted(rest, f"privacyRequests/{during[0]['id']}:complete", {"outcome": "Blocked"})
    await posted(rest, "people:unmerge", {"mergeId": merge["id"]})
    assert (await verdicts(rest, survivor), await verdicts(rest, loser)) == (
        expected((False, "RESTRICTED")),
        expected((False, "OBJECTED")),
    )
    copies = await listed(rest, "privacyRequests", {"filter": f'person_id = "{loser["id"]}"'})
    states = sorted(each["state"].removeprefix("PRIVACY_REQUEST_STATE_") for each in copies)
    assert states == ["COMPLETED", "OPEN"]
    assert {each["dueTime"] for each in copies} == {each["dueTime"] for each in during[:2]}
    (waiting,) = [each["id"] for each in copies if each["state"].endswith("OPEN")]
    timers = "SELECT 1 FROM timer WHERE kind = 'contact.privacy_request.due' AND key = $1"
    assert len(await rows(tenant.suite.stack, "contact", timers, waiting)) == 1
    await posted(rest, f"privacyRequests/{before['id']}:refuse", {"refusals": [{"what": "All", "reason": "None"}]})
    assert await verdicts(rest, survivor) == expected((False, "OBJECTED"))


async def test_plt_08_mkt_19_sellers_are_told_and_cannot_lift_it(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    async with (await tenant.user("rep")).rest() as seller:
        person = await consenting(seller)
        case = await asked(rest, person, "OBJECT")
        await posted(rest, f"privacyRequests/{case['id']}:complete", {})
        assert await verdicts(seller, person) == expected((False, "OBJECTED"))
        refused = await seller.post(f"/v1/privacyRequests/{case['id']}:lift", json={"reason": "Wants to sell"})
        assert refused.status_code == 403
    async with (await tenant.user("manager")).rest() as manager:
        await posted(manager, f"privacyRequests/{case['id']}:lift", {"reason": "The customer wrote so"})


async def test_plt_08_mkt_19_what_bars_nothing_cannot_be_lifted(rest: httpx2.AsyncClient) -> None:
    person = await consenting(rest)
    access, open_one = await asked(rest, person, "ACCESS"), await asked(rest, person, "OBJECT")
    lifted = await asked(rest, person, "OBJECT")
    for case in (access, lifted):
        await posted(rest, f"privacyRequests/{case['id']}:complete", {})
    unfounded = await rest.post(f"/v1/privacyRequests/{lifted['id']}:lift", json={})
    assert violations(unfounded) == {"reason": "REQUIRED"}
    await posted(rest, f"privacyRequests/{lifted['id']}:lift", {"reason": "Once"})
    for case in (access, open_one, lifted):
        again = await rest.post(f"/v1/privacyRequests/{case['id']}:lift", json={"reason": "Again"})
        assert (again.status_code, again.json()["reason"]) == (400, "NOTHING_TO_LIFT")
    assert await verdicts(rest, person) == expected((False, "OBJECTED"))
