"""What identity is told from outside."""

from __future__ import annotations

import pytest

from rapport_identity.settings import IdentitySettings
from rapport_kit.settings import SettingsError

KEY = "what nobody may ever read in any log"
URL = "postgresql://identity_app:pa55word@localhost/identity"


def test_no_secret_is_shown_by_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPPORT_IDENTITY_KEY_ENCRYPTION_KEYS", f"{KEY},{KEY * 2}")
    for variable in ("RAPPORT_DATABASE_URL", "RAPPORT_IDENTITY_DATABASE_URL", "RAPPORT_IDENTITY_SYSTEM_DATABASE_URL"):
        monkeypatch.setenv(variable, URL)
    monkeypatch.setenv("RAPPORT_NATS_URL", "nats://identity:pa55word@localhost:4222")
    settings = IdentitySettings.of("identity")
    for shown in (repr(settings), str(settings), f"{settings.platform}"):
        assert KEY not in shown
        assert "pa55word" not in shown
    assert (settings.required("database_url"), len(settings.encryption_keys)) == (URL, 2)


def test_a_key_that_is_too_short_is_refused_without_being_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPPORT_IDENTITY_KEY_ENCRYPTION_KEYS", f"{KEY},too short")
    with pytest.raises(SettingsError, match="RAPPORT_IDENTITY_KEY_ENCRYPTION_KEYS: each key") as caught:
        IdentitySettings.of("identity")
    assert "too short" not in str(caught.value)


@pytest.mark.parametrize("given", ["10.0.0.0/8,::1/128", " 10.0.0.0/8 , ::1/128,"])
def test_networks_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("RAPPORT_IDENTITY_OIDC_NETWORKS", given)
    assert [str(each) for each in IdentitySettings.of("identity").oidc_networks] == ["10.0.0.0/8", "::1/128"]


def test_what_is_no_network_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPPORT_IDENTITY_OIDC_NETWORKS", "10.0.0.0/8,inside")
    with pytest.raises(SettingsError, match="RAPPORT_IDENTITY_OIDC_NETWORKS"):
        IdentitySettings.of("identity")
