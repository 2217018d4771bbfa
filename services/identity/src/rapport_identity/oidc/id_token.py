"""Checks an ID token as OpenID Connect Core 1.0, section 3.1.3.7 says; every fault is a `TokenFault` that names it."""

from __future__ import annotations

import hmac
import warnings
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256, sha512
from typing import Any

import orjson
from joserfc import jws
from joserfc.errors import JoseError, SecurityWarning

from rapport_identity.oidc.issuers import Key

ALGORITHMS = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC", "EdDSA": "OKP"}
"""What a signature may be made with, and by what kind of key: never `none`, never a secret that both sides know."""
LEEWAY = 60.0
"""Seconds by which the issuer's clock may differ."""
OLDEST = 600.0
"""Seconds since a token was issued: it came a moment ago, in answer to a code."""
LONGEST = 16_384
MOST_KEYS_TRIED = 8


class TokenFault(Exception):
    """The token is not what the flow asked for."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Whose token it must be, for whom, and in answer to which flow. `now` in seconds since the epoch."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str
    now: float


def key_id(token: str) -> str | None:
    """Which key the token says it is signed with; None when it does not say.

    Raises:
        TokenFault: it is no signed token, or signed in a way that proves nothing.
    """
    return _header(token).get("kid")


def verify(token: str, keys: Sequence[Key], expected: Expected) -> Mapping[str, Any]:
    """The claims of a token that is genuine and meant for us.

    Raises:
        TokenFault: it is not.
    """
    header = _header(token)
    claims = _signed(token, header["alg"], keys)
    _check_parties(claims, expected)
    _check_times(claims, expected.now)
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), expected.nonce.encode()):
        raise TokenFault("nonce")
    if "at_hash" in claims and claims["at_hash"] != access_token_hash(header["alg"], expected.access_token):
        raise TokenFault("at_hash")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable():
        raise TokenFault("sub")
    return claims


def access_token_hash(algorithm: str, access_token: str) -> str:
    """The left half of the token's hash (section 3.1.3.6); that of Ed25519 is SHA-512."""
    digest = (sha512 if algorithm == "EdDSA" else sha256)(access_token.encode()).digest()
    return urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode("ascii")


def _header(token: str) -> dict[str, Any]:
    try:
        if len(token) > LONGEST:
            raise TokenFault("length")
        header = dict(jws.extract_compact(token.encode("ascii")).headers())
    except (JoseError, ValueError, TypeError, AttributeError):
        raise TokenFault("form") from None
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise TokenFault("alg")
    if "crit" in header or "b64" in header or not isinstance(header.get("kid"), str | None):
        raise TokenFault("header")
    return header


def _signed(token: str, algorithm: str, keys: Sequence[Key]) -> dict[str, Any]:
    candidates = [key for key in keys if key.key_type == ALGORITHMS[algorithm] and key.alg in (None, algorithm)]
    for key in candidates[:MOST_KEYS_TRIED]:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SecurityWarning)  # RFC 9864 renames EdDSA; issuers still say it
                payload = jws.deserialize_compact(token, key, algorithms=[algorithm]).payload
            claims = orjson.loads(payload)
        except (JoseError, ValueError, TypeError):
            continue
        if isinstance(claims, dict):
            return claims
    raise TokenFault("signature")


def _check_parties(claims: Mapping[str, Any], expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise TokenFault("iss")
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    if not isinstance(audiences, list) or expected.client_id not in audiences:
        raise TokenFault("aud")
    authorised = claims.get("azp", expected.client_id if len(audiences) == 1 else None)
    if authorised != expected.client_id:
        raise TokenFault("azp")


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    if now >= _time(claims, "exp") + LEEWAY:
        raise TokenFault("exp")
    if not now - OLDEST - LEEWAY <= _time(claims, "iat") <= now + LEEWAY:
        raise TokenFault("iat")
    if "nbf" in claims and _time(claims, "nbf") > now + LEEWAY:
        raise TokenFault("nbf")


def _time(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenFault(name)
    return value
