"""What operators see of a request: one trace through every process, durations of every method, and clean logs."""

from __future__ import annotations

import asyncio
import json
import secrets
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import grpc
import httpx2
import pytest
import pytest_asyncio
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from rapport_kit.contracts import department
from rapport_kit.local.nats import NatsServer
from tests.callers import SERVICES, Tenant, suite_of
from tests.databases import rows
from tests.eventually import eventually
from tests.processes import Collector, Processes, collecting, running_processes

CANARY = f"canary{secrets.token_hex(6)}"


@dataclass
class Observed:
    """The running processes with a tenant, and what they export."""

    processes: Processes
    tenant: Tenant
    collector: Collector


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def observed(
    postgres: str, nats_factory: Callable[[], NatsServer], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Observed]:
    directory = tmp_path_factory.mktemp("p")
    with collecting() as collector:
        more = {
            "RAPPORT_OTLP_ENDPOINT": collector.endpoint,
            "RAPPORT_TRACE_SAMPLING_RATIO": "1.0",
            "OTEL_BSP_SCHEDULE_DELAY": "200",
        }
        async with (
            running_processes(
                postgres=postgres, nats_url=nats_factory().url, directory=directory, more=more
            ) as processes,
            suite_of(processes.stack) as suite,
        ):
            yield Observed(processes, await suite.open_tenant("observed"), collector)


def traceparent() -> tuple[str, str]:
    """A new trace: its id, and the header of a caller who samples it."""
    trace_id = secrets.token_hex(16)
    return trace_id, f"00-{trace_id}-{secrets.token_hex(8)}-01"


async def test_one_trace_leads_from_the_gateway_through_the_broker_to_the_consumer(observed: Observed) -> None:
    trace_id, header = traceparent()
    user = {"email": f"{CANARY}@staff.example", "displayName": f"User {CANARY}", "roles": ["rep"]}
    async with observed.tenant.admin.rest() as rest:
        made = await rest.post("/v1/users", json=user, headers={"traceparent": header})
    assert made.status_code == 200, made.text

    async def whole() -> list[tuple[str, Span]]:
        spans = observed.collector.trace(trace_id)  # of each service whenever it sends what it has
        assert {service for service, _ in spans} == {"gateway", "identity", "contact"}
        known = {span.span_id.hex() for _, span in spans} | {header.split("-")[2]}
        assert {span.parent_span_id.hex() for _, span in spans} <= known
        return spans

    spans = await eventually(whole)
    kinds = {(service, Span.SpanKind.Name(span.kind)): span for service, span in spans}
    at_edge = kinds["gateway", "SPAN_KIND_SERVER"]
    served = kinds["identity", "SPAN_KIND_SERVER"]
    published = kinds["identity", "SPAN_KIND_PRODUCER"]
    handled = kinds["contact", "SPAN_KIND_CONSUMER"]
    assert at_edge.parent_span_id.hex() == header.split("-")[2]
    by_id = {span.span_id: span for _, span in spans}
    for span in (served, published, handled):
        assert span.parent_span_id in by_id, f"{span.name} hangs on nothing"
        assert at_edge.span_id in ancestors(span, by_id)
    assert at_edge.name == served.name == "rapport.identity.v1.UserService.CreateUser"
    assert handled.name == "handle rapport.identity.v1.UserChanged"
    assert CANARY not in str(spans)


def ancestors(span: Span, by_id: dict[bytes, Span]) -> set[bytes]:
    """The ids of the spans above one."""
    found = set()
    above: Span | None = span
    while above is not None:
        above = by_id.get(above.parent_span_id)
        if above is not None:
            found.add(above.span_id)
    return found


async def test_the_trace_of_a_failure_tells_its_kind_and_no_more(observed: Observed) -> None:
    trace_id, header = traceparent()
    async with observed.tenant.admin.rest() as rest:
        refused = await rest.post(
            "/v1/people", json={"givenName": CANARY, "locale": CANARY}, headers={"traceparent": header}
        )
        missing = await rest.get(f"/v1/people/{uuid.uuid4()}", headers={"traceparent": header})
    assert (refused.status_code, missing.status_code) == (400, 404)

    async def both() -> list[tuple[str, Span]]:
        spans = observed.collector.trace(trace_id)
        assert len([span for service, span in spans if service == "contact"]) == 2
        return spans

    spans = await eventually(both)
    codes = {
        attribute.value.string_value
        for _, span in spans
        for attribute in span.attributes
        if attribute.key == "rpc.response.status_code"
    }
    assert codes == {"INVALID_ARGUMENT", "NOT_FOUND"}
    assert CANARY not in str(spans)


