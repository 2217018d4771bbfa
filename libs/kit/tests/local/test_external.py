"""Servers that the environment names are asked first, and what they say is told in a sentence."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from rapport_kit.local.binaries import nats_program
from rapport_kit.local.external import answering
from rapport_kit.local.failure import PlatformError
from rapport_kit.local.ports import LOOPBACK, free_port
from rapport_kit.settings import PlatformSettings

PASSWORD = "hunter2"


@pytest.fixture
def away() -> str:
    """An address where nobody listens."""
    return f"{LOOPBACK}:{free_port()}"


@pytest.fixture
def plain_nats() -> Iterator[str]:
    """A server without JetStream."""
    port = free_port()
    server = subprocess.Popen([nats_program(), "--addr", LOOPBACK, "--port", str(port)], stderr=subprocess.DEVNULL)
    yield f"nats://{LOOPBACK}:{port}"
    server.terminate()
    server.wait()


async def refusal(*, database_url: str | None = None, nats_url: str | None = None) -> str:
    with pytest.raises(PlatformError) as refused:
        await answering(PlatformSettings(database_url=database_url, nats_url=nats_url))
    said = str(refused.value)
    assert PASSWORD not in said
    assert "\n" not in said
    return said


async def databases_of(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        return [row["datname"] for row in await connection.fetch("SELECT datname FROM pg_database ORDER BY 1")]
    finally:
        await connection.close()


async def test_servers_that_answer_are_let_be(postgres: str, nats_url: str) -> None:
    before = await databases_of(postgres)
    await answering(PlatformSettings(database_url=postgres, nats_url=nats_url))
    assert await databases_of(postgres) == before


async def test_a_postgres_that_is_away_is_named(away: str) -> None:
    said = await refusal(database_url=f"postgresql://admin:{PASSWORD}@{away}/postgres")
    assert said.startswith(f"PostgreSQL at {away} does not let us in: Connection refused.")


async def test_a_wrong_password_for_postgres_is_not_repeated(postgres: str) -> None:
    place = urlsplit(postgres)
    said = await refusal(database_url=f"postgresql://postgres:{PASSWORD}@{place.hostname}:{place.port}/postgres")
    assert 'password authentication failed for user "postgres"' in said


async def test_a_database_that_is_missing_is_named(postgres: str) -> None:
    said = await refusal(database_url=urlsplit(postgres)._replace(path="/nowhere").geturl())
    assert 'database "nowhere" does not exist' in said


async def test_a_nats_that_is_away_is_named(away: str) -> None:
    said = await refusal(nats_url=f"nats://rapport:{PASSWORD}@{away}")
    assert said.startswith(f"NATS at {away} does not answer: Connection refused.")


async def test_a_wrong_password_for_nats_is_not_repeated(nats_url: str) -> None:
    place = urlsplit(nats_url)
    said = await refusal(nats_url=f"nats://rapport:{PASSWORD}@{place.hostname}:{place.port}")
    assert "Authorization Violation" in said


async def test_a_nats_without_jetstream_is_refused(plain_nats: str) -> None:
    async with asyncio.timeout(10):
        while "Connection refused" in (said := await refusal(nats_url=plain_nats)):
            await asyncio.sleep(0.05)
    assert "has no JetStream" in said


@pytest.mark.parametrize(
    ("variable", "url"),
    [("RAPPORT_NATS_URL", "nats://rapport:{0}@{1}"), ("RAPPORT_DATABASE_URL", "postgresql://admin:{0}@{1}/postgres")],
)
def test_up_ends_at_once_with_one_sentence(variable: str, url: str, away: str, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RAPPORT_")}
    environment |= {"RAPPORT_STATE_DIR": str(tmp_path), variable: url.format(PASSWORD, away)}
    ended = subprocess.run(
        [sys.executable, "-m", "rapport_kit.cli", "up"],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        timeout=30,
    )
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert away in ended.stderr
    assert "✓ PostgreSQL and NATS" not in ended.stdout
    assert PASSWORD not in ended.stdout + ended.stderr
