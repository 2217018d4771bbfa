"""One PostgreSQL and one nats-server per test session."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from rapport_kit.local.nats import NatsServer
from rapport_kit.local.ports import free_port
from rapport_kit.local.postgres import PostgresServer
from rapport_kit.settings import PlatformSettings


@pytest.fixture(scope="session", autouse=True)
def servers_given() -> PlatformSettings:
    """What whoever runs the tests has set, read before any test sets something else."""
    return PlatformSettings.load()


@pytest.fixture(scope="session")
def servers_directory() -> Iterator[Path]:
    """A folder that PostgreSQL's user can pass through, unlike pytest's own."""
    directory = Path(tempfile.mkdtemp(prefix="rapport-test-"))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture(scope="session")
def postgres(servers_given: PlatformSettings, servers_directory: Path) -> Iterator[str]:
    """Administrator's URL of the session's PostgreSQL: `RAPPORT_DATABASE_URL`, else a private server without fsync."""
    if servers_given.database_url is not None:
        yield servers_given.database_url
        return
    server = PostgresServer(servers_directory / "postgres", free_port(), secrets.token_urlsafe(16), durable=False)
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


@pytest.fixture(scope="session")
def nats_factory(servers_directory: Path) -> Iterator[Callable[[], NatsServer]]:
    """Starts a further, private nats-server (0.1 s): for a test that kills, wipes or fills its broker."""
    with ExitStack() as started:

        def start() -> NatsServer:
            directory = Path(tempfile.mkdtemp(prefix="nats-", dir=servers_directory))
            server = NatsServer(directory, free_port(), secrets.token_urlsafe(16), durable=False)
            server.start()
            started.callback(server.stop)
            return server

        yield start


@pytest.fixture(scope="session")
def nats_url(servers_given: PlatformSettings, nats_factory: Callable[[], NatsServer]) -> str:
    """URL of the session's NATS with JetStream: `RAPPORT_NATS_URL`, else a private server."""
    return servers_given.nats_url or nats_factory().url
