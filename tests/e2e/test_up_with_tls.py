"""`rapport up` with certificate files: everything works as without, and nothing is in the clear."""

from __future__ import annotations

import json
import os
import secrets
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
import trustme

from rapport_kit.settings import PlatformSettings
from tests.certificates import certified, variables
from tests.e2e.installation import Installed, up


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> PlatformSettings:
    return certified(trustme.CA(), tmp_path_factory.mktemp("t"))


@pytest.fixture(scope="module")
def installation(servers_directory: Path, settings: PlatformSettings) -> Iterator[Installed]:
    with up(servers_directory / "tls", more=variables(settings)) as installed:
        yield installed


def refused(directory: Path, **more: str) -> str:
    """The one line that `rapport up` ends with."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RAPPORT_")}
    ended = subprocess.run(
        [sys.executable, "-m", "rapport_kit.cli", "up"],
        env=environment | {"RAPPORT_STATE_DIR": str(directory)} | more,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode > 0
    (line,) = ended.stderr.splitlines()
    return line


def test_the_command_line_works_and_departments_reach_one_another(installation: Installed) -> None:
    """The gateway asks identity for tokens and contact for people, and contact asks identity for keys."""
    found = installation.rapport("list", "people", "--limit", "3", "--json").splitlines()
    assert all(json.loads(line)["id"] for line in found)
    assert len(found) == 3


def test_the_gateway_answers_over_tls(installation: Installed, settings: PlatformSettings) -> None:
    headers = {"authorization": f"Bearer {installation.rapport('token').strip()}"}
    trust = ssl.create_default_context(cafile=settings.tls_ca)
    with httpx2.Client(base_url=installation.address, headers=headers, verify=trust) as client:
        assert client.get("/v1/people", params={"pageSize": 2}).status_code == 200


def test_departments_listen_on_ports_where_a_host_name_can_be_verified(installation: Installed) -> None:
    for department in ("contact", "identity"):
        assert installation.rapport("target", department).startswith("127.0.0.1:")


def test_status_knows_that_all_serve(installation: Installed) -> None:
    assert installation.rapport("status").count("serving") == 3


def test_a_key_of_another_certificate_is_named(settings: PlatformSettings, tmp_path: Path) -> None:
    other = certified(trustme.CA(), tmp_path)
    said = refused(tmp_path / "state", **variables(settings) | {"RAPPORT_TLS_KEY": str(other.tls_key)})
    assert said == f"RAPPORT_TLS_KEY: {other.tls_key} is not the key of the certificate in {settings.tls_cert}"


def test_a_file_without_a_certificate_is_named(settings: PlatformSettings, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("none")
    said = refused(tmp_path / "state", **variables(settings) | {"RAPPORT_TLS_CA": str(tmp_path / "ca.pem")})
    assert said.startswith(f"RAPPORT_TLS_CA: {tmp_path / 'ca.pem'}: cannot be read as PEM")


def test_a_certificate_for_other_hosts_is_refused_and_not_waited_for(servers_directory: Path, tmp_path: Path) -> None:
    elsewhere = certified(trustme.CA(), tmp_path, "crm.example")
    said = refused(servers_directory / secrets.token_hex(4), **variables(elsewhere))
    assert said.startswith("RAPPORT_TLS_CERT: ")
    assert "certificate is not valid for '127.0.0.1'" in said


def test_a_socket_without_a_host_name_is_refused(
    settings: PlatformSettings, servers_directory: Path, tmp_path: Path
) -> None:
    listen = f"unix:{tmp_path}/c.sock"
    said = refused(servers_directory / secrets.token_hex(4), **variables(settings), RAPPORT_CONTACT_LISTEN=listen)
    assert said.startswith(f"RAPPORT_CONTACT_LISTEN: {listen} is no place for RAPPORT_TLS_CERT")
