"""The NATS of `rapport up`: durable, private, and there again after anything."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import nats
import psutil
import pytest
from nats.js.client import JetStreamContext

from rapport_kit.local.failure import PlatformError
from rapport_kit.local.nats import NatsServer
from rapport_kit.local.ports import free_port


@pytest.fixture
def server(tmp_path: Path) -> Iterator[NatsServer]:
    server = NatsServer(tmp_path / "nats", free_port(), "pass-word")
    server.start()
    yield server
    server.stop()


async def publish(stream: JetStreamContext) -> int:
    await stream.add_stream(name="kept", subjects=["kept"])
    return (await stream.publish("kept", b"once")).seq


async def messages(server: NatsServer) -> int:
    client = await nats.connect(server.url)
    try:
        return int((await client.jetstream().stream_info("kept")).state.messages)
    finally:
        await client.close()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
async def test_an_acknowledged_message_outlives_the_server(server: NatsServer, how: signal.Signals) -> None:
    client = await nats.connect(server.url, allow_reconnect=False)
    assert await publish(client.jetstream()) == 1
    await client.close()
    process = psutil.Process(server.pid)
    process.send_signal(how)
    process.wait(5)
    server.start()
    assert await messages(server) == 1


def test_every_message_is_synced_before_it_is_acknowledged(server: NatsServer) -> None:
    assert '"sync_interval": "always"' in (server.directory / "nats.conf").read_text()


def test_a_pid_file_that_names_a_stranger_does_not_count(server: NatsServer) -> None:
    server.stop()
    (server.directory / "nats.pid").write_text(str(os.getpid()))
    assert server.pid is None
    server.start()
    assert server.pid not in (None, os.getpid())


def test_a_running_server_is_kept(server: NatsServer) -> None:
    before = server.pid
    NatsServer(server.directory, server.port, server.password).start()
    assert server.pid == before


def test_a_wrong_password_is_refused(server: NatsServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(b'CONNECT {"user": "rapport", "pass": "guess"}\r\nPING\r\n')
        answers = connection.makefile("rb")
        assert answers.readline().startswith(b"INFO ")
        assert answers.readline() == b"-ERR 'Authorization Violation'\r\n"


def test_nobody_else_may_read_the_password(server: NatsServer) -> None:
    assert (server.directory / "nats.conf").stat().st_mode & 0o077 == 0


def test_a_start_that_fails_says_why(server: NatsServer, tmp_path: Path) -> None:
    with pytest.raises(PlatformError, match="address already in use"):
        NatsServer(tmp_path / "second", server.port, "x").start()
