"""The whole suite as real processes that may be killed one by one, in a folder of its own."""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from rapport_kit.local.databases import migrate
from rapport_kit.local.environment import GATEWAY, Place, environments, places
from rapport_kit.local.platform import Platform
from rapport_kit.local.ports import LOOPBACK, is_free
from rapport_kit.local.readiness import until_all_serve
from rapport_kit.local.state import State
from rapport_kit.service import Service, installed
from rapport_kit.settings import PlatformSettings, variable
from tests.chaos.crew import Server, ServiceProcess, Target, settle
from tests.chaos.door import Door
from tests.chaos.observed import Observed
from tests.chaos.observer.service import latecomer, observer
from tests.installation import install
from tests.load.account import Account, open_account

REPLICAS = {"contact": 2, "observer": 2}
"""Processes of a service; one when not named. A second one competes for the leases of relay and consumer."""
OBSERVERS = "tests.chaos.observer.service"
START = 60.0
QUIET_PORTS = range(20_000, 30_000)
"""Below those that the system gives to outgoing connections: one of them could sit on a killed server's port."""


@dataclass
class Stand:
    """Everything that runs. `killable` holds each target by name, the latecomer apart."""

    platform: Platform
    account: Account
    door: Door
    killable: dict[str, Target]
    doors: list[Place]
    environments: dict[str, dict[str, str]]
    late: ServiceProcess

    @property
    def folder(self) -> Path:
        return self.platform.state.directory

    @property
    def broker(self) -> Server:
        broker = self.killable["nats"]
        assert isinstance(broker, Server)
        return broker

    def of_kind(self, kind: str) -> list[ServiceProcess]:
        """The processes of one service."""
        return [each for each in self.killable.values() if isinstance(each, ServiceProcess) and each.kind == kind]

    def observed(self, service: Service) -> Observed:
        """One observer's database."""
        return Observed(self.database_url(service.name))

    @property
    def database_urls(self) -> dict[str, str]:
        """The administrator's URL of each service's database."""
        return {name: self.database_url(name) for name, each in installed().items() if each.unit_of_work is not None}

    def database_url(self, name: str) -> str:
        """The administrator's URL of a database."""
        return urlsplit(self.platform.database_url)._replace(path=f"/{name}").geturl()

    async def until_whole(self) -> None:
        """Return when every process is up again and serves.

        Raises:
            TimeoutError: that took longer than a start may.
        """
        async with asyncio.timeout(START):
            await settle(list(self.killable.values()))
            await until_all_serve(self.doors, self.platform.settings)


@asynccontextmanager
async def stand() -> AsyncIterator[Stand]:
    """Start it all; at the end stop it all. The folder stays, for whoever wants to read logs, until it is deleted."""
    for name in [name for name in os.environ if name.startswith("RAPPORT_")]:
        del os.environ[name]
    platform = _platform()
    async with AsyncExitStack() as stack:
        stack.callback(platform.stop)
        await asyncio.to_thread(platform.start)
        services = [*installed().values(), observer, latecomer]
        databases = await migrate(platform, services)
        variables, doors = _processes(platform, services, databases)
        processes = {name: _process(platform, name, given) for name, given in variables.items()}
        late = processes.pop(latecomer.name)
        assert platform.postgres is not None
        assert platform.nats is not None
        servers = [Server("postgres", platform.postgres), Server("nats", platform.nats)]
        targets: dict[str, Target] = {**processes, **{server.name: server for server in servers}}
        stack.push_async_callback(_stop, [*targets.values(), late])
        for process in processes.values():
            await process.start()
        async with asyncio.timeout(START):
            await until_all_serve(doors, platform.settings)
        identity = variables["identity"]
        account = await open_account(
            identity[variable("identity", "database_url")], identity[variable("identity", "listen")]
        )
        client = await stack.enter_async_context(
            httpx2.AsyncClient(
                base_url=f"http://{variables[GATEWAY][variable(GATEWAY, 'listen')]}",
                headers={"Authorization": account.authorization},
                trust_env=False,
            )
        )
        yield Stand(platform, account, Door(client), targets, doors, variables, late)


async def _stop(targets: list[Target]) -> None:
    await asyncio.gather(*(target.stop() for target in targets))


def _platform() -> Platform:
    folder = Path(tempfile.mkdtemp(prefix="rapport-chaos-"))
    folder.chmod(0o711)  # PostgreSQL may run as another user
    settings = PlatformSettings.read("RAPPORT_", postgres_port=quiet_port(), nats_port=quiet_port())
    return Platform(settings, State.open(folder))


def _process(platform: Platform, name: str, environment: Mapping[str, str]) -> ServiceProcess:
    return ServiceProcess(name, environment, platform.state.logs / f"{name}.log")


def _processes(
    platform: Platform, services: list[Service], databases: Mapping[str, Mapping[str, str]]
) -> tuple[dict[str, dict[str, str]], list[Place]]:
    """The environment of every process, by its name, and where each but the latecomer listens."""
    platform.state.remember_port(GATEWAY, quiet_port())
    everywhere = places(platform, [service.name for service in services])
    keys = {service.name: service.secrets for service in services}
    own = environments(platform, everywhere, databases, keys, single=False)
    points = {each.name: f"{OBSERVERS}:{each.name}" for each in (observer, latecomer)}
    path = install(platform.state.directory / "python", observer.name, points)
    listening = {place.name: _listeners(place) for place in everywhere}
    # Several addresses in one target are balanced, as those behind a name in a cluster are.
    targets = {
        variable(name, "target"): f"ipv4:{','.join(listen)}" if len(listen) > 1 else listen[0]
        for name, listen in listening.items()
    }
    processes, doors = {}, []
    for name, listeners in listening.items():
        for number, listen in enumerate(listeners, 1):
            process = f"{name}-{number}" if len(listeners) > 1 else name
            environment = own[name] | targets | {variable(name, "listen"): listen, "PYTHONPATH": path}
            # Nobody reads the metrics here, and one port less can be taken while its process is down.
            del environment[variable(name, "metrics_listen")]
            processes[process] = environment
            if name != latecomer.name:
                doors.append(Place(name, listen, ""))
    return processes, doors


def _listeners(place: Place) -> list[str]:
    replicas = REPLICAS.get(place.name, 1)
    return [place.listen] if replicas == 1 else [f"{LOOPBACK}:{quiet_port()}" for _ in range(replicas)]


def quiet_port() -> int:
    """A free port that no outgoing connection will take."""
    while not is_free(port := random.choice(QUIET_PORTS)):
        continue
    return port
