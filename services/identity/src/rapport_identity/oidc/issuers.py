"""What is known of issuers: their endpoints and keys, fetched when needed and kept for a while."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from rapport_identity.oidc.fetch import IssuerFault, fetch

KEPT_SECONDS = 600.0
"""How long endpoints and keys are believed; an issuer that changes keys publishes the new one before it signs."""
ASK_AGAIN_SECONDS = 30.0
"""How soon after the last time an issuer is asked for a key that was not among its keys."""
MOST_ISSUERS = 256
MOST_KEYS = 64
LONGEST_URL = 2_000
SMALLEST_RSA = 2048

Key = RSAKey | ECKey | OKPKey
_KINDS: Mapping[str, type[Key]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
"""Public keys only: a symmetric key in a key set is one that everybody knows."""
_CURVES = (None, "P-256", "Ed25519")


@dataclass(slots=True)
class Issuer:
    """One issuer's endpoints (OpenID Connect Discovery 1.0) and its public keys."""

    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    basic: bool
    """Whether clients may authenticate with HTTP Basic; otherwise their secret goes with the form."""
    known_since: float
    keys: Sequence[Key] = ()
    keys_since: float = field(default=float("-inf"))


class Issuers:
    """A bounded memory of issuers, the least recently used out first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: OrderedDict[str, Issuer] = OrderedDict()

    async def get(self, issuer: str) -> Issuer:
        """The issuer's endpoints.

        Raises:
            IssuerFault: it cannot be reached, or describes another issuer than itself.
        """
        known = self._known.get(issuer)
        if known is None or self._clock() - known.known_since > KEPT_SECONDS:
            document = await fetch(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            known = self._known[issuer] = _described(document, issuer, self._clock())
        self._known.move_to_end(issuer)
        if len(self._known) > MOST_ISSUERS:
            self._known.popitem(last=False)
        return known

    async def keys(self, issuer: str, kid: str | None) -> Sequence[Key]:
        """The issuer's keys, those with the id `kid` if a token names one; asked anew when none of them has it."""
        known = await self.get(issuer)
        age = self._clock() - known.keys_since
        missing = not _named(known.keys, kid) and age > ASK_AGAIN_SECONDS
        if age > KEPT_SECONDS or missing:
            known.keys = _keys(await fetch(known.jwks_uri))
            known.keys_since = self._clock()
        return _named(known.keys, kid)


def _described(document: Mapping[str, Any], issuer: str, now: float) -> Issuer:
    if document.get("issuer") != issuer:
        raise IssuerFault("its configuration describes another issuer")
    methods = document.get("token_endpoint_auth_methods_supported")
    return Issuer(
        authorization_endpoint=_url(document, "authorization_endpoint"),
        token_endpoint=_url(document, "token_endpoint"),
        userinfo_endpoint=_url(document, "userinfo_endpoint") if "userinfo_endpoint" in document else "",
        jwks_uri=_url(document, "jwks_uri"),
        basic=not isinstance(methods, list) or "client_secret_basic" in methods,
        known_since=now,
    )


def _url(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or len(value) > LONGEST_URL or not value.isascii() or not value.isprintable():
        raise IssuerFault(f"its configuration has no {name}")
    try:
        parts = urlsplit(value)
        sound = parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets or a port that are none
        sound = False
    if not sound or "@" in parts.netloc or " " in value:
        raise IssuerFault(f"its configuration has no {name}")
    return value


def _keys(document: Mapping[str, Any]) -> list[Key]:
    """The keys of a key set (RFC 7517) that can verify signatures; what cannot be read is left out."""
    listed = document.get("keys")
    if not isinstance(listed, list) or len(listed) > MOST_KEYS:
        raise IssuerFault("its key set is none")
    return [key for each in listed if isinstance(each, dict) and (key := _key(each)) is not None]


def _key(given: dict[str, Any]) -> Key | None:
    kind = _KINDS.get(str(given.get("kty")))
    if kind is None or given.get("use", "sig") != "sig" or given.get("crv") not in _CURVES:
        return None
    try:
        key: Key = kind.import_key(given)
        weak = isinstance(key, RSAKey) and key.public_key.key_size < SMALLEST_RSA
    except (JoseError, LookupError, ValueError, TypeError):  # LookupError: a curve of another kind of key
        return None
    return None if weak else key


def _named(keys: Sequence[Key], kid: str | None) -> Sequence[Key]:
    return [key for key in keys if kid is None or key.kid == kid]
