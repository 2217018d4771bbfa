"""What a key does: AES-256-GCM with a fresh nonce for each box (NIST SP 800-38D)."""

from __future__ import annotations

import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from rapport_kit.errors import DomainError

KEY_BYTES = 32
_NONCE_BYTES = 12


class Unreadable(DomainError):
    """The box was changed, was made with another key, or belongs elsewhere."""

    code = "DATA_LOSS"


class Key:
    """A 256-bit key. `bound` says what a box belongs to; it opens nowhere else."""

    __slots__ = ("_cipher", "raw")

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self._cipher = AESGCM(raw)

    def __repr__(self) -> str:
        return "Key(…)"

    def seal(self, content: bytes, bound: bytes) -> bytes:
        """Nonce, ciphertext and tag: 28 bytes more than `content`."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, bound)

    def open(self, box: bytes, bound: bytes) -> bytes:
        """The content of a box.

        Raises:
            Unreadable: it is none of this key's, or not of this place.
        """
        try:
            return self._cipher.decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], bound)
        except (InvalidTag, ValueError) as error:
            raise Unreadable("UNREADABLE", "the box does not open with this key in this place") from error


class Boxes:
    """Several keys for one purpose: the first seals, any opens. So keys can be replaced while both are in use."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self._keys = tuple(keys)

    def seal(self, content: bytes, bound: bytes) -> bytes:
        """See `Key.seal`."""
        return self._keys[0].seal(content, bound)

    def open(self, box: bytes, bound: bytes) -> bytes:
        """The content of a box.

        Raises:
            Unreadable: none of the keys opens it in this place.
        """
        for key in self._keys[:-1]:
            try:
                return key.open(box, bound)
            except Unreadable:
                continue
        return self._keys[-1].open(box, bound)
