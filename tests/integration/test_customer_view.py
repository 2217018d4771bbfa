"""The page of a customer through REST, with a department well, slow, stopped, dead or forbidden (GWU-03, GWU-04).

And of two customers who turn out to be one, as a department outside contact sees them (CON-18).
"""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
import pytest_asyncio

from rapport_kit.local.nats import NatsServer
from tests.callers import Caller, Tenant, suite_of
from tests.databases import rows
from tests.eventually import eventually
from tests.installation import install
from tests.orders.service import service as orders
from tests.people import created, posted, word
from tests.processes import Collector, Processes, collecting, running_processes

BUDGET = 0.5
"""Seconds for a panel: a loaded machine must not make a department late that is well."""
OF_CONTACT = ("header", "timeline", "openTasks", "contactability", "relations")
MARGIN = 2.0
"""Seconds by which a page may be later than its budgets on a loaded machine."""


@dataclass
class Page:
    """The running processes, two tenants, and what is exported."""

    processes: Processes
    tenant: Tenant
    other: Tenant
    collector: Collector

    async def order(
        self, customer: dict[str, Any], article: str, *, delay: float = 0.0, as_of: datetime | None = None
    ) -> None:
        """Have the customer have ordered something."""
        await rows(
            self.processes.stack,
            "orders",
            "INSERT INTO ordered VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, customer_id)"
            " DO UPDATE SET article = $3, delay = $4, as_of = $5",
            *(UUID(self.tenant.id), UUID(customer["id"]), article, delay, as_of),
        )


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def page(
    postgres: str, nats_factory: Callable[[], NatsServer], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Page]:
    directory = tmp_path_factory.mktemp("v")
    with collecting() as collector:
        more = {
            "PYTHONPATH": install(directory / "python", orders.name, {orders.name: "tests.orders.service:service"}),
            "RAPPORT_OTLP_ENDPOINT": collector.endpoint,
            "RAPPORT_TRACE_SAMPLING_RATIO": "1.0",
            "OTEL_BSP_SCHEDULE_DELAY": "200",
            "RAPPORT_GATEWAY_HEADER_BUDGET": str(BUDGET),
            "RAPPORT_GATEWAY_PANEL_BUDGET": str(BUDGET),
        }
        async with (
            running_processes(
                postgres=postgres, nats_url=nats_factory().url, directory=directory, more=more, others=[orders]
            ) as processes,
            suite_of(processes.stack) as suite,
        ):
            tenant, other = await suite.open_tenant("seen"), await suite.open_tenant("elsewhere")
            yield Page(processes, tenant, other, collector)


@pytest_asyncio.fixture(loop_scope="session")
async def rest(page: Page) -> AsyncIterator[httpx2.AsyncClient]:
    async with page.tenant.admin.rest() as client:
        yield client


async def view(rest: httpx2.AsyncClient, customer: dict[str, Any], **headers: str) -> dict[str, Any]:
    answer = await rest.get(f"/v1/customers/{customer['id']}:view", headers=headers)
    assert answer.status_code == 200, answer.text
    seen: dict[str, Any] = answer.json()
    return seen


def state(panel: dict[str, Any]) -> str:
    return str(panel["status"]["state"]).removeprefix("PANEL_STATE_")


def of_orders(seen: dict[str, Any]) -> dict[str, Any]:
    """The one department that has a panel."""
    (panel,) = seen["departments"]
    assert panel["department"] == "orders"
    return dict(panel)


def article(seen: dict[str, Any]) -> str:
    return str(of_orders(seen)["panel"]["facts"][0]["value"])


def articles(seen: dict[str, Any]) -> set[str]:
    """Everything that the customer ordered."""
    return {each["title"] for each in of_orders(seen).get("panel", {}).get("entries", [])}


def seconds(panel: dict[str, Any]) -> float:
    return float(panel["status"]["age"].removesuffix("s"))


