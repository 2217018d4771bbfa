"""A service's process, from its start to its end."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys
from pathlib import Path

import pytest

from rapport_kit.local.ports import LOOPBACK, free_port
from rapport_kit.service import installed
from rapport_kit.settings import variable
from rapport_kit.testing.stack import keys_of

SOON = 5.0
"""Seconds within which a process that is asked to end has to."""


@pytest.mark.parametrize("name", ["contact", "identity", "gateway"])
async def test_a_service_that_waits_for_its_servers_ends_when_it_is_asked_to(name: str, tmp_path: Path) -> None:
    away = f"{LOOPBACK}:{free_port()}"
    environment = (
        os.environ
        | keys_of(installed()[name])
        | {
            "RAPPORT_NATS_URL": f"nats://{away}",
            "RAPPORT_PAGE_TOKEN_KEYS": secrets.token_urlsafe(32),
            "RAPPORT_OTLP_ENDPOINT": f"http://{away}",
            "RAPPORT_BLOB_URL": tmp_path.as_uri(),
            variable(name, "database_url"): f"postgresql://app:x@{away}/{name}",
            variable(name, "system_database_url"): f"postgresql://system:x@{away}/{name}",
            variable(name, "listen"): f"{LOOPBACK}:{free_port()}",
            **{variable(peer, "target"): away for peer in ("contact", "identity") if peer != name},
        }
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "rapport_kit.app", name),
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    try:
        first = await asyncio.wait_for(process.stdout.readline(), 60)
        process.send_signal(signal.SIGTERM)
        rest = await asyncio.wait_for(process.stdout.read(), SOON)
        code = await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert code == 0, (first + rest).decode()
    assert b"Traceback" not in rest
