"""Keeps identity's public keys and revocations at hand, refreshed in the background."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from joserfc.jwk import ECKey

from rapport_kit.auth.claims import ALGORITHM

REFRESH_SECONDS = 5.0
FIRST_SECONDS = 0.2
"""How soon to ask again before the first answer: services start in any order."""
FETCH_SECONDS = 4.0
"""A fetch that takes longer has failed."""
UNKNOWN_KEY_SECONDS = 1.0
"""At most so often may tokens with unknown keys make us ask: anybody can send such a token."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What identity says at one moment: its keys, and everything that is void and could still be in use.

    `subjects` maps the digest of a subject to the time (seconds since the epoch) up to which its tokens are void;
    `sessions` are the digests of sessions, API keys and service accounts all of whose tokens are.
    """

    keys: Mapping[str, ECKey]
    subjects: Mapping[bytes, float] = field(default_factory=dict)
    sessions: frozenset[bytes] = frozenset()


Fetch = Callable[[], Awaitable[Snapshot]]


def digest(id: UUID) -> bytes:  # noqa: A002 - the field's name
    """What a revocation names instead of an id: everybody may read it, and learns nothing from it."""
    return hashlib.sha256(id.bytes).digest()[:16]


def public_key(kid: str, x: str, y: str) -> ECKey:
    """A P-256 verification key from its JWK coordinates (RFC 7518, section 6.2.1)."""
    return ECKey.import_key({"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": kid, "use": "sig", "alg": ALGORITHM})


class Keyring:
    """The last snapshot and its age; serves as the keys and the revocations of a `TokenVerifier`.

    `fetch` asks identity (or, inside identity, its database). Run `run()` as a task for as long as the process
    lives, after one `refresh()` if tokens must be believed from the first call on.
    """

    def __init__(self, fetch: Fetch, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._snapshot = Snapshot({})
        self._fetched: float | None = None
        self._attempted: float | None = None
        self._fetching = asyncio.Lock()

    def key(self, kid: str) -> ECKey | None:
        """The public key with this id, or None."""
        return self._snapshot.keys.get(kid)

    def loaded(self) -> bool:
        """Whether identity has ever answered."""
        return self._fetched is not None

    def revoked_at(self, subject: UUID) -> float | None:
        """The time up to which tokens of this subject are void, if any."""
        return self._snapshot.subjects.get(digest(subject)) if self._snapshot.subjects else None

    def ended(self, session: UUID) -> bool:
        """Whether every token of this session, API key or service account is void."""
        return bool(self._snapshot.sessions) and digest(session) in self._snapshot.sessions

    def age(self) -> float:
        """Seconds since identity last answered; infinite before the first answer."""
        return float("inf") if self._fetched is None else self._clock() - self._fetched

    async def run(self, every: float = REFRESH_SECONDS) -> None:
        """Refresh every `every` seconds until cancelled; a failure is logged, and the age tells the rest."""
        while True:
            await self.refresh()
            await asyncio.sleep(every if self.loaded() else FIRST_SECONDS)

    async def refresh(self) -> bool:
        """Ask once; False when identity did not answer in time."""
        async with self._fetching:
            self._attempted = started = self._clock()
            try:
                self._snapshot = await asyncio.wait_for(self._fetch(), FETCH_SECONDS)
            except Exception as fault:  # noqa: BLE001 - whatever fails there, the process goes on
                log.warning("keyring not refreshed", error=type(fault).__name__, age=round(self.age(), 1))
                return False
            # The answer is as old as the question: it may have been read just after the request was sent.
            self._fetched = started
            return True

    async def refresh_for(self, kid: str) -> bool:
        """Ask for a key that is not known, unless that was done within the last second."""
        if self._fetching.locked():
            async with self._fetching:
                return self.key(kid) is not None
        if self._attempted is not None and self._clock() - self._attempted < UNKNOWN_KEY_SECONDS:
            return False
        await self.refresh()
        return self.key(kid) is not None
