"""What contact is told from outside beside what every service is."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated

from rapport_kit.privacy.cipher import KEY_BYTES
from rapport_kit.settings import Address, ServiceSettings


def _decoded(key: str) -> bytes:
    try:
        return base64.b64decode(key, validate=True)
    except binascii.Error:
        return b""


def _keys(value: str) -> str:
    if any(len(_decoded(key)) != KEY_BYTES for key in value.split(",")):
        raise ValueError(f"each key must be {KEY_BYTES} bytes in base64, as `openssl rand -base64 32` prints")
    return value


Keys = Annotated[str, _keys]


@dataclass(frozen=True, kw_only=True)
class ProcessSettings(ServiceSettings):
    """Prefix `RAPPORT_CONTACT_`. Of several keys, separated by commas, the first is in use; replicas have the same."""

    link_keys: Keys | None = field(default=None, repr=False)
    """Sign links to files: put a new one first; an old one stays for as long as its links are to work."""
    match_key: Keys | None = field(default=None, repr=False)
    """Hides the keys under which duplicates are looked for; every replica has the same. After a change of it, each
    tenant must have its duplicates scanned, which writes the keys anew."""
    clamd: Address | None = None
    """ClamAV's daemon, `host:port` or `unix:/path`; without it files stay unscanned."""
    unscanned_downloads: bool = True
    """Whether files that no scanner has seen may be downloaded."""
    master_keys: Keys | None = field(default=None, repr=False)
    """Wrap the keys of tenants: put a new one first, run `rapport keys rotate` for every tenant, drop the old one."""
    receipt_keys: Keys | None = field(default=None, repr=False)
    """Ed25519 seeds that sign receipts of erasure: put a new one first; an old one stays for as long as its receipts
    are to be checked against what contact itself publishes."""

    erasure_receipts: Path | None = None
    """Receipts, one a line: whom they name is erased before contact serves. For a database out of a backup."""

    def secrets(self, field: str) -> tuple[bytes, ...]:
        """The keys in a field, the one in use first; SettingsError when none is set."""
        return tuple(_decoded(key) for key in self.required(field).split(","))


@cache
def process_settings() -> ProcessSettings:
    """The settings of this process, read once."""
    return ProcessSettings.of("contact")
