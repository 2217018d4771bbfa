"""The gateway as a process: a listener for HTTP, channels to the departments."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import structlog
import uvicorn
from fastapi import FastAPI

from rapport_gateway.app import create_app
from rapport_gateway.catalogue import bindings
from rapport_gateway.channels import open_channels
from rapport_gateway.http import Protocol
from rapport_gateway.settings import GatewaySettings
from rapport_kit.app.collection import spare_what_is_loaded
from rapport_kit.settings import ServiceSettings, SettingsError
from rapport_kit.telemetry import metrics

DEFAULT_LISTEN = "127.0.0.1:8080"
GRACE = 10
"""Seconds that running requests get to finish when the process is asked to stop."""
BACKLOG = 2048
KEEP_ALIVE = 75
"""Seconds that an idle connection stays open: longer than load balancers keep theirs, so that they close first."""

log = structlog.get_logger(__name__)


class _Server(uvicorn.Server):
    """uvicorn inside a process that handles its signals itself."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve_gateway(_settings: ServiceSettings, stop: asyncio.Event) -> None:
    """Serves until `stop`, then lets running requests finish."""
    settings = GatewaySettings.load()
    async with AsyncExitStack() as open_:
        channels = open_channels(bindings())
        for channel in channels.values():
            await open_.enter_async_context(channel)
        listener = open_.enter_context(listen(settings.listen or DEFAULT_LISTEN))
        server = _Server(configuration(settings, create_app(settings, channels, observe=observe)))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        stopping = asyncio.create_task(stop.wait())
        spare_what_is_loaded()
        log.info("serving", service="gateway", address=settings.listen or DEFAULT_LISTEN)
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        server.should_exit = True
        await serving


def observe(rpc: str, method: str, status: int, seconds: float) -> None:
    """Rate, errors and duration of what the edge answers."""
    metrics.HTTP_SERVER_DURATION.labels(rpc, method, str(status)).observe(seconds)


def listen(address: str) -> socket.socket:
    """A listening socket for `host:port` or `unix:/path`.

    Raises:
        SettingsError: the address is taken or not this machine's.
    """
    try:
        if address.startswith("unix:"):
            path = Path(address.removeprefix("unix:"))
            # What a killed predecessor left behind would refuse the address for ever.
            path.unlink(missing_ok=True)
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(str(path))
            listener.listen(BACKLOG)
            return listener
        host, _, port = address.rpartition(":")
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host.strip("[]"), int(port)), family=family, backlog=BACKLOG)
    except OSError as error:
        raise SettingsError(f"RAPPORT_GATEWAY_LISTEN: {address}: {error.strerror}") from None


def configuration(settings: GatewaySettings, app: FastAPI) -> uvicorn.Config:
    """How uvicorn runs the application; TLS when there is a certificate."""
    return uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=GRACE,
        ssl_certfile=settings.public_tls_cert or settings.platform.tls_cert,
        ssl_keyfile=settings.public_tls_key or settings.platform.tls_key,
    )
