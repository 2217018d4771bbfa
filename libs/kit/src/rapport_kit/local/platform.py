"""The two servers under the services: our own on this machine, or those the environment names."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import psutil

from rapport_kit.local.nats import NatsServer
from rapport_kit.local.ports import choose
from rapport_kit.local.postgres import PostgresServer
from rapport_kit.local.state import State
from rapport_kit.settings import PlatformSettings

LOOK = 1.0
"""Seconds between looks: a server that an earlier `rapport up` left is no child of ours, so nobody tells us."""


@dataclass
class Platform:
    """Starts what the settings do not already name, and no more than asks for that; `stop` keeps all data."""

    settings: PlatformSettings
    state: State
    postgres: PostgresServer | None = field(init=False)
    nats: NatsServer | None = field(init=False)

    def __post_init__(self) -> None:
        """Addresses of the last start, so that `status` and `down` of another process find the servers."""
        folder, port = self.state.directory, self.state.port
        self.postgres = self.nats = None
        if self.settings.database_url is None:
            self.postgres = PostgresServer(folder / "postgres", port("postgres") or 0, self.state.secret("postgres"))
        if self.settings.nats_url is None:
            self.nats = NatsServer(folder / "nats", port("nats") or 0, self.state.secret("nats"))

    @property
    def database_url(self) -> str:
        """The administrator's URL."""
        return self.postgres.url if self.postgres else str(self.settings.database_url)

    @property
    def nats_url(self) -> str:
        return self.nats.url if self.nats else str(self.settings.nats_url)

    def start(self) -> None:
        if self.postgres is not None:
            self.start_postgres(self.postgres)
        if self.nats is not None:
            self.start_nats(self.nats)

    def start_postgres(self, server: PostgresServer) -> None:
        if server.pid is None:
            server.port = self._port("postgres", "PostgreSQL", self.settings.postgres_port)
        server.start()

    def start_nats(self, server: NatsServer) -> None:
        if server.pid is None:
            server.port = self._port("nats", "NATS", self.settings.nats_port)
        server.start()

    @property
    def running(self) -> list[str]:
        """Those of our own servers that run, as a person calls them."""
        servers = {"PostgreSQL": self.postgres, "NATS": self.nats}
        return [name for name, server in servers.items() if server and server.pid]

    async def watch(self, report: Callable[[str], None]) -> None:
        """Report each server of ours that ends by itself; return when none is left."""
        servers = [("PostgreSQL", self.postgres), ("NATS", self.nats)]
        running = {psutil.Process(server.pid): (name, server.log) for name, server in servers if server and server.pid}
        while running:
            await asyncio.sleep(LOOK)
            for process in psutil.wait_procs(running, timeout=0)[0]:
                name, log = running.pop(process)
                report(f"{name} has ended; its log is {log}")

    def stop(self) -> None:
        """The broker first: it has no clients left, and what it holds can be rebuilt from the database."""
        if self.nats is not None:
            self.nats.stop()
        if self.postgres is not None:
            self.postgres.stop()

    def _port(self, name: str, title: str, explicit: int | None) -> int:
        port = choose(title, f"RAPPORT_{name.upper()}_PORT", explicit=explicit, remembered=self.state.port(name))
        self.state.remember_port(name, port)
        return port
