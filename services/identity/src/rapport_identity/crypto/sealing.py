"""Encrypts what only identity itself may read again: AES-256-GCM, the first key seals and all of them open."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12
_SMALLEST = _NONCE_BYTES + 16


def seal(keys: Sequence[bytes], content: bytes, about: bytes) -> bytes:
    """Encrypt `content`; `about` is bound in, so that it opens only where it belongs."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(keys[0]).encrypt(nonce, content, about)


def unseal(keys: Sequence[bytes], sealed: bytes, about: bytes) -> bytes | None:
    """What was sealed; None when none of the keys opens it, or it was sealed about something else."""
    if len(sealed) < _SMALLEST:
        return None
    for key in keys:
        with suppress(InvalidTag):
            return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], about)
    return None
