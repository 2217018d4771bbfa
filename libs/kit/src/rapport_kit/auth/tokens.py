"""Verifies access tokens locally: signature and claims once, revocation and age at each use."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from typing import Protocol
from uuid import UUID

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from rapport_kit.auth.claims import ALGORITHM, LIFETIME_SECONDS, MEDIA_TYPE, Claims, parse
from rapport_kit.auth.principal import Principal
from rapport_kit.errors import Unauthenticated, Unavailable

LEEWAY_SECONDS = 60.0
"""How far clocks of two machines may differ."""
FEED_SILENCE_SECONDS = 60.0
"""After so long without word of revocations, only tokens younger than that are believed."""
LONGEST_TOKEN = 16_384
_HEADER = {"alg", "kid", "typ"}
_KID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Keys(Protocol):
    """The public keys that identity signs with, by key id."""

    def key(self, kid: str) -> ECKey | None:
        """The key, or None when it is not known."""

    def loaded(self) -> bool:
        """Whether any answer of identity has been seen since the process started."""

    async def refresh_for(self, kid: str) -> bool:
        """Ask identity for a key not known yet; False when it was asked too recently, or has no such key."""


class Revocations(Protocol):
    """What identity has taken back."""

    def revoked_at(self, subject: UUID) -> float | None:
        """The time up to which tokens of this subject are void, in seconds since the epoch."""

    def ended(self, session: UUID) -> bool:
        """Whether the session, API key or service account secret a token was issued for is void."""

    def age(self) -> float:
        """Seconds since the last word from identity."""


class UnknownKey(Unauthenticated):
    """The token names a key that is not known here, yet perhaps to identity."""

    def __init__(self, kid: str) -> None:
        super().__init__("TOKEN_INVALID", "the access token is not valid")
        self.kid = kid


class TokenVerifier:
    """Turns the text of a token into its principal, or raises Unauthenticated with one of four reasons:
    TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED, TOKEN_STALE.

    Verified claims are kept by the digest of the token (`capacity` of them, least recently used out first), so
    that a repeated token costs a hash and three look-ups instead of a signature check.
    """

    def __init__(
        self, keys: Keys, revocations: Revocations, *, clock: Callable[[], float] = time.time, capacity: int = 10_000
    ) -> None:
        self._keys = keys
        self._revocations = revocations
        self._clock = clock
        self._capacity = capacity
        self._verified: OrderedDict[bytes, Claims] = OrderedDict()

    async def authenticate(self, token: str) -> Principal:
        """As `verify`, but asks identity once when the token is signed with a key not seen before."""
        try:
            return self.verify(token)
        except UnknownKey as unknown:
            if not await self._keys.refresh_for(unknown.kid):
                raise
        return self.verify(token)

    def verify(self, token: str) -> Principal:
        """The principal of a valid, unexpired and unrevoked token."""
        digest = sha256(token.encode("utf-8", "surrogatepass")).digest()
        claims = self._verified.get(digest)
        if claims is None:
            claims = self._read(token)
            self._check_times(claims)
            self._remember(digest, claims)
        else:
            self._verified.move_to_end(digest)
        self._check_still_good(claims, digest)
        return claims.principal

    def _read(self, token: str) -> Claims:
        """The claims of a token whose signature is good; every fault looks the same from outside."""
        if len(token) > LONGEST_TOKEN:
            raise _invalid()
        try:
            signed = jws.extract_compact(token.encode("ascii"))
            header = signed.headers()
        except (JoseError, ValueError, TypeError) as fault:
            raise _invalid() from fault
        kid = header.get("kid")
        if header.get("alg") != ALGORITHM or header.get("typ") != MEDIA_TYPE or set(header) != _HEADER:
            raise _invalid()
        if not isinstance(kid, str) or not _KID.fullmatch(kid):
            raise _invalid()
        key = self._keys.key(kid)
        if key is None:
            if not self._keys.loaded():
                raise Unavailable("IDENTITY_UNAVAILABLE", "callers cannot be identified yet; try again")
            raise UnknownKey(kid)
        try:
            if not jws.validate_compact(signed, key, algorithms=[ALGORITHM]):
                raise _invalid()
            return parse(signed.payload)
        except (JoseError, ValueError, KeyError, TypeError, AttributeError) as fault:
            raise _invalid() from fault

    def _check_times(self, claims: Claims) -> None:
        if not 0 < claims.expires - claims.issued <= LIFETIME_SECONDS + 1:
            raise _invalid()
        if claims.issued > self._clock() + LEEWAY_SECONDS:
            raise _invalid()

    def _remember(self, digest: bytes, claims: Claims) -> None:
        self._verified[digest] = claims
        if len(self._verified) > self._capacity:
            self._verified.popitem(last=False)

    def _check_still_good(self, claims: Claims, digest: bytes) -> None:
        now = self._clock()
        if now >= claims.expires + LEEWAY_SECONDS:
            self._verified.pop(digest, None)
            raise Unauthenticated("TOKEN_EXPIRED", "the access token has expired")
        principal, feed = claims.principal, self._revocations
        revoked_at = feed.revoked_at(principal.subject)
        if revoked_at is not None and claims.issued <= revoked_at:
            raise Unauthenticated("TOKEN_REVOKED", "the access token was taken back")
        if principal.session_id is not None and feed.ended(principal.session_id):
            raise Unauthenticated("TOKEN_REVOKED", "the access token was taken back")
        if now - claims.issued > FEED_SILENCE_SECONDS and feed.age() > FEED_SILENCE_SECONDS:
            raise Unauthenticated("TOKEN_STALE", "the access token is too old to be believed right now")


def _invalid() -> Unauthenticated:
    return Unauthenticated("TOKEN_INVALID", "the access token is not valid")