async def test_gwu_03_a_page_shows_what_every_department_knows(page: Page, rest: httpx2.AsyncClient) -> None:
    person = await created(rest, channels=[{"email": {"address": f"{word()}@view.example"}}])
    open_task = await posted(rest, "tasks", {"title": "Send tea", "personId": person["id"]})
    done = await posted(rest, "tasks", {"title": "Call", "personId": person["id"]})
    await rest.post(f"/v1/tasks/{done['id']}:complete", json={})
    employer = await posted(rest, "organisations", {"displayName": word()})
    employed = {"personId": person["id"], "toOrganisationId": employer["id"], "type": "RELATION_TYPE_EMPLOYEE"}
    await posted(rest, "relations", employed)
    await page.order(person, "Tea")

    async def whole() -> dict[str, Any]:
        seen = await view(rest, person)
        assert [entry["summary"] for entry in seen["timeline"]["timelineEntries"]] == ["Call", "Created"]
        return seen

    seen = await eventually(whole)
    assert seen["id"] == person["id"]
    assert seen["header"]["person"] == person
    assert [task["id"] for task in seen["openTasks"]["tasks"]] == [open_task["id"]]
    verdicts = seen["contactability"]["verdicts"]
    assert len({(each["purpose"], each["channel"]) for each in verdicts}) == len(verdicts) == 20
    service = next(each for each in verdicts if each["purpose"] == "PURPOSE_SERVICE" and "EMAIL" in each["channel"])
    assert (service["allowed"], service["reason"]) == (True, "CONTACT_REASON_PERFORMANCE")
    (relationship,) = seen["relations"]["relationships"]
    assert relationship["otherDisplayName"] == employer["displayName"]
    assert (of_orders(seen)["panel"]["title"], article(seen)) == ("Orders", "Tea")
    panels = [seen[name] for name in OF_CONTACT] + [of_orders(seen)]
    for panel in panels:
        assert state(panel) == "OK"
        assert panel["status"]["readTime"]
        assert 0 <= seconds(panel) < BUDGET + MARGIN


async def test_gwu_03_a_long_timeline_pages_on_from_its_first_fifty(rest: httpx2.AsyncClient) -> None:
    person = await created(rest)
    for number in range(52):
        body = {"kind": "visit", "summary": f"Visit {number}", "personId": person["id"]}
        await posted(rest, "timelineEntries", body | {"occurTime": f"2031-01-01T10:00:{number:02}Z"})

    async def all_there() -> dict[str, Any]:
        answer = await rest.get(f"/v1/people/{person['id']}/timelineEntries", params={"pageSize": 100})
        assert len(answer.json()["timelineEntries"]) == 53
        return await view(rest, person)

    first = (await eventually(all_there))["timeline"]
    assert len(first["timelineEntries"]) == 50
    params = {"pageToken": first["nextPageToken"], "pageSize": 50}
    rest_of_it = (await rest.get(f"/v1/people/{person['id']}/timelineEntries", params=params)).json()
    assert [each["summary"] for each in rest_of_it["timelineEntries"]] == ["Visit 1", "Visit 0", "Created"]


async def test_an_organisation_has_a_page_too(rest: httpx2.AsyncClient) -> None:
    organisation = await posted(rest, "organisations", {"displayName": word()})
    await posted(rest, "tasks", {"title": "Visit", "organisationId": organisation["id"]})
    person = await created(rest)
    employed = {"personId": person["id"], "toOrganisationId": organisation["id"], "type": "RELATION_TYPE_EMPLOYEE"}
    await posted(rest, "relations", employed)
    seen = await view(rest, organisation)
    assert seen["header"]["organisation"] == organisation
    assert [task["title"] for task in seen["openTasks"]["tasks"]] == ["Visit"]
    assert [each["otherPersonId"] for each in seen["relations"]["relationships"]] == [person["id"]]
    assert "contactability" not in seen


async def test_a_department_says_how_old_its_content_is_or_that_there_is_none(
    page: Page, rest: httpx2.AsyncClient
) -> None:
    known, unknown = await created(rest), await created(rest)
    await page.order(known, "Coffee", as_of=datetime.now(UTC) - timedelta(hours=1))
    assert 3600 <= seconds(of_orders(await view(rest, known))) < 3600 + BUDGET + MARGIN
    absent = of_orders(await view(rest, unknown))
    assert (state(absent), absent["status"]["reason"]) == ("ABSENT", "CUSTOMER_UNKNOWN")
    assert "panel" not in absent


