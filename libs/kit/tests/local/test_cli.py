"""The command `rapport`, as a person or the supervisor calls it."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rapport_kit.cli import main

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


@pytest.mark.parametrize(("answer", "left"), [("n\n", True), ("y\n", False)])
def test_reset_asks_first(
    rapport: Rapport, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: str, left: bool
) -> None:
    state = tmp_path / "state"
    state.mkdir()
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    code, _ = rapport("reset", RAPPORT_STATE_DIR=str(state))
    assert (code == 1) is left
    assert state.exists() is left


def test_serving_does_not_load_what_only_other_commands_need() -> None:
    code = "import sys; from rapport_kit.cli import build; build(); import rapport_kit.app; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "rapport_kit.app" in loaded
    assert not {"alembic", "rapport_kit.migrations"} & set(loaded)
