"""Links to files: who has one may read one file of one tenant until a time, and nothing of it is stored."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from rapport_kit.errors import Invalid, NotFound

DEFAULT = timedelta(days=1)
LONGEST = timedelta(days=30)
_PROOF = sha256().digest_size
_SECONDS = 8


@dataclass(frozen=True, slots=True)
class Link:
    """What a link says: the file, its tenant, and when the link ends (whole seconds)."""

    tenant: UUID
    file_id: UUID
    expire_time: datetime

    @classmethod
    def to(cls, tenant: UUID, file_id: UUID, lifetime: timedelta, now: datetime) -> Link:
        """A new link.

        Raises:
            Invalid: it would last too long, or not at all.
        """
        if not timedelta(seconds=1) <= lifetime <= LONGEST:
            raise Invalid.field("lifetime", "OUT_OF_RANGE", f"must be between a second and {LONGEST.days} days")
        return cls(tenant, file_id, (now + lifetime).replace(microsecond=0))

    def token(self, key: bytes) -> str:
        """The text that proves the link (HMAC-SHA-256, RFC 2104)."""
        said = self.tenant.bytes + self.file_id.bytes + int(self.expire_time.timestamp()).to_bytes(_SECONDS, "big")
        return base64.urlsafe_b64encode(said + _proof(said, key)).rstrip(b"=").decode()

    @classmethod
    def of(cls, token: str, keys: Sequence[bytes], now: datetime) -> Link:
        """The link that a text proves.

        Raises:
            NotFound: none that is still good: one answer for what was forged and for what has expired.
        """
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        said, proof = raw[:-_PROOF], raw[-_PROOF:]
        genuine = any(hmac.compare_digest(_proof(said, key), proof) for key in keys)
        if genuine and len(said) == 32 + _SECONDS:
            expire_time = datetime.fromtimestamp(int.from_bytes(said[32:], "big"), UTC)
            if now < expire_time:
                return cls(UUID(bytes=said[:16]), UUID(bytes=said[16:32]), expire_time)
        raise NotFound("LINK_NOT_FOUND", "there is no such link, or it has expired")


def _proof(said: bytes, key: bytes) -> bytes:
    return hmac.digest(key, b"rapport file link\0" + said, "sha256")
