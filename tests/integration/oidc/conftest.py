"""An issuer of OpenID Connect that runs as a process of its own, and who signs in through it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.callers import Suite, Tenant
from tests.issuer import Issuer, running_issuer


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def issuer() -> AsyncIterator[Issuer]:
    async with running_issuer() as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def provider(issuer: Issuer, tenant: Tenant) -> str:
    """A provider that makes accounts."""
    return str((await issuer.provider(tenant)).id)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def other_tenant(suite: Suite) -> Tenant:
    return await suite.open_tenant("elsewhere")
