"""When a signing key is published, used, and forgotten, such that every verifier knows it in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

PERIOD = timedelta(days=1)
"""How long a key signs."""
LEAD = timedelta(minutes=10)
"""How long before it signs a key is published: verifiers ask every few seconds, and may be cut off for a while."""
TAIL = timedelta(minutes=10)
"""How long after its last signature a key stays published: twice the life of a token."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A P-256 key. `active_time` is when it starts to sign; the private half is encrypted."""

    kid: str
    x: str
    y: str
    private: bytes
    active_time: datetime


def signer(keys: Sequence[SigningKey], now: datetime) -> SigningKey:
    """The key to sign with: the youngest that is active.

    The very first key may have been made by another transaction after our `now`; it is then the only one.
    """
    active = [key for key in keys if key.active_time <= now] or keys[:1]
    return max(active, key=lambda key: key.active_time)


def published(keys: Sequence[SigningKey], now: datetime) -> list[SigningKey]:
    """The keys that verifiers must know: those to come, the one that signs, and those whose tokens are still alive."""
    ordered = sorted(keys, key=lambda key: key.active_time)
    successors: list[SigningKey | None] = [*ordered[1:], None]
    return [
        key
        for key, successor in zip(ordered, successors, strict=True)
        if successor is None or successor.active_time + TAIL > now
    ]


def next_active_time(keys: Sequence[SigningKey], now: datetime) -> datetime | None:
    """When a key that is made now should start to sign; None while none is needed."""
    newest = max((key.active_time for key in keys), default=None)
    if newest is None:
        return now
    return max(newest + PERIOD, now + LEAD) if newest + PERIOD - LEAD <= now else None
