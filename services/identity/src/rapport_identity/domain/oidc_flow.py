"""A sign-in through an issuer, between its beginning and its end: RFC 7636 (PKCE), state and nonce."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from rapport_kit.errors import Invalid

CALLBACK = "/v1/oidc/callback"
LIFETIME = timedelta(minutes=10)
"""How long somebody may take at the issuer."""


@dataclass(frozen=True, slots=True)
class Flow:
    """What the browser that began is known by; kept by that browser alone, sealed. Every text is random but the last.

    `id` is what is remembered of it when it is used up. `state` comes back through the issuer, `nonce` inside the ID
    token, `verifier` goes to the issuer with the code: all three must be of the same flow.
    """

    id: UUID
    tenant: UUID
    provider: UUID
    expire_time: datetime
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    redirect_uri: str
    return_path: str

    @property
    def challenge(self) -> str:
        """S256 of the verifier (RFC 7636, section 4.2)."""
        return urlsafe_b64encode(sha256(self.verifier.encode("ascii")).digest()).rstrip(b"=").decode("ascii")

    def alive(self, now: datetime) -> bool:
        """Whether it may still be completed."""
        return now < self.expire_time

    def answers(self, state: str) -> bool:
        """Whether an answer of the issuer is the one to this flow, in constant time."""
        return hmac.compare_digest(self.state.encode(), state.encode())

    def request(self, endpoint: str, client_id: str, scopes: list[str]) -> str:
        """The URL of the authentication request (OpenID Connect Core 1.0, section 3.1.2.1)."""
        parts = urlsplit(endpoint)
        asked: Mapping[str, str] = {
            "response_type": "code",
            "client_id": client_id,
            "redirect_uri": self.redirect_uri,
            "scope": " ".join(scopes),
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": self.challenge,
            "code_challenge_method": "S256",
        }
        query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in asked]
        return parts._replace(query=urlencode([*query, *asked.items()])).geturl()


def redirect_uri(origin: str, host: str) -> str:
    """Where an issuer sends a browser back to: the callback on the very site that the browser came from.

    Raises:
        Invalid: `origin` is no origin, or not of `host`, which is in its normal form.
    """
    try:
        parts = urlsplit(origin)
        named = f"{host}:{parts.port}" if parts.port else host
        sound = parts.scheme in ("https", "http") and origin.lower() == f"{parts.scheme}://{named}"
    except ValueError:
        sound = False
    if not sound:
        raise Invalid.field("origin", "MALFORMED", "must be this site's scheme and host")
    return origin + CALLBACK


def local_path(path: str) -> str:
    """A path on this site, `/` when none is given: whoever signs in is not led away by a link somebody made for them.

    Raises:
        Invalid: browsers could read it as an address elsewhere.
    """
    given = path or "/"
    plain = given.isascii() and given.isprintable() and " " not in given and "\\" not in given
    if not plain or not given.startswith("/") or given.startswith("//"):
        raise Invalid.field("return_path", "NOT_LOCAL", "must be a path on this site, such as /people")
    return given
