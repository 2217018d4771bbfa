"""Databases that were made with keys which a new state folder does not have."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

import pytest

from rapport_kit.local.nats import NatsServer
from rapport_kit.local.ports import free_port
from rapport_kit.local.postgres import PostgresServer
from tests.e2e.installation import up


def test_up_with_a_new_folder_on_databases_in_use_names_the_folder_as_what_is_missing(
    servers_directory: Path, nats_factory: Callable[[], NatsServer]
) -> None:
    server = PostgresServer(servers_directory / "keys-pg", free_port(), secrets.token_urlsafe(16), durable=False)
    server.start()
    try:
        more = {"RAPPORT_DATABASE_URL": server.url, "RAPPORT_NATS_URL": nats_factory().url}
        with up(servers_directory / "keys-first", more=more):
            pass
        with pytest.raises(AssertionError) as ended, up(servers_directory / "keys-second", more=more):
            pass
    finally:
        server.stop()
    printed = str(ended.value)
    assert "none of them opens the present signing key" in printed
    assert "set RAPPORT_STATE_DIR" in printed
    assert "Traceback" not in printed
