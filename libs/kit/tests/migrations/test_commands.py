"""`rapport migrate` at the terminal."""

from __future__ import annotations

import asyncio
import secrets
from urllib.parse import urlsplit

import asyncpg
import pytest
from typer.testing import CliRunner

from rapport_kit.cli import build
from rapport_kit.settings import SettingsError
from rapport_kit.testing.stack import password_of


def test_without_a_server_the_missing_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RAPPORT_DATABASE_URL", raising=False)
    result = CliRunner().invoke(build(), ["migrate", "contact"])
    assert isinstance(result.exception, SettingsError)
    assert str(result.exception) == "RAPPORT_DATABASE_URL: is not set"


def test_the_sql_can_be_read_without_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RAPPORT_DATABASE_URL", raising=False)
    result = CliRunner().invoke(build(), ["migrate", "--sql", "contact"])
    assert result.exit_code == 0
    assert "SET lock_timeout" in result.output
    assert "CREATE TABLE person (" in result.output


async def test_the_services_own_urls_name_its_database_and_passwords(
    postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, name, password = urlsplit(postgres), f"contact_command_{secrets.token_hex(4)}", password_of("contact_app")
    url = f"postgresql://contact_app:{password}@{place.hostname}:{place.port}/{name}"
    monkeypatch.setenv("RAPPORT_DATABASE_URL", postgres)
    monkeypatch.setenv("RAPPORT_CONTACT_DATABASE_URL", url)
    await _in_a_thread(["migrate", "contact"])
    try:
        app = await asyncpg.connect(url)
        assert await app.fetchval("SELECT count(*) FROM person") == 0
        await app.close()
    finally:
        admin = await asyncpg.connect(postgres)
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await admin.close()


async def _in_a_thread(arguments: list[str]) -> None:
    """The command runs an event loop of its own."""
    result = await asyncio.to_thread(CliRunner().invoke, build(), arguments)
    assert result.exit_code == 0, result.output
