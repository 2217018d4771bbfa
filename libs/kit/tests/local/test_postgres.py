"""The PostgreSQL of `rapport up`: durable, private, and there again after anything."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from rapport_kit.local.failure import PlatformError
from rapport_kit.local.ports import free_port
from rapport_kit.local.postgres import PostgresServer


@pytest.fixture(scope="module")
def server(servers_directory: Path) -> Iterator[PostgresServer]:
    server = PostgresServer(servers_directory / "durable", free_port(), "pass-word")
    server.start()
    yield server
    server.stop()


async def remembered(server: PostgresServer, statement: str = "SELECT note FROM memory") -> str:
    connection = await asyncpg.connect(server.url)
    try:
        return str(await connection.fetchval(statement))
    finally:
        await connection.close()


@pytest.fixture(scope="module", autouse=True)
async def memory(server: PostgresServer) -> None:
    await remembered(server, "CREATE TABLE memory AS SELECT 'kept' AS note")


async def test_a_restart_keeps_the_data(server: PostgresServer) -> None:
    server.stop()
    assert server.pid is None
    server.start()
    assert await remembered(server) == "kept"


async def test_a_killed_server_starts_again_only_when_its_busy_backends_are_gone(server: PostgresServer) -> None:
    client = await asyncpg.connect(server.url)
    orphan = psutil.Process(await client.fetchval("SELECT pg_backend_pid()"))
    # A backend that waits notices the kill at once; one that computes does not.
    busy = asyncio.create_task(client.fetchval("SELECT count(*) FROM generate_series(1, 10000000)"))
    await asyncio.sleep(0.2)
    postmaster = psutil.Process(server.pid)
    postmaster.kill()
    while alive(postmaster):
        await asyncio.sleep(0.01)
    assert alive(orphan)
    server.start()
    assert not alive(orphan)
    assert await remembered(server) == "kept"
    await asyncio.gather(busy, return_exceptions=True)
    client.terminate()


def alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


async def test_a_pid_file_that_names_a_stranger_does_not_stop_the_start(server: PostgresServer) -> None:
    server.stop()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n0\n{server.port}\n\n127.0.0.1\n")
    assert server.pid is None
    server.start()
    assert await remembered(server) == "kept"


async def test_a_running_server_is_kept(server: PostgresServer) -> None:
    before = server.pid
    PostgresServer(server.directory, server.port, server.password).start()
    assert server.pid == before


async def test_a_wrong_password_is_refused(server: PostgresServer) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(server.url.replace("pass-word", "password"))


async def test_nothing_that_keeps_an_acknowledged_commit_is_switched_off(server: PostgresServer) -> None:
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
        assert await remembered(server, f"SHOW {setting}") == "on"


def test_it_listens_on_the_loopback_address_only(server: PostgresServer) -> None:
    listeners = [item for item in psutil.Process(server.pid).net_connections() if item.status == psutil.CONN_LISTEN]
    assert [(item.laddr.ip, item.laddr.port) for item in listeners] == [("127.0.0.1", server.port)]


def test_nobody_else_may_read_the_data_and_it_never_runs_as_root(server: PostgresServer) -> None:
    assert server.data.stat().st_mode & 0o077 == 0
    assert not list(server.directory.glob("password*"))
    assert psutil.Process(server.pid).uids().effective != 0


def test_a_start_that_fails_says_why(servers_directory: Path, server: PostgresServer) -> None:
    second = PostgresServer(servers_directory / "second", server.port, "secret")
    with pytest.raises(PlatformError, match=f"(?s)pg_ctl failed.*{server.port}") as failed:
        second.start(timeout=10)
    assert "secret" not in str(failed.value)
