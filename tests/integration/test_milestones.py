"""Families and milestones through REST (CON-05): each day that comes again is told of once a year."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2

from rapport.contact.v1 import events_pb2
from tests.callers import Tenant
from tests.databases import rows
from tests.eventually import eventually
from tests.people import created, listed, opened, posted, violations

LEAP_DAY = {"birthDate": {"month": 2, "day": 29}}


async def birthday_of(rest: httpx2.AsyncClient, person: dict[str, Any]) -> list[dict[str, Any]]:
    return await listed(rest, "milestones", {"filter": f'person_id = "{person["id"]}"'})


async def due(tenant: Tenant, milestone: dict[str, Any]) -> datetime:
    (row,) = await rows(tenant.suite.stack, "contact", "SELECT due_at FROM timer WHERE key = $1", milestone["id"])
    at: datetime = row["due_at"]
    return at


async def let_come(tenant: Tenant, milestone: dict[str, Any]) -> None:
    """Let the time come that the timer waits for, and wait until it waits for the next."""
    before = await due(tenant, milestone)
    soon = "UPDATE timer SET try_at = clock_timestamp() WHERE key = $1"
    await rows(tenant.suite.stack, "contact", soon, milestone["id"])

    async def ran() -> None:
        assert await due(tenant, milestone) > before

    await eventually(ran)


async def told(tenant: Tenant, milestone: dict[str, Any], fact: type[Any] = events_pb2.MilestoneDue) -> list[Any]:
    wanted = "SELECT payload FROM event WHERE aggregate = $1 AND type = $2 ORDER BY sequence"
    found = await rows(tenant.suite.stack, "contact", wanted, milestone["id"], fact.DESCRIPTOR.full_name)
    facts = [fact.FromString(row["payload"]) for row in found]
    await opened(tenant, *facts)
    return facts


def coming(after: date) -> Sequence[date]:
    """The next three 29 Februaries, as they come in years without one."""
    days = [date(year, 2, 29 if calendar.isleap(year) else 28) for year in range(after.year, after.year + 5)]
    return [day for day in days if day > after][:3]


async def test_con_05_a_birthday_on_29_february_is_told_of_once_a_year(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    (birthday,) = await birthday_of(rest, person := await created(rest, **LEAP_DAY))
    expected = coming(datetime.now(UTC).date())
    for _ in range(2):
        await let_come(tenant, birthday)
    facts = await told(tenant, birthday)
    assert [date(fact.date.year, fact.date.month, fact.date.day) for fact in facts] == list(expected[:2])
    assert {(fact.person_id, fact.years) for fact in facts} == {(person["id"], 0)}
    assert (await due(tenant, birthday)).date() == expected[2]


async def test_con_05_a_birth_date_that_is_put_right_is_not_told_of_twice_in_a_year(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    soon = datetime.now(UTC).date() + timedelta(days=3)
    first = {"year": 1980, "month": soon.month, "day": min(soon.day, 28)}
    person = await created(rest, birthDate=first)
    (birthday,) = await birthday_of(rest, person)
    await let_come(tenant, birthday)
    later = (await due(tenant, birthday)).date().replace(day=27)
    right = {"year": 1981, "month": later.month, "day": later.day}
    await rest.patch(f"/v1/people/{person['id']}", json={"birthDate": right})
    (same,) = await birthday_of(rest, person)
    while len(years := [fact.date.year for fact in await told(tenant, birthday)]) < 3:
        await let_come(tenant, birthday)
    assert (same["id"], same["date"]) == (birthday["id"], right)
    assert len(set(years)) == 3
    await rest.patch(f"/v1/people/{person['id']}?updateMask=birthDate", json={})
    assert await birthday_of(rest, person) == []
    assert await rows(tenant.suite.stack, "contact", "SELECT 1 FROM timer WHERE key = $1", birthday["id"]) == []


async def test_con_05_what_is_due_is_told_although_the_milestone_is_edited_first(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    day = datetime.now(UTC) - timedelta(days=1)
    made = await posted(
        rest,
        "milestones",
        {
            "personId": (await created(rest))["id"],
            "kind": "MILESTONE_KIND_ANNIVERSARY",
            "date": {"year": 2000, "month": day.month, "day": day.day},
        },
    )
    next_year = await due(tenant, made)
    late = "UPDATE timer SET due_at = $2, try_at = 'infinity', payload = $3 WHERE key = $1"
    missed = day.replace(hour=6, minute=0, second=0, microsecond=0)
    await rows(tenant.suite.stack, "contact", late, made["id"], missed, f"{day.year}/0".encode())
    await rest.patch(f"/v1/milestones/{made['id']}", json={"displayName": "The wedding"})

    async def goes_on() -> None:
        assert await due(tenant, made) == next_year

    await eventually(goes_on)
    (fact,) = await told(tenant, made)
    assert (fact.years, fact.display_name) == (day.year - 2000, "The wedding")
    await rest.patch(f"/v1/milestones/{made['id']}", json={"displayName": "The day"})
    assert (len(await told(tenant, made)), await due(tenant, made)) == (1, next_year)


async def test_con_05_reminders_come_ahead_and_whoever_is_in_the_trash_is_not_told_of(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    person = await created(rest)
    day = datetime.now(UTC).date() + timedelta(days=40)
    made = await posted(
        rest,
        "milestones",
        {
            "personId": person["id"],
            "kind": "MILESTONE_KIND_CUSTOM",
            "displayName": "First order",
            "date": {"year": 2020, "month": day.month, "day": min(day.day, 28)},
            "remindDaysBefore": [14],
        },
    )
    await let_come(tenant, made)
    (reminder,) = await told(tenant, made, events_pb2.MilestoneApproaching)
    assert (reminder.days_before, reminder.display_name) == (14, "First order")
    assert await told(tenant, made) == []
    await let_come(tenant, made)
    (fact,) = await told(tenant, made)
    assert fact.years == fact.date.year - 2020
    await rest.delete(f"/v1/people/{person['id']}")
    for _ in range(2):
        await let_come(tenant, made)
    assert len(await told(tenant, made)) == 1


async def test_con_05_the_tenant_may_let_29_february_come_on_1_march(rest: httpx2.AsyncClient, tenant: Tenant) -> None:
    path = f"/v1/tenants/{tenant.id}/contactSettings"
    default = (await rest.get(path)).json()
    changed = await rest.patch(path, json={"leapDay": "LEAP_DAY_MARCH_1"})
    (birthday,) = await birthday_of(rest, await created(rest, **LEAP_DAY))
    day = (await due(tenant, birthday)).date()
    assert (default["leapDay"], changed.json()["leapDay"]) == ("LEAP_DAY_FEBRUARY_28", "LEAP_DAY_MARCH_1")
    assert (day.month, day.day) == ((2, 29) if calendar.isleap(day.year) else (3, 1))
    await rest.patch(path, json={"leapDay": "LEAP_DAY_FEBRUARY_28"})


async def test_con_05_a_birthday_is_not_made_by_hand_and_family_is_for_those_who_may(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    person = await created(rest)
    by_hand = {"personId": person["id"], "kind": "MILESTONE_KIND_BIRTHDAY", "date": {"month": 1, "day": 1}}
    refused = await rest.post("/v1/milestones", json=by_hand)
    child = {"personId": person["id"], "role": "FAMILY_ROLE_CHILD", "displayName": "Kim"}
    made = await posted(rest, "familyMembers", child | {"birthDate": {"month": 5, "day": 3}})
    async with (await tenant.user("read_only")).rest() as other:
        hidden = await other.get(f"/v1/familyMembers/{made['id']}")
    assert violations(refused) == {"milestone.kind": "DERIVED"}
    assert made["birthDate"] == {"month": 5, "day": 3}
    assert hidden.status_code == 403
