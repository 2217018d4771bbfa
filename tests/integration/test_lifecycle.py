"""The lifecycle through REST (CON-09): every move has a cause, and what may not be is skipped or refused."""

from __future__ import annotations

from typing import Any

import httpx2

from tests.callers import Tenant
from tests.people import created, listed, violations

DEAL = "rapport.sales.v1.OpportunityOpened"


async def move(rest: httpx2.AsyncClient, person: dict[str, Any], stage: str, **more: str) -> httpx2.Response:
    body = {"stage": f"LIFECYCLE_STAGE_{stage}"} | more
    return await rest.post(f"/v1/people/{person['id']}:moveLifecycleStage", json=body)


async def moves(rest: httpx2.AsyncClient, person: dict[str, Any]) -> list[dict[str, Any]]:
    return await listed(rest, "lifecycleMoves", {"filter": f'person_id = "{person["id"]}"'})


async def stage(rest: httpx2.AsyncClient, person: dict[str, Any]) -> str:
    return str((await rest.get(f"/v1/people/{person['id']}")).json()["lifecycleStage"])


async def test_con_09_a_supplier_stays_other_when_a_deal_comes_and_the_skip_is_logged(rest: httpx2.AsyncClient) -> None:
    supplier = await created(rest, kind="PERSON_KIND_SUPPLIER", lifecycleStage="LIFECYCLE_STAGE_LEAD")
    assert supplier["lifecycleStage"] == "LIFECYCLE_STAGE_OTHER"
    answer = (await move(rest, supplier, "OPPORTUNITY", event=DEAL)).json()
    assert await stage(rest, supplier) == "LIFECYCLE_STAGE_OTHER"
    (logged,) = await moves(rest, supplier)
    assert logged == answer
    assert (logged["outcome"], logged["cause"]) == ("MOVE_OUTCOME_SKIPPED_KIND", "MOVE_CAUSE_EVENT")
    assert (logged["event"], logged["toStage"]) == (DEAL, "LIFECYCLE_STAGE_OPPORTUNITY")


async def test_con_09_forward_is_free_and_every_move_has_its_row(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    person = await created(rest)
    await move(rest, person, "LEAD", event="rapport.marketing.v1.FormSubmitted")
    await move(rest, person, "CUSTOMER", reason="Signed at the fair")
    last, first = await moves(rest, person)
    assert await stage(rest, person) == "LIFECYCLE_STAGE_CUSTOMER"
    assert (first["fromStage"], first["toStage"]) == ("LIFECYCLE_STAGE_SUBSCRIBER", "LIFECYCLE_STAGE_LEAD")
    assert (first["cause"], first["event"]) == ("MOVE_CAUSE_EVENT", "rapport.marketing.v1.FormSubmitted")
    assert (last["cause"], last["reason"]) == ("MOVE_CAUSE_REQUEST", "Signed at the fair")
    assert last["actorId"] == tenant.admin.id


async def test_con_09_back_needs_the_permission_and_a_reason(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    rep = await tenant.user("rep")
    async with rep.rest() as own:
        person = await created(own, lifecycleStage="LIFECYCLE_STAGE_CUSTOMER")
        denied = await move(own, person, "LEAD", reason="By mistake")
        assert (denied.status_code, denied.json()["reason"]) == (403, "PERMISSION_DENIED")
        assert (await move(own, person, "EVANGELIST")).status_code == 200
    silent = await move(rest, person, "LEAD")
    assert (silent.status_code, violations(silent)) == (400, {"reason": "REQUIRED"})
    assert (await move(rest, person, "LEAD", reason="By mistake")).status_code == 200
    assert await stage(rest, person) == "LIFECYCLE_STAGE_LEAD"


async def test_con_09_no_event_moves_anybody_back(rest: httpx2.AsyncClient) -> None:
    person = await created(rest, lifecycleStage="LIFECYCLE_STAGE_CUSTOMER")
    skipped = [(await move(rest, person, wanted, event=DEAL)).json() for wanted in ("OPPORTUNITY", "CUSTOMER")]
    outcomes = [each["outcome"] for each in skipped]
    assert outcomes == ["MOVE_OUTCOME_SKIPPED_BACKWARD", "MOVE_OUTCOME_SKIPPED_SAME"]
    assert await stage(rest, person) == "LIFECYCLE_STAGE_CUSTOMER"
    await move(rest, person, "FORMER_CUSTOMER", event="rapport.sales.v1.SubscriptionEnded")
    won_back = (await move(rest, person, "CUSTOMER", event="rapport.sales.v1.OrderPaid")).json()
    assert won_back["outcome"] == "MOVE_OUTCOME_MOVED"


async def test_con_09_an_edit_of_the_record_is_a_move_too_but_never_back(rest: httpx2.AsyncClient) -> None:
    person = await created(rest, lifecycleStage="LIFECYCLE_STAGE_LEAD")
    path = f"/v1/people/{person['id']}"
    await rest.patch(path, json={"lifecycleStage": "LIFECYCLE_STAGE_CUSTOMER", "jobTitle": "Buyer"})
    await rest.patch(path, json={"jobTitle": "Head of buying"})
    back = await rest.patch(path, json={"lifecycleStage": "LIFECYCLE_STAGE_LEAD"})
    assert back.json()["reason"] == "LIFECYCLE_STAGE_BACKWARD"
    await rest.patch(path, json={"kind": "PERSON_KIND_PARTNER"})
    causes = [(each["cause"], each["toStage"]) for each in await moves(rest, person)]
    assert causes == [
        ("MOVE_CAUSE_KIND", "LIFECYCLE_STAGE_OTHER"),
        ("MOVE_CAUSE_EDIT", "LIFECYCLE_STAGE_CUSTOMER"),
    ]


async def test_con_09_how_long_each_stage_took_follows_from_the_moves(rest: httpx2.AsyncClient) -> None:
    person = await created(rest)
    made = [(await move(rest, person, wanted)).json() for wanted in ("LEAD", "CUSTOMER")]
    await move(rest, person, "LEAD", event=DEAL)  # skipped, so no stay
    found = (await rest.get(f"/v1/people/{person['id']}/lifecycle")).json()
    assert (found["stage"], found["stageTime"]) == ("LIFECYCLE_STAGE_CUSTOMER", made[1]["createTime"])
    assert [each["stage"].removeprefix("LIFECYCLE_STAGE_") for each in found["stays"]] == [
        "SUBSCRIBER",
        "LEAD",
        "CUSTOMER",
    ]
    assert [each["startTime"] for each in found["stays"]] == [
        person["createTime"],
        made[0]["createTime"],
        made[1]["createTime"],
    ]
    assert "endTime" not in found["stays"][-1]
    assert all(float(each["duration"].removesuffix("s")) > 0 for each in found["stays"])


async def test_con_09_a_move_to_where_somebody_is_and_one_from_the_trash_are_refused(rest: httpx2.AsyncClient) -> None:
    person = await created(rest)
    same = await move(rest, person, "SUBSCRIBER")
    await rest.delete(f"/v1/people/{person['id']}")
    gone = await move(rest, person, "LEAD")
    assert [same.json()["reason"], gone.json()["reason"]] == ["LIFECYCLE_STAGE_SAME", "PERSON_DELETED"]
