"""The servers that the environment names: asked whether they answer before anything is begun on them."""

from __future__ import annotations

import asyncio

from nats.aio.client import Client
from nats.errors import Error as BrokerError
from nats.errors import NoServersError
from nats.js.errors import NotFoundError, ServiceUnavailableError

from rapport_kit.bus.streams import stream_name
from rapport_kit.database_errors import INTERRUPTIONS, reason
from rapport_kit.local.failure import PlatformError
from rapport_kit.migrations.databases import connect, hosts
from rapport_kit.rpc.tls import broker_context
from rapport_kit.settings import PlatformSettings

PATIENCE = 10.0
"""Seconds that a server gets to answer."""


async def answering(settings: PlatformSettings) -> None:
    """Return when every server that the settings name answers; at once when they name none.

    Raises:
        PlatformError: one does not, refuses us, or is a NATS without JetStream; with its address and its reason.
    """
    if settings.database_url is not None:
        await _postgres(settings.database_url)
    if settings.nats_url is not None:
        await _nats(settings, settings.nats_url)


async def _postgres(url: str) -> None:
    try:
        async with asyncio.timeout(PATIENCE), connect(url):
            return
    except INTERRUPTIONS as error:
        raise PlatformError(
            f"PostgreSQL at {hosts(url)} does not let us in: {reason(error)}. Change or unset RAPPORT_DATABASE_URL."
        ) from None


async def _nats(settings: PlatformSettings, url: str) -> None:
    met: list[Exception] = []

    async def note(error: Exception) -> None:
        met.append(error)

    broker = Client()
    try:
        async with asyncio.timeout(PATIENCE):
            await broker.connect(
                url.split(","),
                name="rapport up",
                tls=broker_context(settings),
                error_cb=note,
                allow_reconnect=False,
                max_reconnect_attempts=1,
                reconnect_time_wait=0,
            )
            await broker.jetstream().stream_info(stream_name("identity"))
    except NotFoundError:  # as on a server that is new to us
        return
    except ServiceUnavailableError:
        raise PlatformError(f"NATS at {hosts(url)} has no JetStream: switch it on (`jetstream {{}}`).") from None
    except (OSError, BrokerError) as error:
        told = met[-1] if met and isinstance(error, NoServersError) else error
        raise PlatformError(
            f"NATS at {hosts(url)} does not answer: {reason(told)}. Change or unset RAPPORT_NATS_URL."
        ) from None
    finally:
        await broker.close()  # what is refused leaves its connection open