async def test_metrics_show_rate_errors_and_duration_of_every_method(observed: Observed) -> None:
    async with observed.tenant.admin.rest() as rest:
        made = await rest.post("/v1/people", json={"givenName": CANARY})
        refused = await rest.post("/v1/people", json={"givenName": CANARY, "timeZone": CANARY})
    assert (made.status_code, refused.status_code) == (200, 400)
    async with httpx2.AsyncClient() as client:
        pages = {
            name: (await client.get(f"http://{address}/metrics")).text
            for name, address in observed.processes.metrics.items()
        }
    served = 'rapport_rpc_server_duration_seconds_count{code="%s",method="%s",service="contact"}'
    create = "rapport.contact.v1.PersonService.CreatePerson"
    for code in ("OK", "INVALID_ARGUMENT"):
        assert served % (code, create) in pages["contact"]
    at_edge = 'rapport_http_server_duration_seconds_count{method="POST",rpc="%s",status="%s"}'
    for status in ("200", "400"):
        assert at_edge % (create, status) in pages["gateway"]
    for gauge in ("rapport_outbox_depth", "rapport_consumer_lag", "rapport_pool_connections", "rapport_event_loop_lag"):
        assert gauge in pages["contact"]
    assert CANARY not in "".join(pages.values())
    assert observed.tenant.id not in "".join(pages.values())


async def test_logs_are_json_with_tenant_and_trace_and_nothing_personal(observed: Observed) -> None:
    """The request breaks inside, where a log line needs the most detail: a table is away while it runs."""
    trace_id, header = traceparent()
    person = {
        "givenName": CANARY,
        "familyName": f"Family {CANARY}",
        "channels": [{"email": {"address": f"{CANARY}@people.example"}}, {"phone": {"number": "+447700900123"}}],
    }
    stack = observed.processes.stack
    await rows(stack, "contact", "ALTER TABLE person RENAME TO person_away")
    try:
        async with observed.tenant.admin.rest() as rest:
            broken = await rest.post("/v1/people", json=person, headers={"traceparent": header})
            listed = await rest.get(
                "/v1/people", params={"filter": f'family_name = "{CANARY}"'}, headers={"traceparent": header}
            )
    finally:
        await rows(stack, "contact", "ALTER TABLE person_away RENAME TO person")
    assert (broken.status_code, listed.status_code) == (500, 500)
    assert "person" not in broken.json()["detail"]
    written = observed.processes.written()
    lines = [json.loads(line) for line in written.splitlines() if line]
    faults = [line for line in lines if line["event"] == "fault"]
    assert len(faults) == 2
    for line in faults:
        assert (line["tenant"], line["actor"]) == (observed.tenant.id, observed.tenant.admin.id)
        assert (line["trace_id"], line["service"]) == (trace_id, "contact")
    assert {line["fault_id"] for line in faults} == {answer.json()["metadata"]["id"] for answer in (broken, listed)}
    for personal in (CANARY, "+447700900123", "7700900123", observed.tenant.admin.bearer, "rpk_", "correct horse"):
        assert personal not in written


@pytest.mark.parametrize("service", list(SERVICES.values()), ids=lambda service: service.full_name)
async def test_a_generic_client_finds_and_checks_every_service(service: Any, observed: Observed) -> None:
    target = observed.processes.stack.target(department(service))

    def ask() -> tuple[int, list[str], list[str]]:
        with grpc.insecure_channel(target) as channel:
            request = health_pb2.HealthCheckRequest(service=service.full_name)
            status = health_pb2_grpc.HealthStub(channel).Check(request).status
            database = ProtoReflectionDescriptorDatabase(channel)
            found = DescriptorPool(database).FindServiceByName(service.full_name)
            return status, list(database.get_services()), [method.name for method in found.methods]

    status, services, methods = await asyncio.to_thread(ask)
    assert status == health_pb2.HealthCheckResponse.SERVING
    assert service.full_name in services
    assert methods == [method.name for method in service.methods]


async def test_a_client_that_knows_only_reflection_can_call(observed: Observed) -> None:
    def ask() -> Any:
        with grpc.insecure_channel(observed.processes.stack.target("contact")) as channel:
            pool = DescriptorPool(ProtoReflectionDescriptorDatabase(channel))
            method = pool.FindServiceByName("rapport.contact.v1.PersonService").methods_by_name["ListPeople"]
            call: Any = channel.unary_unary(
                "/rapport.contact.v1.PersonService/ListPeople",
                lambda message: message.SerializeToString(),
                GetMessageClass(method.output_type).FromString,
            )
            bearer = observed.tenant.admin.bearer
            return call(
                GetMessageClass(method.input_type)(include_total_size=True),
                metadata=[("authorization", f"Bearer {bearer}")],
                timeout=10,
            )

    assert (await asyncio.to_thread(ask)).total_size >= 0
