"""A service's connection to the broker."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import nats
import structlog
from nats.aio.client import Client

from rapport_kit.rpc.tls import broker_context
from rapport_kit.settings import PlatformSettings

AGAIN = 0.2
"""Seconds between attempts to connect."""

log = structlog.get_logger(__name__)


@asynccontextmanager
async def connected(name: str, settings: PlatformSettings) -> AsyncIterator[Client]:
    """A connection that outlives every outage of the broker; writes go on meanwhile."""
    outage = _Outage()
    broker = await nats.connect(
        settings.required("nats_url").split(","),
        name=name,
        tls=broker_context(settings),
        disconnected_cb=outage.begun,
        error_cb=outage.met,
        reconnected_cb=outage.over,
        max_reconnect_attempts=-1,
        reconnect_time_wait=AGAIN,
        allow_reconnect=True,
    )
    outage.reached()
    try:
        yield broker
    finally:
        await broker.close()


class _Outage:
    """Tells of each error once while the broker is away: it is met at every attempt, five times a second.

    It is away until it was reached for the first time.
    """

    def __init__(self) -> None:
        self._away = True
        self._told: set[str] = set()

    async def begun(self) -> None:
        self._away = True
        self._told.clear()

    async def met(self, error: Exception) -> None:
        name = type(error).__name__
        if not (self._away and name in self._told):
            self._told.add(name)
            log.warning("broker", error=name)

    def reached(self) -> None:
        self._away = False

    async def over(self) -> None:
        self.reached()
        log.info("broker back")
