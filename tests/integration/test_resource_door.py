"""Every standard method of a resource from the command line."""

from __future__ import annotations

import asyncio
import json
import os
import re
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


async def number_of(rapport: Rapport, family_name: str) -> int:
    query = f'family_name = "{family_name}"'
    return len((await rapport("list", "people", "--filter", query, "--limit", "2000", "--json")).stdout.splitlines())


async def test_every_line_of_a_file_or_a_pipe_is_created_also_where_lines_are_equal(
    rapport: Rapport, tmp_path: Path
) -> None:
    lines = '{"givenName": "Bo", "familyName": "Piped"}\n' * 501
    file = tmp_path / "people.jsonl"
    file.write_text(lines)
    for arguments in (("--file", "-"), ("-f", str(file))):
        done = await rapport("create", "people", *arguments, given=lines)
        assert done.exit_code == 0, done.output
    assert await number_of(rapport, "Piped") == 1002


async def test_a_run_that_failed_is_gone_on_with_and_creates_nothing_twice(rapport: Rapport) -> None:
    good = '{"givenName": "Cy", "familyName": "Resumed"}\n'
    bad = '{"familyName": "Resumed", "channels": [{"email": {"address": "nowhere"}}]}\n'
    lines = [*[good] * 500, "\n", good, bad]
    failed = await rapport("create", "people", "-f", "-", given="".join(lines))
    assert isinstance(failed.exception, MENDABLE), failed.exception
    assert str(failed.exception).startswith("line 503: channels[0].email.address: ")
    assert "Lines 1 to 500 are in." in failed.output
    (option,) = re.findall(r"--run \S+(?=:)", failed.output)
    assert await number_of(rapport, "Resumed") == 500
    for _ in range(2):
        done = await rapport("create", "people", "-f", "-", *option.split(), given="".join([*lines[:-1], good]))
        assert done.exit_code == 0, done.output
        assert await number_of(rapport, "Resumed") == 502


async def test_a_secret_is_shown_when_what_has_it_is_created(rapport: Rapport) -> None:
    key = shown(await rapport("create", "apiKeys", "display_name=Mine"))
    assert key["secret"].startswith("rpk_")
    account = shown(await rapport("create", "serviceAccounts", "display_name=Theirs", 'roles=["integration"]'))
    assert account["client_secret"]
    assert (await rapport("list", "apiKeys")).exit_code == 0


async def test_a_text_needs_no_quotes_whatever_it_looks_like(rapport: Rapport) -> None:
    made = shown(await rapport("create", "people", "given_name=123", "familyName=1e5", "job_title=true"))
    assert (made["given_name"], made["family_name"], made["job_title"]) == ("123", "1e5", "true")


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
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes(b'{"givenName": "Bo"}\n{"givenName": "lat\xe9"}\n')
    for arguments, said in (
        (("get", "people", "123"), "id: must be a UUID"),
        (("get", "shoes", made["id"]), "no such resource: shoes"),
        (("list", "people", "--filter", "given_name = = x"), "at position 14"),
        (("update", "people", made["id"], "shoe_size=42"), "shoe_size"),
        (("update", "people", made["id"], "job_title=Boss", "--etag", '"99"'), "changed since it was read"),
        (("create", "people", "lifecycle_stage=customer"), "LIFECYCLE_STAGE_CUSTOMER"),
        (("create", "people", "given_name=Ada", "given_name=Bo"), "given_name is given twice"),
        (("create", "people", "=Ada"), "is not FIELD=VALUE"),
        (("create", "people", "birth_date=1980"), "birth_date: expected an object with year, month, day"),
        (("create", "people", "shoe_size=42"), "shoe_size: no such field; there are id, display_name, given_name, "),
        (("create", "people", 'channels=[{"emial": {}}]'), "channels[0].emial: no such field"),
        (("create", "people", "given_name=Ada", "--run", "1"), "Invalid value for --run"),
        (("create", "apiKeys", "--file", str(cut)), "apiKeys cannot be asked to batch create"),
        (("list", "apiKeys", "--show-deleted"), "--show-deleted: apiKeys have no such option"),
        (("create", "people", "--file", str(cut)), "line 2: no JSON: "),
        (("create", "people", "--file", str(latin)), "line 2: byte 19 is not UTF-8"),
        (("create", "people", "--file", str(tmp_path / "none")), "Invalid value for --file"),
    ):
        refused = await rapport(*arguments)
        assert isinstance(refused.exception, MENDABLE), (arguments, refused.exception)
        assert said in f"{refused.output} {refused.exception}", arguments
