"""What cross-service tests stand on: the whole suite running, and callers of several tenants."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio
import structlog

from rapport_kit.local.nats import NatsServer
from rapport_kit.service import installed
from rapport_kit.testing.stack import Stack, keys_of, running_stack
from tests.callers import Suite, Tenant, suite_of

# Identity reads its settings once in this process: the providers of tests listen on this machine.
os.environ.setdefault("RAPPORT_IDENTITY_OIDC_NETWORKS", "127.0.0.0/8")
# And tokens of operators are issued here, whichever test is the first.
os.environ |= keys_of(installed()["identity"])
# The suite logs in this process: not into what a command line prints beside it, whose standard output is another then.
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.__stderr__))

LONGEST = (
    "test_two_tenants.py",
    "test_openapi.py",
    "test_real_people.py",
    "test_every_rpc.py",
    "test_chaos.py",
    "test_imports_killed.py",
)
"""Files that take longest. What one of two workers begins last, the other waits for."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several processes share the tests, begin with the longest files."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stack(postgres: str, nats_factory: Callable[[], NatsServer], servers_directory: Path) -> AsyncIterator[Stack]:
    """The suite, as `rapport up` runs it; its broker is its own, since streams bear the names of services."""
    services, broker = list(installed().values()), nats_factory()
    async with running_stack(services, postgres=postgres, nats_url=broker.url, directory=servers_directory) as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def suite(stack: Stack) -> AsyncIterator[Suite]:
    """The suite as its callers see it."""
    async with suite_of(stack) as open_:
        yield open_


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def tenant(suite: Suite) -> Tenant:
    """A tenant that this test module has to itself."""
    return await suite.open_tenant("alone")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def rest(tenant: Tenant) -> AsyncIterator[httpx2.AsyncClient]:
    """The gateway, to the administrator of the module's tenant."""
    async with tenant.admin.rest() as client:
        yield client