async def test_con_18_a_department_has_what_two_people_ordered_together_until_they_part(
    page: Page, rest: httpx2.AsyncClient
) -> None:
    survivor, loser = await created(rest), await created(rest)
    await page.order(survivor, "Tea")
    await page.order(loser, "Coffee")
    merge = await posted(rest, f"people/{survivor['id']}:merge", {"ids": [loser["id"]]})

    async def ordered(**expected: set[str]) -> None:
        found = {"survivor": articles(await view(rest, survivor)), "loser": articles(await view(rest, loser))}
        assert found == expected

    both = {"Tea", "Coffee"}
    await eventually(lambda: ordered(survivor=both, loser=both))
    await page.order(loser, "Cake")  # by an old id, as an integration goes on to do
    await ordered(survivor={"Tea", "Cake"}, loser={"Tea", "Cake"})
    await posted(rest, "people:unmerge", {"mergeId": merge["id"]})
    await eventually(lambda: ordered(survivor={"Tea"}, loser={"Cake"}))


async def test_con_18_a_department_follows_people_through_merge_upon_merge_and_back(
    page: Page, rest: httpx2.AsyncClient
) -> None:
    people = [await created(rest) for _ in range(3)]
    first, second, third = people
    for person, ordered in zip(people, ("Tea", "Coffee", "Cake"), strict=True):
        await page.order(person, ordered)

    async def shown(*expected: set[str]) -> None:
        assert [articles(await view(rest, person)) for person in people] == [*expected]

    await posted(rest, f"people/{second['id']}:merge", {"ids": [first["id"]]})
    await posted(rest, f"people/{third['id']}:merge", {"ids": [second["id"]]})
    everything = {"Tea", "Coffee", "Cake"}
    await eventually(lambda: shown(everything, everything, everything))
    await posted(rest, "people:unmerge", {"personId": second["id"]})
    await eventually(lambda: shown({"Tea", "Coffee"}, {"Tea", "Coffee"}, {"Cake"}))
    await posted(rest, "people:unmerge", {"personId": first["id"]})
    await eventually(lambda: shown({"Tea"}, {"Coffee"}, {"Cake"}))


async def test_gwu_04_a_slow_department_costs_its_panel_only(page: Page, rest: httpx2.AsyncClient) -> None:
    person = await created(rest)
    await page.order(person, "Slow goods", delay=20)
    began = time.monotonic()
    seen = await view(rest, person)
    assert time.monotonic() - began < 2 * BUDGET + MARGIN
    assert state(of_orders(seen)) == "LATE"
    assert "panel" not in of_orders(seen)
    assert {state(seen[name]) for name in OF_CONTACT} == {"OK"}


async def test_gwu_04_what_was_read_before_is_shown_with_its_true_age_to_the_same_reader_only(
    page: Page, rest: httpx2.AsyncClient
) -> None:
    person = await created(rest)
    await page.order(person, "First goods")
    before = of_orders(await view(rest, person))
    await page.order(person, "Second goods", delay=20)
    seen = await view(rest, person)
    late = of_orders(seen)
    assert (state(late), article(seen)) == ("LATE", "First goods")
    assert late["status"]["readTime"] == before["status"]["readTime"]
    assert seconds(late) >= BUDGET / 2 > seconds(before)
    async with (await page.tenant.user("admin")).rest() as colleague:
        assert "panel" not in of_orders(await view(colleague, person))
    await page.order(person, "Third goods")
    assert article(await view(rest, person)) == "Third goods"


async def test_gwu_04_a_stopped_department_costs_its_panel_only(page: Page, rest: httpx2.AsyncClient) -> None:
    person = await created(rest)
    await page.order(person, "Goods")
    await view(rest, person)
    os.kill(page.processes.pids["orders"], signal.SIGSTOP)
    try:
        began = time.monotonic()
        seen = await view(rest, person)
        assert time.monotonic() - began < 2 * BUDGET + MARGIN
    finally:
        os.kill(page.processes.pids["orders"], signal.SIGCONT)
    assert (state(of_orders(seen)), article(seen)) == ("LATE", "Goods")
    assert {state(seen[name]) for name in OF_CONTACT} == {"OK"}


async def test_gwu_04_while_contact_is_stopped_the_others_are_shown(page: Page, rest: httpx2.AsyncClient) -> None:
    known, unknown = await created(rest), await created(rest)
    for person in (known, unknown):
        await page.order(person, "Goods")
    await view(rest, known)
    os.kill(page.processes.pids["contact"], signal.SIGSTOP)
    try:
        began = time.monotonic()
        seen, blank = await asyncio.gather(view(rest, known), view(rest, unknown))
        assert time.monotonic() - began < 2 * BUDGET + MARGIN
    finally:
        os.kill(page.processes.pids["contact"], signal.SIGCONT)
    assert (state(seen["header"]), seen["header"]["person"]) == ("LATE", known)
    assert (state(blank["header"]), set(blank["header"])) == ("LATE", {"status"})
    assert (article(seen), article(blank)) == ("Goods", "Goods")
    assert {state(blank[name]) for name in ("timeline", "openTasks")} == {"LATE"}


