"""Asks the services whether they serve, over the same doors that their callers use."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from rapport_kit.local.environment import GATEWAY, Place
from rapport_kit.rpc.client import open_channel
from rapport_kit.rpc.tls import channel_credentials
from rapport_kit.settings import PlatformSettings

PATIENCE = 2.0
"""Seconds that one question may take."""


async def until_all_serve(places: Sequence[Place], settings: PlatformSettings) -> None:
    """Return when every service serves. It sets no limit: the supervisor ends it when one dies."""
    await asyncio.gather(*(_until_serves(place, settings) for place in places))


async def serves(place: Place, settings: PlatformSettings) -> bool:
    if place.name == GATEWAY:
        return await _answers_http(place.listen, settings)
    return await _reports_serving(place.listen, settings)


async def _until_serves(place: Place, settings: PlatformSettings) -> None:
    while not await serves(place, settings):  # noqa: ASYNC110 - another process, nothing here could set an event
        await asyncio.sleep(0.1)


async def _reports_serving(target: str, settings: PlatformSettings) -> bool:
    async with open_channel(target, channel_credentials(settings)) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        try:
            answer = await health.Check(health_pb2.HealthCheckRequest(), timeout=PATIENCE)
        except grpc.aio.AioRpcError:
            return False
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)


async def _answers_http(address: str, settings: PlatformSettings) -> bool:
    """Whether `GET /readyz` is answered with 200."""
    host, _, port = address.rpartition(":")
    trust = _unverified() if settings.tls else None
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection(host, int(port), ssl=trust)
            try:
                writer.write(f"GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n".encode())
                status = await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
    return status.split(b" ")[1:2] == [b"200"]


def _unverified() -> ssl.SSLContext:
    """For a question without secrets: browsers may be shown a certificate that is not for this machine's own name."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
