"""Page tokens (AIP-158): where a list goes on, sealed so that only the same caller can go on with the same list."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from rapport_kit.errors import Invalid
from rapport_kit.query.keyset import Key

LIFETIME = timedelta(days=3)
MAX_LENGTH = 4_000
REASON = "INVALID_PAGE_TOKEN"


class PageTokens:
    """Seals and opens page tokens with secret keys of at least 32 bytes.

    The first key seals, all of them open: put a new key in front, and drop the old one when `LIFETIME` has passed.
    A token is encrypted, because it holds values of the last row, and authenticated (AES-SIV, RFC 5297, which needs
    no nonce and so cannot repeat one). What it is bound to is authenticated with it, but not contained in it.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) < 32 for key in keys):
            raise ValueError("page tokens need at least one key, and every key at least 32 bytes")
        self._ciphers = [AESSIV(_derived(key)) for key in keys]

    def seal(self, key: Key, bound: bytes, now: datetime) -> str:
        """The token for going on after the row with `key`, in the list that `bound` describes."""
        payload = json.dumps([int(now.timestamp()), *key], separators=(",", ":"), default=_tagged)
        return _text(self._ciphers[0].encrypt(payload.encode(), [bound]))

    def open(self, token: str, bound: bytes, now: datetime) -> Key:
        """The key in `token`.

        Raises:
            Invalid: INVALID_PAGE_TOKEN: it was changed, is too old, or belongs to another list or caller.
        """
        issued, *key = json.loads(self._payload(token, bound), object_hook=_untagged)
        if now - datetime.fromtimestamp(issued, UTC) > LIFETIME:
            raise _refused(f"it is older than {LIFETIME.days} days; start again from the first page")
        return tuple(key)

    def _payload(self, token: str, bound: bytes) -> bytes:
        sealed = _raw(token) if len(token) <= MAX_LENGTH else b""
        for cipher in self._ciphers if sealed else ():
            try:
                return cipher.decrypt(sealed, [bound])
            except InvalidTag:
                continue
        raise _refused("it is not the next_page_token of this very list, asked for in the same way by the same caller")


def _derived(key: bytes) -> bytes:
    return HKDF(SHA256(), length=64, salt=None, info=b"rapport page token").derive(key)


def _refused(why: str) -> Invalid:
    return Invalid.field("page_token", REASON, why)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _raw(token: str) -> bytes:
    """The bytes of a token in its one canonical spelling; empty for any other text."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
    return raw if _text(raw) == token else b""


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def _tagged(value: Any) -> dict[str, Any]:
    """The form of a value that JSON has not; a key holds no objects of its own."""
    match value:
        case UUID():
            return {"uuid": value.hex}
        case datetime():
            return {"time": (value - _EPOCH) // _MICROSECOND}
        case date():
            return {"date": value.isoformat()}
    raise TypeError(f"a page token cannot hold {type(value).__name__}")


def _untagged(tagged: dict[str, Any]) -> Any:
    match tagged:
        case {"uuid": text}:
            return UUID(text)
        case {"time": microseconds}:
            return _EPOCH + microseconds * _MICROSECOND
        case {"date": text}:
            return date.fromisoformat(text)
    raise TypeError("a page token holds an unknown kind of value")
