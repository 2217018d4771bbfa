"""Every standard method of a resource from the command line."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from typer.testing import CliRunner

from rapport.identity.v1 import api_keys_pb2
from rapport_kit.cli import build
from rapport_kit.errors import DomainError
from rapport_kit.settings import SettingsError
from tests.callers import Suite, Tenant

Rapport = Callable[..., Awaitable[Any]]
BUILT = build()
MENDABLE = (SystemExit, DomainError, SettingsError)
"""What the command line ends with in one message; anything else would be a traceback."""


@pytest_asyncio.fixture(loop_scope="session")
async def rapport(suite: Suite, tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> Rapport:
    """`rapport` of a machine that has an API key of an administrator."""
    key = api_keys_pb2.ApiKey(display_name="door")
    made = await tenant.admin.api_key.create_api_key(api_keys_pb2.CreateApiKeyRequest(api_key=key))
    monkeypatch.setenv("RAPPORT_API_KEY", made.secret)
    for service in ("contact", "identity"):
        monkeypatch.setenv(f"RAPPORT_{service.upper()}_TARGET", suite.stack.target(service))

    async def run(*arguments: str, given: str = "") -> Any:
        return await asyncio.to_thread(CliRunner().invoke, BUILT, arguments, input=given)

    return run


def shown(result: Any) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


async def test_a_resource_is_created_changed_deleted_and_brought_back(rapport: Rapport) -> None:
    mail = 'channels=[{"email": {"address": "ada@door.example"}}]'
    made = shown(await rapport("create", "people", "given_name=Ada", "family_name=Door", mail))
    assert made["channels"][0]["normalized"] == "ada@door.example"
    path = ("people", made["id"])
    assert shown(await rapport("get", *path)) == made
    changed = shown(
        await rapport("update", *path, "job_title=Head of doors", "familyName=Gate", "--etag", made["etag"])
    )
    assert (changed["job_title"], changed["family_name"], changed["given_name"]) == ("Head of doors", "Gate", "Ada")
    assert "job_title" not in shown(await rapport("update", *path, "job_title=null"))
    assert "delete_time" in shown(await rapport("delete", *path))
    assert "delete_time" not in shown(await rapport("undelete", *path))
    listed = await rapport("list", "people", "--filter", 'family_name = "Gate"', "--json")
    assert [json.loads(line)["id"] for line in listed.stdout.splitlines()] == [made["id"]]


async def test_many_are_created_from_a_file_or_a_pipe_once(rapport: Rapport, tmp_path: Path) -> None:
    lines = "".join(f'{{"givenName": "Bo {n}", "familyName": "Piped"}}\n' for n in range(3))
    file = tmp_path / "people.jsonl"
    file.write_text(lines)
    for arguments in (("--file", "-"), ("-f", str(file))):
        done = await rapport("create", "people", *arguments, given=lines)
        assert done.exit_code == 0, done.output
    listed = await rapport("list", "people", "--filter", 'family_name = "Piped"', "--json")
    assert len(listed.stdout.splitlines()) == 3


def test_where_nothing_runs_the_way_to_see_that_is_told(tmp_path: Path) -> None:
    nowhere = {"RAPPORT_API_KEY": "rpk_x", "RAPPORT_IDENTITY_TARGET": f"unix:{tmp_path}/none.sock"}
    command = [sys.executable, "-m", "rapport_kit.cli", "list", "people"]
    refused = subprocess.run(command, env=os.environ | nowhere, capture_output=True, text=True, check=False)
    assert (refused.returncode, "Traceback" in refused.stderr) == (2, False)
    assert "`rapport status` shows what runs on this machine." in refused.stderr


async def test_what_cannot_be_done_is_told_and_never_thrown(rapport: Rapport, tmp_path: Path) -> None:
    made = shown(await rapport("create", "people", "given_name=Ada"))
    cut = tmp_path / "cut.jsonl"
    cut.write_text('{"givenName": "Bo"}\n{"givenName": "C')
    for arguments, said in (
        (("get", "people", "123"), "id: must be a UUID"),
        (("get", "shoes", made["id"]), "no such resource: shoes"),
        (("list", "people", "--filter", "given_name = = x"), "at position 14"),
        (("update", "people", made["id"], "shoe_size=42"), "shoe_size"),
        (("update", "people", made["id"], "job_title=Boss", "--etag", '"99"'), "changed since it was read"),
        (("create", "people", "lifecycle_stage=customer"), "LIFECYCLE_STAGE_CUSTOMER"),
        (("create", "people", "given_name=Ada", "given_name=Bo"), "given_name is given twice"),
        (("create", "people", "=Ada"), "is not FIELD=VALUE"),
        (("create", "people", "--file", str(cut)), "line 2"),
        (("create", "people", "--file", str(tmp_path / "none")), "Invalid value for --file"),
    ):
        refused = await rapport(*arguments)
        assert isinstance(refused.exception, MENDABLE), (arguments, refused.exception)
        assert said in f"{refused.output} {refused.exception}", arguments
