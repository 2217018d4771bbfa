"""A gateway in this process, over real gRPC on a unix socket, before a peer that the tests arrange."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import httpx2
import pytest

from rapport_gateway.app import create_app
from rapport_gateway.catalogue import bindings
from rapport_gateway.settings import GatewaySettings
from rapport_kit.rpc.client import service_config

from .people_peer import Peer


@pytest.fixture
def gateway_settings() -> GatewaySettings:
    return GatewaySettings.load()


@pytest.fixture
async def peer(tmp_path: Path) -> AsyncIterator[Peer]:
    peer = Peer()
    server = grpc.aio.server()
    server.add_generic_rpc_handlers(peer.handlers())
    server.add_insecure_port(f"unix:{tmp_path}/peer.sock")
    await server.start()
    yield peer
    await server.stop(0)


@pytest.fixture
async def client(peer: Peer, tmp_path: Path, gateway_settings: GatewaySettings) -> AsyncIterator[httpx2.AsyncClient]:
    options = [("grpc.service_config", service_config(set()))]
    async with grpc.aio.insecure_channel(f"unix:{tmp_path}/peer.sock", options=options) as channel:
        app = create_app(gateway_settings, {"contact": channel, "identity": channel}, published=bindings())
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://acme.localhost") as client:
            yield client
