"""The servers under `rapport up`, and what is remembered between starts."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from rapport_kit.local.failure import PlatformError
from rapport_kit.local.platform import Platform
from rapport_kit.local.ports import LOOPBACK, free_port
from rapport_kit.local.state import State
from rapport_kit.settings import PlatformSettings


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "NATS_URL", "STATE_DIR", "POSTGRES_PORT", "NATS_PORT"):
        monkeypatch.delenv(f"RAPPORT_{name}", raising=False)


@pytest.fixture
def state(servers_directory: Path) -> State:
    return State.open(servers_directory / secrets.token_hex(4))


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server((LOOPBACK, 0)) as other:
        yield other.getsockname()[1]


def test_a_restart_keeps_both_addresses(state: State) -> None:
    platform = Platform(PlatformSettings.load(), state)
    platform.start()
    before = (platform.database_url, platform.nats_url)
    platform.stop()
    again = Platform(PlatformSettings.load(), state)
    again.start()
    try:
        assert (again.database_url, again.nats_url) == before
    finally:
        again.stop()


def test_another_process_finds_the_running_servers(state: State) -> None:
    platform = Platform(PlatformSettings.load(), state)
    platform.start()
    seen = Platform(PlatformSettings.load(), state)
    assert seen.postgres is not None
    assert seen.nats is not None
    assert seen.postgres.pid
    assert seen.nats.pid
    seen.stop()
    assert platform.postgres is not None
    assert platform.postgres.pid is None
    platform.stop()


def test_a_taken_port_that_was_asked_for_is_named(monkeypatch: pytest.MonkeyPatch, state: State, taken: int) -> None:
    monkeypatch.setenv("RAPPORT_POSTGRES_PORT", str(taken))
    with pytest.raises(PlatformError, match=f"Port {taken} for PostgreSQL is taken .* RAPPORT_POSTGRES_PORT"):
        Platform(PlatformSettings.load(), state).start()


def test_a_taken_port_that_was_only_remembered_is_replaced(state: State, taken: int) -> None:
    state.remember_port("nats", taken)
    platform = Platform(PlatformSettings.load(), state)
    assert platform.nats is not None
    platform.start_nats(platform.nats)
    try:
        assert platform.nats.port not in (0, taken)
        assert state.port("nats") == platform.nats.port
    finally:
        platform.stop()


async def test_a_server_that_ends_by_itself_is_reported(monkeypatch: pytest.MonkeyPatch, state: State) -> None:
    monkeypatch.setenv("RAPPORT_DATABASE_URL", "postgresql://rapport@db.example/postgres")
    platform = Platform(PlatformSettings.load(), state)
    platform.start()
    assert platform.nats is not None
    assert platform.nats.pid is not None
    told: list[str] = []
    watch = asyncio.create_task(platform.watch(told.append))
    await asyncio.sleep(0)
    os.kill(platform.nats.pid, signal.SIGKILL)
    await asyncio.wait_for(watch, 10)
    assert told == [f"NATS has ended; its log is {platform.nats.log}"]
    platform.stop()


def test_servers_of_the_environment_are_used_and_none_is_started(
    monkeypatch: pytest.MonkeyPatch, state: State, postgres: str, nats_url: str
) -> None:
    monkeypatch.setenv("RAPPORT_DATABASE_URL", postgres)
    monkeypatch.setenv("RAPPORT_NATS_URL", nats_url)
    platform = Platform(PlatformSettings.load(), state)
    platform.start()
    assert (platform.database_url, platform.nats_url) == (postgres, nats_url)
    assert (platform.postgres, platform.nats) == (None, None)
    assert not (state.directory / "postgres").exists()


def test_passwords_are_generated_once_and_nobody_else_may_read_them(state: State) -> None:
    first = state.secret("contact_app")
    assert State(state.directory).secret("contact_app") == first
    assert state.secret("contact_system") != first
    assert (state.directory / "secrets.json").stat().st_mode & 0o077 == 0


def test_a_folder_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    with pytest.raises(PlatformError, match="RAPPORT_STATE_DIR"):
        State.open(tmp_path / "state")


def test_a_folder_too_long_for_unix_sockets_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(PlatformError, match="too long for unix sockets"):
        State.open(tmp_path / ("x" * 100))


def test_a_damaged_file_is_named(state: State) -> None:
    (state.directory / "ports.json").write_text("{")
    with pytest.raises(PlatformError, match=r"ports.json is damaged"):
        state.port("nats")


def test_a_free_port_is_free() -> None:
    port = free_port()
    with socket.create_server((LOOPBACK, port)) as server:
        assert server.getsockname() == (LOOPBACK, port)
