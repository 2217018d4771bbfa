"""Every installed service, running as in production: real PostgreSQL, real NATS, real sockets, in this process."""

from __future__ import annotations

import asyncio
import base64
import os
import secrets
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from rapport_kit.app.serving import serving
from rapport_kit.local.databases import role_url
from rapport_kit.local.ports import free_port
from rapport_kit.migrations import Chain, migrate_service
from rapport_kit.service import Service
from rapport_kit.settings import ServiceSettings, variable


@dataclass(frozen=True)
class Stack:
    """Services by name, and how to reach them."""

    services: dict[str, Service]
    admin_urls: dict[str, str]
    """The administrator's URL of each service's database."""
    environment: dict[str, str] = field(default_factory=dict)

    def target(self, service: str) -> str:
        """The gRPC target of a service."""
        return self.environment[variable(service, "listen")]

    @property
    def address(self) -> str:
        """The gateway's URL."""
        return f"http://{self.environment[variable('gateway', 'listen')]}"


@asynccontextmanager
async def running_stack(
    services: Sequence[Service], *, postgres: str, nats_url: str, directory: Path, elsewhere: Collection[str] = ()
) -> AsyncIterator[Stack]:
    """Prepare, and serve until the block ends. The environment is set for as long.

    The services named in `elsewhere` have their places, and the caller runs them.
    """
    stack = await prepared(services, postgres=postgres, nats_url=nats_url, directory=directory)
    before = dict(os.environ)
    os.environ.update(stack.environment)
    try:
        async with AsyncExitStack() as open_:
            for service in services:
                if service.name not in elsewhere:
                    await open_.enter_async_context(_running(service))
            yield stack
    finally:
        os.environ.clear()
        os.environ.update(before)


async def prepared(services: Sequence[Service], *, postgres: str, nats_url: str, directory: Path) -> Stack:
    """Fresh, migrated databases, and places and secrets in an environment; nothing runs."""
    suffix = secrets.token_hex(3)
    sockets = directory / suffix  # of its own: another stack of the session may still listen
    sockets.mkdir()
    environment = {
        "RAPPORT_NATS_URL": nats_url,
        "RAPPORT_PAGE_TOKEN_KEYS": secrets.token_urlsafe(32),
        "RAPPORT_BLOB_URL": (sockets / "blobs").as_uri(),
    }
    admin_urls: dict[str, str] = {}
    for service in services:
        environment |= _place(service, sockets)
        if service.migrations:
            database = f"{service.name}_{suffix}"
            environment |= await _migrated(service, postgres, database)
            admin_urls[service.name] = urlsplit(postgres)._replace(path=f"/{database}").geturl()
    return Stack({service.name: service for service in services}, admin_urls, environment)


@asynccontextmanager
async def _running(service: Service) -> AsyncIterator[None]:
    settings = ServiceSettings.of(service.name)
    if service.serve is None:
        async with serving(service, settings):
            yield
        return
    stop = asyncio.Event()
    task = asyncio.ensure_future(service.serve(settings, stop))
    try:
        yield
    finally:
        stop.set()
        await task


def _place(service: Service, directory: Path) -> dict[str, str]:
    listen = f"127.0.0.1:{free_port()}" if service.serve else f"unix:{directory / service.name}.sock"
    return {variable(service.name, "listen"): listen, **keys_of(service)}


def keys_of(service: Service) -> dict[str, str]:
    """The variables with the secrets of a service: the same in the whole session, as it may have read them before."""
    names = [variable(service.name, field) for field in service.secrets]
    return {name: os.environ.get(name) or KEYS.setdefault(name, _key()) for name in names}


def password_of(role: str) -> str:
    """A database role's password: roles are the cluster's, so that whoever sets another one locks all others out."""
    return PASSWORDS.setdefault(role, secrets.token_urlsafe(16))


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


async def _migrated(service: Service, postgres: str, database: str) -> dict[str, str]:
    chain = Chain.of(service)
    roles = {"database_url": chain.roles.app, "system_database_url": chain.roles.system}
    passwords = {role: password_of(role) for role in roles.values()}
    await migrate_service(postgres, chain, database=database, passwords=passwords)
    urls = {field: role_url(postgres, role, passwords[role], database) for field, role in roles.items()}
    return {variable(service.name, field): url for field, url in urls.items()}


KEYS: dict[str, str] = {}
PASSWORDS: dict[str, str] = {}
