"""What identity is told from outside beside what every service is."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Annotated

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from rapport_kit.settings import Networks, ServiceSettings

SHORTEST_KEY = 32


def _keys(value: str) -> str:
    if any(len(key) < SHORTEST_KEY for key in value.split(",")):
        raise ValueError(f"each key must have at least {SHORTEST_KEY} characters, as `openssl rand -base64 32` prints")
    return value


@dataclass(frozen=True, kw_only=True)
class IdentitySettings(ServiceSettings):
    """Prefix `RAPPORT_IDENTITY_`."""

    key_encryption_keys: Annotated[str, _keys] | None = field(default=None, repr=False)
    """Encrypt the signing keys' private halves in the database; every replica has the same. Of several, separated by
    commas, the first encrypts and all decrypt: put a new one first, and drop the old one two days later."""

    oidc_networks: Networks = ()
    """Networks, separated by commas, that are not of the public internet and where identity providers may be. Providers
    there may use any port, and on this machine itself also plain http; all others are https on port 443."""

    @property
    def encryption_keys(self) -> tuple[bytes, ...]:
        """AES-256 keys for signing keys; SettingsError when none is set."""
        return self.keys_for("signing_key")

    def keys_for(self, purpose: str) -> tuple[bytes, ...]:
        """AES-256 keys that open nothing sealed for another purpose; SettingsError when none is set."""
        info = f"rapport.identity.{purpose}".encode()
        given = self.required("key_encryption_keys").split(",")
        return tuple(HKDF(SHA256(), 32, salt=None, info=info).derive(key.encode()) for key in given)


@cache
def identity_settings() -> IdentitySettings:
    """The settings of this process, read once."""
    return IdentitySettings.of("identity")
