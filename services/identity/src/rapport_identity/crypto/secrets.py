"""Opaque secrets of sessions, API keys and service accounts: `rpk_<tenant>_<id>_<random>`.

They name their tenant and row, so that one look-up by key finds them, and carry 256 random bits, so that a plain
SHA-256 is as hard to invert as a slow hash would be.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from uuid import UUID


class SecretKind(StrEnum):
    """What a secret is for; its first letters, by which scanners of source code find leaked ones."""

    SESSION = "rps"
    API_KEY = "rpk"
    CLIENT = "rpc"


_FORM = re.compile(r"(rp[skc])_([0-9a-f]{32})_([0-9a-f]{32})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class Secret:
    """What a presented secret says; nothing of it is believed until `opens` agrees."""

    kind: SecretKind
    tenant: UUID
    id: UUID
    digest: bytes

    def opens(self, digest: bytes) -> bool:
        """Whether it is the secret behind the stored digest, in constant time."""
        return hmac.compare_digest(self.digest, digest)


def issue(kind: SecretKind, tenant: UUID, id: UUID) -> tuple[str, bytes]:  # noqa: A002 - the column's name
    """A new secret for the row `id`: the text that is shown once, and the digest that is kept."""
    random = secrets.token_urlsafe(32)
    return f"{kind}_{tenant.hex}_{id.hex}_{random}", _digest(random)


def read(kind: SecretKind, text: str) -> Secret | None:
    """Take a presented secret apart; None when it cannot be one of this kind."""
    form = _FORM.fullmatch(text)
    if form is None or form[1] != kind:
        return None
    return Secret(kind, UUID(form[2]), UUID(form[3]), _digest(form[4]))


def _digest(random: str) -> bytes:
    return sha256(random.encode()).digest()