async def test_a_denied_panel_says_so_and_a_denied_record_denies_the_page(page: Page, rest: httpx2.AsyncClient) -> None:
    person = await created(rest)
    await page.order(person, "Goods")
    async with (await page.tenant.user("read_only")).rest() as reader:
        seen = await view(reader, person)
        assert state(of_orders(seen)) == "DENIED"
        assert "panel" not in of_orders(seen)
        assert state(seen["header"]) == "OK"
    async with (await page.tenant.user("provisioning")).rest() as stranger:
        refused = await stranger.get(f"/v1/customers/{person['id']}:view")
        assert (refused.status_code, refused.json()["reason"]) == (403, "PERMISSION_DENIED")


async def test_a_page_shows_nothing_of_another_tenant(page: Page, rest: httpx2.AsyncClient) -> None:
    person = await created(rest)
    await page.order(person, "Secret goods")
    await view(rest, person)
    async with page.other.admin.rest() as stranger:
        foreign = await stranger.get(f"/v1/customers/{person['id']}:view")
        nowhere = await stranger.get(f"/v1/customers/{uuid4()}:view")
        own = await created(stranger)
        assert state(of_orders(await view(stranger, own))) == "ABSENT"
    for answer in (foreign, nowhere):
        assert (answer.status_code, answer.json()["reason"]) == (404, "CUSTOMER_NOT_FOUND")
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_page_is_for_those_who_are_known(page: Page, rest: httpx2.AsyncClient) -> None:
    person = await created(rest)
    await view(rest, person)
    suite = page.tenant.suite
    for bearer in ("", "forged", page.tenant.admin.bearer[:-4] + "AAAA"):
        headers = {"authorization": f"Bearer {bearer}"} if bearer else {}
        async with Caller(suite).rest(headers=headers) as anybody:
            answer = await anybody.get(f"/v1/customers/{person['id']}:view")
        assert answer.status_code == 401, answer.text
    malformed = await rest.get("/v1/customers/none:view")
    assert (malformed.status_code, malformed.json()["violations"][0]["field"]) == (400, "id")


async def test_one_trace_shows_every_call_of_a_page_and_metrics_what_became_of_them(
    page: Page, rest: httpx2.AsyncClient
) -> None:
    person = await created(rest)
    await page.order(person, "Goods")
    trace = secrets.token_hex(16)
    await view(rest, person, traceparent=f"00-{trace}-{secrets.token_hex(8)}-01")

    async def whole() -> None:
        spans = page.collector.trace(trace)
        served = {(service, span.name.rpartition(".")[2]) for service, span in spans}
        assert {("contact", name) for name in ("GetPerson", "ListTasks", "CheckContactability")} <= served
        assert {("contact", "ListTimelineEntries"), ("orders", "GetCustomerPanel")} <= served
        assert ("gateway", "GetCustomerView") in served

    await eventually(whole)
    async with httpx2.AsyncClient() as client:
        text = (await client.get(f"http://{page.processes.metrics['gateway']}/metrics")).text
    lines = [line for line in text.splitlines() if line.startswith("rapport_customer_panel_duration_seconds_count")]
    assert any('panel="orders",state="PANEL_STATE_OK"' in line for line in lines)
    assert person["id"] not in text


# The last one: nobody starts the department again.
async def test_gwu_04_a_dead_department_costs_its_panel_only(page: Page, rest: httpx2.AsyncClient) -> None:
    known, unknown = await created(rest), await created(rest)
    for person in (known, unknown):
        await page.order(person, "Goods")
    await view(rest, known)
    os.kill(page.processes.pids["orders"], signal.SIGKILL)

    async def down() -> None:
        assert state(of_orders(await view(rest, unknown))) == "UNAVAILABLE"

    await eventually(down)
    began = time.monotonic()
    seen = await view(rest, known)
    assert time.monotonic() - began < 2 * BUDGET + MARGIN
    assert (state(of_orders(seen)), article(seen)) == ("UNAVAILABLE", "Goods")
    assert {state(seen[name]) for name in OF_CONTACT} == {"OK"}
    assert (await rest.get(f"/v1/people/{known['id']}")).status_code == 200
