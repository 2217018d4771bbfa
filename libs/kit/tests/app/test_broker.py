"""What a service says of its broker."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from rapport_kit.app.broker import AGAIN, connected
from rapport_kit.local.nats import NatsServer
from rapport_kit.local.ports import LOOPBACK, free_port
from rapport_kit.settings import PlatformSettings


async def test_an_outage_of_the_broker_is_told_once_and_so_is_its_end(
    nats_factory: Callable[[], NatsServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = nats_factory()
    monkeypatch.setenv("RAPPORT_NATS_URL", server.url)
    with capture_logs() as logs:
        async with connected("contact", PlatformSettings.load()) as broker:
            assert server.pid is not None
            os.kill(server.pid, signal.SIGKILL)
            await asyncio.sleep(6 * AGAIN)
            server.start()
            async with asyncio.timeout(10):
                while all(line["event"] != "broker back" for line in logs):
                    await asyncio.sleep(AGAIN)
            assert broker.is_connected
    errors = [line["error"] for line in logs if line["event"] == "broker"]
    assert "ConnectionRefusedError" in errors
    assert len(errors) == len(set(errors))


async def test_a_broker_that_is_away_from_the_start_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPPORT_NATS_URL", f"nats://{LOOPBACK}:{free_port()}")
    with capture_logs() as logs:
        starting = asyncio.create_task(connected("contact", PlatformSettings.load()).__aenter__())
        await asyncio.sleep(6 * AGAIN)
        starting.cancel()
        await asyncio.wait([starting])
    assert [line["error"] for line in logs if line["event"] == "broker"] == ["ConnectionRefusedError"]
