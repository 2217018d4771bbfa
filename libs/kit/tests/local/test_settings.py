"""What a process is told from outside."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pytest

from rapport_kit.service import Service
from rapport_kit.settings import PlatformSettings, ServiceSettings, SettingsError, variable
from rapport_kit.variables import Within


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("RAPPORT_"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("RAPPORT_DATABASE_URL", "mysql://host/x", "must look like postgresql://"),
        ("RAPPORT_DATABASE_URL", "postgresql://host", "must look like postgresql://"),
        ("RAPPORT_DATABASE_URL", "postgresql://host/x?sslmode=require", "called ssl here"),
        ("RAPPORT_NATS_URL", "http://host", "must look like nats://"),
        ("RAPPORT_POSTGRES_PORT", "70000", "less than or equal to 65535"),
        ("RAPPORT_POSTGRES_PORT", "a", "must be a whole number"),
        ("RAPPORT_TRACE_SAMPLING_RATIO", "2", "less than or equal to 1"),
        ("RAPPORT_TRACE_SAMPLING_RATIO", "nan", "greater than or equal to 0"),
        ("RAPPORT_TRACE_SAMPLING_RATIO", "half", "must be a number"),
        ("RAPPORT_LOG_LEVEL", "loud", "'debug', 'info', 'warning' or 'error'"),
        ("RAPPORT_CONTACT_LISTEN", "50051", "must be unix:/path or host:port"),
        ("RAPPORT_CONTACT_LISTEN", "unix:/" + "x" * 103, "longer than a unix socket's path"),
        ("RAPPORT_CONTACT_POOL_SIZE", "0", "greater than or equal to 1"),
        ("RAPPORT_SECRETS_DIR", "/nowhere", "is not a folder"),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        ServiceSettings.of("contact")
    assert str(refused.value).startswith(f"{name}: ")
    assert says in str(refused.value)


def test_an_error_never_repeats_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPPORT_DATABASE_URL", "mysql://admin:hunter2@host/x")
    with pytest.raises(SettingsError) as refused:
        PlatformSettings.load()
    assert "hunter2" not in str(refused.value)


def test_every_bad_variable_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPPORT_NATS_PORT", "x")
    monkeypatch.setenv("RAPPORT_POSTGRES_PORT", "y")
    with pytest.raises(SettingsError) as refused:
        PlatformSettings.load()
    assert {line.partition(":")[0] for line in str(refused.value).splitlines()} == {
        "RAPPORT_NATS_PORT",
        "RAPPORT_POSTGRES_PORT",
    }


def test_a_secret_may_come_from_a_mounted_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "rapport_contact_database_url").write_text("postgresql://contact_app:secret@db/contact\n")
    monkeypatch.setenv("RAPPORT_SECRETS_DIR", str(tmp_path))
    assert ServiceSettings.of("contact").required("database_url") == "postgresql://contact_app:secret@db/contact"


def test_a_variable_wins_over_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "rapport_nats_url").write_text("nats://file")
    monkeypatch.setenv("RAPPORT_SECRETS_DIR", str(tmp_path))
    monkeypatch.setenv("RAPPORT_NATS_URL", "nats://variable")
    assert PlatformSettings.load().nats_url == "nats://variable"


def test_what_a_service_cannot_do_without_is_named() -> None:
    with pytest.raises(SettingsError, match="RAPPORT_CONTACT_SYSTEM_DATABASE_URL: is not set"):
        ServiceSettings.of("contact").required("system_database_url")


@dataclass(frozen=True, kw_only=True)
class SealSettings(ServiceSettings):
    """Of a service that has secrets."""

    seal_keys: str | None = None
    match_key: str | None = None


def test_a_service_without_one_of_its_secrets_is_told_which(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service("sealing", settings=SealSettings, secrets=("seal_keys", "match_key"))
    monkeypatch.setenv("RAPPORT_SEALING_LISTEN", "unix:/sealing.sock")
    with pytest.raises(SettingsError) as refused:
        service.configured()
    assert str(refused.value).splitlines() == [
        "RAPPORT_SEALING_SEAL_KEYS: is not set",
        "RAPPORT_SEALING_MATCH_KEY: is not set",
    ]
    monkeypatch.setenv("RAPPORT_SEALING_SEAL_KEYS", "one")
    monkeypatch.setenv("RAPPORT_SEALING_MATCH_KEY", "another")
    assert service.configured().required("seal_keys") == "one"


def test_a_secret_is_a_field_of_the_settings() -> None:
    with pytest.raises(TypeError, match="SealSettings has no other_keys"):
        Service("sealing", settings=SealSettings, secrets=("seal_keys", "other_keys"))


def test_peers_reach_a_service_where_it_listens_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPPORT_CONTACT_LISTEN", "0.0.0.0:50051")
    assert ServiceSettings.of("contact").target == "0.0.0.0:50051"
    monkeypatch.setenv("RAPPORT_CONTACT_TARGET", "dns:///contact-headless:50051")
    assert ServiceSettings.of("contact").target == "dns:///contact-headless:50051"


def test_tls_is_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    certificate = tmp_path / "tls.crt"
    certificate.touch()
    monkeypatch.setenv("RAPPORT_TLS_CERT", str(certificate))
    with pytest.raises(SettingsError, match=r"RAPPORT_TLS_KEY, RAPPORT_TLS_CA: .* set together"):
        PlatformSettings.load()
    monkeypatch.setenv("RAPPORT_TLS_KEY", str(tmp_path / "gone"))
    monkeypatch.setenv("RAPPORT_TLS_CA", str(certificate))
    with pytest.raises(SettingsError, match=r"RAPPORT_TLS_KEY: .* is not a file"):
        PlatformSettings.load()


def test_a_name_with_a_dash_is_a_variable_with_an_underscore() -> None:
    assert variable("service-desk", "listen") == "RAPPORT_SERVICE_DESK_LISTEN"


@dataclass(frozen=True, kw_only=True)
class WaitingSettings(ServiceSettings):
    """Of a service that waits, or does not."""

    waits: bool = True
    wait: Annotated[float, Within(above=0, at_most=60)] = 1.0


@pytest.mark.parametrize(("said", "meant"), [("true", True), ("1", True), ("False", False), ("off", False)])
def test_yes_and_no_may_be_said_in_many_ways(monkeypatch: pytest.MonkeyPatch, said: str, meant: bool) -> None:
    monkeypatch.setenv("RAPPORT_WAITING_WAITS", said)
    monkeypatch.setenv("RAPPORT_WAITING_WAIT", "0.5")
    settings = WaitingSettings.of("waiting")
    assert (settings.waits, settings.wait) == (meant, 0.5)


@pytest.mark.parametrize(("field", "said"), [("waits", "perhaps"), ("wait", "0"), ("wait", "61")])
def test_what_is_neither_yes_nor_no_or_out_of_bounds_is_refused(
    monkeypatch: pytest.MonkeyPatch, field: str, said: str
) -> None:
    monkeypatch.setenv(variable("waiting", field), said)
    with pytest.raises(SettingsError, match=f"{variable('waiting', field)}: must be"):
        WaitingSettings.of("waiting")
