"""What surrounds every request: ids, limits, headers, proxies, and departments that do not answer."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import grpc
import httpx2
import pytest

from rapport_gateway.app import create_app
from rapport_gateway.settings import GatewaySettings

from .people_peer import Peer

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def test_a_request_id_leads_through(client: httpx2.AsyncClient, peer: Peer) -> None:
    answer = await client.get("/v1/people", headers={"x-request-id": "job-7", "traceparent": TRACE})

    assert answer.headers["x-request-id"] == "job-7"
    assert peer.metadata[-1]["x-request-id"] == "job-7"
    assert peer.metadata[-1]["traceparent"] == TRACE


async def test_a_request_without_an_id_gets_one(client: httpx2.AsyncClient, peer: Peer) -> None:
    first, second = await client.get("/v1/people"), await client.get("/v1/people")

    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert peer.metadata[-1]["x-request-id"] == second.headers["x-request-id"]


async def test_a_malformed_request_id_is_refused(client: httpx2.AsyncClient, peer: Peer) -> None:
    answer = await client.get("/v1/people", headers={"x-request-id": "a b"})

    assert answer.status_code == 400
    assert answer.json()["violations"][0]["field"] == "X-Request-Id"


@pytest.mark.parametrize("name", ["Idempotency-Key", "If-Match", "Authorization"])
async def test_a_header_that_means_one_thing_is_refused_when_it_comes_twice(
    client: httpx2.AsyncClient, peer: Peer, name: str
) -> None:
    answer = await client.post("/v1/people", json={}, headers=[(name, "a"), (name, "b")])

    assert (answer.status_code, answer.json()["reason"]) == (400, "GIVEN_TWICE")
    assert answer.json()["violations"][0]["field"] == name
    assert peer.requests == []


async def test_too_long_an_address_and_too_large_headers_are_refused(client: httpx2.AsyncClient) -> None:
    long = await client.get(f"/v1/people?filter={'a' * 50_000}")
    large = await client.get("/v1/people", headers={"x-padding": "a" * 40_000})

    assert (long.status_code, large.status_code) == (414, 431)
    assert long.json()["request_id"] != large.json()["request_id"]


async def test_what_the_gateway_serves_itself_is_read_only(client: httpx2.AsyncClient) -> None:
    for path in ("/livez", "/readyz", "/docs", "/openapi.json"):
        read, changed = await client.head(path), await client.post(path)
        assert (read.status_code, read.text) in ((200, ""), (204, ""))
        assert (changed.status_code, changed.json()["reason"]) == (405, "METHOD_NOT_ALLOWED")
        assert "GET" in changed.headers["allow"]
        assert changed.headers["allow"] in changed.json()["detail"]


SECURITY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
}


async def test_every_answer_carries_the_security_headers(client: httpx2.AsyncClient) -> None:
    asked = [
        ("GET", path) for path in ("/v1/people", "/nowhere", "/docs", "/livez", f"/v1/people?filter={'a' * 50_000}")
    ]
    for method, path in [*asked, ("POST", "/v1/people"), ("DELETE", "/v1/people"), ("BREW", "/v1/people")]:
        headers = (await client.request(method, path)).headers
        assert {name: headers.get(name) for name in SECURITY} == SECURITY, (method, path)


async def test_other_sites_may_not_read_answers_unless_allowed(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/v1/people", headers={"origin": "https://app.example.org"})

    assert "access-control-allow-origin" not in answer.headers


@pytest.fixture
async def configured(peer: Peer, tmp_path: Path) -> AsyncIterator[Any]:
    """Makes clients of gateways with other settings."""
    channel = grpc.aio.insecure_channel(f"unix:{tmp_path}/peer.sock")

    def client(**settings: Any) -> httpx2.AsyncClient:
        changed = replace(GatewaySettings.load(), **settings)
        app = create_app(changed, {"contact": channel, "identity": channel})
        return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://acme.localhost")

    yield client
    await channel.close()


async def test_an_allowed_site_may_call_with_a_token(configured: Any) -> None:
    async with configured(cors_origins=("https://app.example.org",)) as client:
        answer = await client.options(
            "/v1/people",
            headers={"origin": "https://app.example.org", "access-control-request-method": "POST"},
        )

    assert answer.headers["access-control-allow-origin"] == "https://app.example.org"
    assert "access-control-allow-credentials" not in answer.headers


async def test_forwarded_headers_count_only_from_trusted_proxies(configured: Any, peer: Peer) -> None:
    forwarded = {
        "x-forwarded-for": "203.0.113.9, 198.51.100.7, 127.0.0.9",
        "x-forwarded-proto": "https",
        "x-forwarded-host": "acme.example.org",
    }
    sign_in = {"email": "ada@example.org", "password": "correct horse"}

    async with configured() as client:
        await client.post("/v1/sessions", json=sign_in, headers=forwarded)
    assert (peer.last.address, peer.last.host) == ("127.0.0.1", "acme.localhost")

    async with configured(trusted_proxies=(ip_network("127.0.0.0/8"),)) as client:
        answer = await client.post("/v1/sessions", json=sign_in, headers=forwarded)
    assert (peer.last.address, peer.last.host) == ("198.51.100.7", "acme.example.org")
    assert answer.headers["set-cookie"].startswith("__Host-")


async def test_a_larger_body_is_taken_for_a_batch_only(configured: Any, peer: Peer) -> None:
    people = {"requests": [{"person": {"displayName": "a" * 500}} for _ in range(10)]}

    async with configured(body_limit=1024, batch_body_limit=1024 * 1024) as client:
        batch = await client.post("/v1/people:batchCreate", json=people)
        single = await client.post("/v1/people", json={"displayName": "a" * 2000})

    assert (batch.status_code, single.status_code) == (200, 413)


async def test_a_body_without_a_declared_length_is_limited_too(configured: Any, peer: Peer) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 100

    async with configured(body_limit=1024) as client:
        answer = await client.post("/v1/people", content=chunks(), headers={"content-type": "application/json"})

    assert answer.status_code == 413


async def test_a_department_that_is_down_is_a_503_at_once() -> None:
    async with grpc.aio.insecure_channel("unix:/nonexistent/peer.sock") as channel:
        app = create_app(GatewaySettings.load(), {"contact": channel})
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://acme.localhost") as client:
            began = time.monotonic()
            answer = await client.get("/v1/people")
            ready = await client.get("/readyz")

    assert time.monotonic() - began < 2
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert "nonexistent" not in answer.text
    assert ready.status_code == 200


async def test_a_department_that_hangs_is_a_504_at_the_deadline(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        target = f"127.0.0.1:{silent.getsockname()[1]}"
        async with grpc.aio.insecure_channel(target) as channel:
            settings = replace(GatewaySettings.load(), deadline=0.3)
            transport = httpx2.ASGITransport(app=create_app(settings, {"contact": channel}))
            async with httpx2.AsyncClient(transport=transport, base_url="http://acme.localhost") as client:
                answer = await asyncio.wait_for(client.get("/v1/people"), 3)

    assert answer.status_code == 504
