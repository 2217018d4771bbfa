"""The command `rapport`, as a person or the supervisor calls it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rapport_kit.cli import main
from rapport_kit.local.elsewhere import remember
from rapport_kit.local.state import State
from rapport_kit.settings import PlatformSettings

Rapport = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def rapport(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Rapport:
    """`rapport("check", "contact", RAPPORT_LOG_LEVEL="loud")`: the exit code and the lines of standard error."""

    def call(*arguments: str, **variables: str) -> tuple[int, list[str]]:
        monkeypatch.setattr(sys, "argv", ["rapport", *arguments])
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as ended:
            main()
        assert isinstance(ended.value.code, int)
        return ended.value.code, capsys.readouterr().err.splitlines()

    return call


@pytest.mark.parametrize("command", ["serve", "check"])
def test_a_service_that_is_not_installed_is_named(rapport: Rapport, command: str) -> None:
    code, said = rapport(command, "nothing")
    assert code == 2
    assert len(said) == 1
    assert said[0].startswith("no such service: nothing; installed are contact, ")


def test_check_lists_every_bad_variable_once(rapport: Rapport) -> None:
    code, said = rapport("check", RAPPORT_LOG_LEVEL="loud", RAPPORT_CONTACT_LISTEN="50051")
    assert code == 1
    assert sorted(line.partition(":")[0] for line in said) == ["RAPPORT_CONTACT_LISTEN", "RAPPORT_LOG_LEVEL"]


def test_check_names_what_serve_would_miss(rapport: Rapport) -> None:
    code, said = rapport("check", "contact", "--complete", RAPPORT_NATS_URL="", RAPPORT_CONTACT_LISTEN="")
    assert code == 1
    assert {"RAPPORT_CONTACT_LISTEN: is not set", "RAPPORT_NATS_URL: is not set"} <= set(said)


@pytest.mark.parametrize("command", [["status"], ["down"], ["reset", "--yes"]])
def test_where_rapport_was_never_up_nothing_is_touched(rapport: Rapport, tmp_path: Path, command: list[str]) -> None:
    assert rapport(*command, RAPPORT_STATE_DIR=str(tmp_path / "state")) == (0, [])
    assert not (tmp_path / "state").exists()


def test_a_file_that_cannot_be_written_is_named(rapport: Rapport, tmp_path: Path) -> None:
    nowhere = tmp_path / "none" / "openapi.json"
    assert rapport("openapi", "--output", str(nowhere)) == (2, [f"{nowhere}: No such file or directory"])


def test_a_service_of_which_nobody_knows_where_it_listens_is_named(rapport: Rapport, tmp_path: Path) -> None:
    (tmp_path / "services.json").write_text('[{"name": "contact", "listen": "unix:/c.sock"}]')
    code, said = rapport("target", "sales", RAPPORT_STATE_DIR=str(tmp_path))
    assert (code, said) == (2, ["RAPPORT_SALES_TARGET: is not set, and `rapport up` runs only contact here"])


@pytest.mark.parametrize(("answer", "left"), [("n\n", True), ("y\n", False)])
def test_reset_asks_first(
    rapport: Rapport, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: str, left: bool
) -> None:
    state = tmp_path / "state"
    state.mkdir()
    for name in ("DATABASE_URL", "NATS_URL"):
        monkeypatch.delenv(f"RAPPORT_{name}", raising=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    code, _ = rapport("reset", RAPPORT_STATE_DIR=str(state))
    assert (code == 1) is left
    assert state.exists() is left


THEIRS = {
    "RAPPORT_DATABASE_URL": "postgresql://admin:hunter2@db.example:5433/postgres",
    "RAPPORT_NATS_URL": "nats://rapport:hunter2@nats.example:4222",
}


@pytest.mark.parametrize("still_set", [True, False], ids=["still set", "used before"])
def test_reset_refuses_while_servers_of_others_hold_what_the_keys_are_for(
    rapport: Rapport, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, still_set: bool
) -> None:
    for name in THEIRS:
        monkeypatch.delenv(name, raising=False)
    state = State.open(tmp_path / "state")
    master = state.key("RAPPORT_CONTACT_MASTER_KEYS")
    settings = PlatformSettings(database_url=THEIRS["RAPPORT_DATABASE_URL"], nats_url=THEIRS["RAPPORT_NATS_URL"])
    if not still_set:
        remember(state, settings)
    variables = THEIRS if still_set else {}
    code, said = rapport("reset", "--yes", RAPPORT_STATE_DIR=str(state.directory), **variables)
    assert code == 1
    assert said[0].startswith("Nothing was deleted: ")
    assert said[1].startswith("PostgreSQL at db.example:5433: databases contact, identity; roles contact_migrator, ")
    assert said[2] == "NATS at nats.example:4222: streams rapport_contact, rapport_identity"
    assert said[3].endswith(f"delete {state.directory}.")
    assert "hunter2" not in "".join(said)
    assert state.key("RAPPORT_CONTACT_MASTER_KEYS") == master


HEAVY = {
    *(
        "lark",
        "obstore",
        "psutil",
        "puremagic",
        "pyarrow",
        "pydantic_settings",
        "requests",
        "rich",
        "typer",
        "xlsxwriter",
    ),
    "rapport_kit.cli",
}
"""What is loaded for those who ask for it, or never (docs/adr/0005)."""


@pytest.mark.parametrize(
    ("service", "foreign"),
    [
        (
            "contact",
            {
                "alembic",
                "fastapi",
                "phonenumbers",
                "pydantic",
                "rapport_gateway",
                "rapport_identity",
                "rapport_kit.migrations",
            },
        ),
        (
            "identity",
            {"alembic", "fastapi", "rapport_gateway", "rapport_contact", "rapport_kit.migrations"},
        ),
        ("gateway", {"alembic", "asyncpg", "sqlalchemy", "rapport_contact", "rapport_identity"}),
    ],
)
def test_a_service_process_loads_nothing_of_others_and_nothing_heavy_before_it_is_asked_for(
    service: str, foreign: set[str]
) -> None:
    code = """
import sys
import rapport_kit.app.__main__
from rapport_kit.service import chosen
(service,) = chosen(sys.argv[1:])
if service.unit_of_work is not None:
    import rapport_kit.app.serving
from rapport_kit.settings import PlatformSettings
from rapport_kit.telemetry import traces
traces.configure(service.name, PlatformSettings(otlp_endpoint="http://127.0.0.1:9"))
print(*(name for name, module in sys.modules.items() if module is not None))
"""
    command = [sys.executable, "-c", code, service]
    loaded = set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    assert f"rapport_{service}.service" in loaded
    assert not (foreign | HEAVY) & loaded
    assert ("pydantic" in loaded) is (service == "gateway")


def test_serve_says_in_a_sentence_each_what_is_missing() -> None:
    command = [sys.executable, "-m", "rapport_kit.cli", "serve", "contact"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RAPPORT_")}
    ended = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    fields = ["DATABASE_URL", "SYSTEM_DATABASE_URL", "LISTEN", "LINK_KEYS", "MATCH_KEY", "MASTER_KEYS", "RECEIPT_KEYS"]
    assert ended.returncode == 2
    assert ended.stderr.splitlines() == [f"RAPPORT_CONTACT_{field}: is not set" for field in fields]
