"""Everything that is measured, running: servers, services, the bare chain, a tenant with people."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
from rich.console import Console

from rapport_kit.local.databases import migrate
from rapport_kit.local.environment import GATEWAY, environments, places
from rapport_kit.local.platform import Platform
from rapport_kit.local.readiness import until_all_serve
from rapport_kit.local.state import State
from rapport_kit.local.supervisor import Supervisor
from rapport_kit.service import Service, installed
from rapport_kit.settings import PlatformSettings, variable
from tests.load import contact, people
from tests.load.account import Account, open_account
from tests.load.bound import chain as bound
from tests.load.collector import Collector, collector
from tests.load.consumer.service import service as noting

BOUND = "bound"
CHUNK = 50_000
"""People drawn at a time."""
SAMPLING = 0.1
"""The share of traces that is recorded and exported, as is the default."""
START = 60.0
"""Seconds that the services get to come up."""
DRAIN = 60.0
"""Seconds that the relay gets to publish what a round has written."""


@dataclass
class Stand:
    """What the figures need. `people` is how many the tenant has been given so far."""

    account: Account
    address: str
    bound_address: str
    bound_url: str
    """The bare chain's database."""
    services: dict[str, int]
    """The process of each service."""
    noting_environment: dict[str, str]
    folder: Path
    collector: Collector
    contact_database: asyncpg.Connection[Any]
    noting_database: asyncpg.Connection[Any]
    bound_database: asyncpg.Connection[Any]
    metrics: dict[str, str]
    """The address of each service's `/metrics`."""
    open: Callable[[str], Awaitable[Account]]
    """Opens a further tenant, by its name."""
    people: int = 0
    told: int = 0
    """How many of them have timelines."""
    drained: list[float] = field(default_factory=list)
    """Seconds that each wait for the relay took."""

    async def grow(self, size: int) -> None:
        """Give the tenant, and the bare chain, people until there are `size`."""
        await contact.count_as_followed(self.contact_database, self.account.tenant)
        async with contact.bulk(self.contact_database):
            for first in range(self.people + 1, size + 1, CHUNK):
                await self._add(first, min(first + CHUNK - 1, size))
        await contact.count_as_looked_over(self.contact_database, self.account.tenant)
        self.people = size
        for database in (self.contact_database, self.bound_database):
            await database.execute("VACUUM ANALYZE")
            await database.execute("CHECKPOINT")

    async def _add(self, first: int, last: int) -> None:
        tenant, owner = self.account.tenant, self.account.user
        drawn = list(people.people(first, last))
        await contact.fill_organisations(self.contact_database, people.organisations(first, last), tenant)
        # While the server takes one side's rows in, the other's are made here.
        await asyncio.gather(
            contact.fill(self.contact_database, drawn, tenant, owner),
            bound.fill(self.bound_database, drawn, str(owner)),
        )

    async def settle(self) -> None:
        """Return when the relay has published what a round has written; see `drain`."""
        self.drained.append(await self.drain(DRAIN))

    async def drain(self, within: float) -> float:
        """Return when the relay has published everything: after how many seconds.

        Raises:
            TimeoutError: it has not in `within` seconds.
        """
        loop = asyncio.get_running_loop()
        began = loop.time()
        while await self.contact_database.fetchval("SELECT true FROM event WHERE published_seq IS NULL LIMIT 1"):
            if loop.time() - began > within:
                raise TimeoutError(f"the relay has events left after {within:g} s")
            await asyncio.sleep(0.05)
        return loop.time() - began


@asynccontextmanager
async def stand(console: Console) -> AsyncIterator[Stand]:
    """Starts it all in a folder of its own, as `rapport up` does; ends it and deletes the folder."""
    for name in [name for name in os.environ if name.startswith("RAPPORT_")]:
        del os.environ[name]
    state = State.open(State.locate().directory.parent / f"bench-{os.getpid()}")
    async with AsyncExitStack() as stack:
        stack.callback(state.delete)
        taking = await stack.enter_async_context(collector())
        os.environ |= {
            "RAPPORT_OTLP_ENDPOINT": taking.endpoint,
            "RAPPORT_TRACE_SAMPLING_RATIO": str(SAMPLING),
            "RAPPORT_LOG_LEVEL": "info",
            # Else gRPC tells, at each process that is started, that it will not survive a fork; none of them forks.
            "GRPC_ENABLE_FORK_SUPPORT": "false",
        }
        platform = Platform(PlatformSettings.load(), state)
        with console.status("PostgreSQL and NATS"):
            platform.start()
            stack.callback(platform.stop)
            await _keep_commit_times(platform)
        yield await _serve(stack, platform, taking, console)


async def _serve(stack: AsyncExitStack, platform: Platform, taking: Collector, console: Console) -> Stand:
    services: list[Service] = [*installed().values(), noting]
    with console.status("Migrations"):
        databases = await migrate(platform, services)
    everywhere = places(platform, [service.name for service in services])
    keys = {service.name: service.secrets for service in services}
    variables = environments(platform, everywhere, databases, keys, single=False)
    noting_environment = variables.pop(noting.name)
    hiding = variable("contact", "match_key")
    os.environ[hiding] = variables["contact"][hiding]  # for the keys of people that are copied past contact
    running = [place for place in everywhere if place.name != noting.name]
    supervisor = Supervisor(platform.state.logs, variables)
    with console.status("Services"):
        stack.push_async_callback(supervisor.stop)
        await supervisor.start()
        async with asyncio.timeout(START):
            await supervisor.until_ready(until_all_serve(running, platform.settings))
    listen = {place.name: place.listen for place in everywhere}
    address = f"http://{listen[GATEWAY]}"
    bound_url, bound_database = await _bound_database(stack, platform)
    bound_address, _ = await stack.enter_async_context(bound.chain(bound_url, platform.state.directory))
    opening = partial(open_account, databases["identity"][variable("identity", "database_url")], listen["identity"])
    return Stand(
        account=await opening(),
        open=opening,
        address=address,
        bound_address=bound_address,
        bound_url=bound_url,
        services=supervisor.pids,
        noting_environment=noting_environment,
        folder=platform.state.directory,
        collector=taking,
        contact_database=await _connect(stack, database_url(platform, "contact")),
        noting_database=await _connect(stack, database_url(platform, noting.name)),
        bound_database=bound_database,
        metrics={place.name: place.metrics for place in everywhere},
    )


def database_url(platform: Platform, name: str) -> str:
    """The administrator's URL of one of the databases."""
    return urlsplit(platform.database_url)._replace(path=f"/{name}").geturl()


async def _connect(stack: AsyncExitStack, url: str) -> asyncpg.Connection[Any]:
    connection = await asyncpg.connect(url)
    stack.push_async_callback(connection.close)
    return connection


async def _bound_database(stack: AsyncExitStack, platform: Platform) -> tuple[str, asyncpg.Connection[Any]]:
    admin = await _connect(stack, platform.database_url)
    await admin.execute(f"CREATE DATABASE {BOUND} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
    url = database_url(platform, BOUND)
    connection = await _connect(stack, url)
    await bound.create_tables(connection)
    return url, connection


async def _keep_commit_times(platform: Platform) -> None:
    """Let the server keep when each transaction was committed: no row can know that of itself."""
    assert platform.postgres is not None
    connection = await asyncpg.connect(platform.database_url)
    await connection.execute("ALTER SYSTEM SET track_commit_timestamp = on")
    await connection.close()
    platform.postgres.stop()
    platform.postgres.start()
