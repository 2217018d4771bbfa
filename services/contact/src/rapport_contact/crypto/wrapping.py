"""Keys kept under other keys: a subject's under its tenant's, a tenant's under the master keys of the installation.

`MasterKeys` is where a key management service would stand: it needs nothing but to wrap and to unwrap 32 bytes.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from rapport_kit.privacy.cipher import KEY_BYTES, Key, Unreadable
from rapport_kit.settings import SettingsError

INDEX_VERSION = 0
"""The number under which a tenant keeps the key of its blind indexes, which is never replaced."""


class MasterKeys:
    """The master keys, the one in use first."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = [Key(key) for key in keys]

    def wrap(self, key: Key, tenant: UUID, version: int) -> bytes:
        """A tenant's key as it is stored."""
        return self._keys[0].seal(key.raw, _of_tenant(tenant, version))

    def unwrap(self, wrapped: bytes, tenant: UUID, version: int) -> Key:
        """The tenant's key.

        Raises:
            SettingsError: it was wrapped with none of these.
        """
        for master in self._keys:
            with suppress(Unreadable):
                return Key(master.open(wrapped, _of_tenant(tenant, version)))
        raise SettingsError("RAPPORT_CONTACT_MASTER_KEYS: none of them opens the key of a tenant")


def new_key() -> Key:
    """256 random bits."""
    return Key(os.urandom(KEY_BYTES))


def wrap_subject(key: Key, under: Key, tenant: UUID, subject: UUID) -> bytes:
    """A subject's key as it is stored."""
    return under.seal(key.raw, _of_subject(tenant, subject))


def unwrap_subject(wrapped: bytes, under: Key, tenant: UUID, subject: UUID) -> Key:
    """The subject's key; Unreadable when it was not wrapped for this subject."""
    return Key(under.open(wrapped, _of_subject(tenant, subject)))


def _of_tenant(tenant: UUID, version: int) -> bytes:
    return b"tenant\0" + tenant.bytes + version.to_bytes(8, "big")


def _of_subject(tenant: UUID, subject: UUID) -> bytes:
    return b"subject\0" + tenant.bytes + subject.bytes
