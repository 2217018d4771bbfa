"""What identity is told from outside beside what every service is."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import AfterValidator

from rapport_kit.settings import ServiceSettings

SHORTEST_KEY = 32


def _keys(value: str) -> str:
    if any(len(key) < SHORTEST_KEY for key in value.split(",")):
        raise ValueError(f"each key must have at least {SHORTEST_KEY} characters, as `openssl rand -base64 32` prints")
    return value


def _derived(key: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"rapport.identity.signing_key").derive(key.encode())


class IdentitySettings(ServiceSettings):
    """Prefix `RAPPORT_IDENTITY_`."""

    key_encryption_keys: Annotated[str, AfterValidator(_keys)] | None = None
    """Encrypt the signing keys' private halves in the database; every replica has the same. Of several, separated by
    commas, the first encrypts and all decrypt: put a new one first, and drop the old one two days later."""

    @property
    def encryption_keys(self) -> tuple[bytes, ...]:
        """AES-256 keys; SettingsError when none is set."""
        given = self.required("key_encryption_keys").split(",")
        return tuple(
            HKDF(SHA256(), 32, salt=None, info=b"rapport.identity.signing_key").derive(key.encode()) for key in given
        )


@cache
def identity_settings() -> IdentitySettings:
    """The settings of this process, read once."""
    settings = IdentitySettings.of("identity")
    assert isinstance(settings, IdentitySettings)
    return settings
