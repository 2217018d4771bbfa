"""With certificate files, every listener and every channel of ours speaks TLS, and nothing else is let in."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import grpc
import httpx2
import pytest
import pytest_asyncio
import trustme
from grpc_health.v1 import health_pb2, health_pb2_grpc

from rapport_kit.local.nats import NatsServer
from rapport_kit.rpc.client import open_channel
from rapport_kit.rpc.tls import channel_credentials
from rapport_kit.settings import PlatformSettings
from tests.certificates import certified, variables
from tests.processes import Processes, running_processes

DEPARTMENTS = ("identity", "contact")


@dataclass
class Secured:
    """The processes with their certificates; `settings` are those of a peer that belongs to them."""

    processes: Processes
    settings: PlatformSettings
    trust: ssl.SSLContext

    @property
    def address(self) -> str:
        return self.processes.stack.address.replace("http://", "https://")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def secured(
    postgres: str, nats_factory: Callable[[], NatsServer], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Secured]:
    directory = tmp_path_factory.mktemp("t")
    authority = trustme.CA()
    settings = certified(authority, directory)
    trust = ssl.create_default_context(cafile=settings.tls_ca)
    async with running_processes(
        postgres=postgres, nats_url=nats_factory().url, directory=directory, more=variables(settings), trust=trust
    ) as processes:
        yield Secured(processes, settings, trust)


async def health(target: str, credentials: grpc.ChannelCredentials | None) -> int:
    async with open_channel(target, credentials) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        answer = await stub.Check(health_pb2.HealthCheckRequest(), timeout=5)
        return int(answer.status)


async def test_a_request_goes_through_gateway_and_department_over_tls(secured: Secured) -> None:
    """GetJwks is served by identity; the gateway reaches it through its channel."""
    async with httpx2.AsyncClient(verify=secured.trust) as client:
        answer = await client.get(f"{secured.address}/v1/jwks")
    assert answer.status_code == 200
    assert answer.json()["keys"]


async def test_services_reach_one_another_over_tls(secured: Secured) -> None:
    """Contact refuses a wrong token by its keys, which it has from identity; without them it would be unavailable."""
    async with httpx2.AsyncClient(verify=secured.trust) as client:
        answer = await client.get(f"{secured.address}/v1/people", headers={"authorization": "Bearer e30.e30.e30"})
    assert answer.status_code == 401
    assert "keyring not refreshed" not in secured.processes.logs["contact"].read_text().splitlines()[-1]


async def test_the_gateway_refuses_plain_http(secured: Secured) -> None:
    async with httpx2.AsyncClient() as client:
        with pytest.raises(httpx2.TransportError):
            await client.get(f"{secured.processes.stack.address}/livez")


async def test_the_gateway_shows_a_certificate_of_our_authority(secured: Secured) -> None:
    stranger = ssl.create_default_context()
    async with httpx2.AsyncClient(verify=stranger) as client:
        with pytest.raises(httpx2.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            await client.get(f"{secured.address}/livez")


@pytest.mark.parametrize("department", DEPARTMENTS)
async def test_a_department_lets_a_peer_in(department: str, secured: Secured) -> None:
    target = secured.processes.stack.target(department)
    serving = await health(target, channel_credentials(secured.settings))
    assert serving == health_pb2.HealthCheckResponse.SERVING


@pytest.mark.parametrize("department", DEPARTMENTS)
async def test_a_department_refuses_plaintext(department: str, secured: Secured) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refusal:
        await health(secured.processes.stack.target(department), None)
    assert refusal.value.code() is grpc.StatusCode.UNAVAILABLE


@pytest.mark.parametrize("department", DEPARTMENTS)
async def test_a_department_refuses_a_peer_without_a_certificate(department: str, secured: Secured) -> None:
    assert secured.settings.tls_ca is not None
    anonymous = grpc.ssl_channel_credentials(root_certificates=secured.settings.tls_ca.read_bytes())
    with pytest.raises(grpc.aio.AioRpcError) as refusal:
        await health(secured.processes.stack.target(department), anonymous)
    assert refusal.value.code() is grpc.StatusCode.UNAVAILABLE


@pytest.mark.parametrize("department", DEPARTMENTS)
async def test_a_department_refuses_a_peer_of_another_authority(
    department: str, secured: Secured, tmp_path: Path
) -> None:
    stranger = certified(trustme.CA(), tmp_path)
    assert secured.settings.tls_ca is not None
    assert stranger.tls_ca is not None
    stranger.tls_ca.write_bytes(secured.settings.tls_ca.read_bytes())
    with pytest.raises(grpc.aio.AioRpcError) as refusal:
        await health(secured.processes.stack.target(department), channel_credentials(stranger))
    assert refusal.value.code() is grpc.StatusCode.UNAVAILABLE


@pytest.mark.parametrize("service", [*DEPARTMENTS, "gateway"])
async def test_metrics_are_shown_over_tls_only(service: str, secured: Secured) -> None:
    address = secured.processes.metrics[service]
    async with httpx2.AsyncClient(verify=secured.trust) as client:
        assert "rapport_" in (await client.get(f"https://{address}/metrics")).text
        with pytest.raises(httpx2.TransportError):
            await client.get(f"http://{address}/metrics")
