"""Protection against requests that another site makes with this site's cookie."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import urlsplit

from rapport_gateway.incoming import Incoming
from rapport_gateway.problem import Problem

HEADER = b"x-csrf-token"


def csrf_token(secret: str) -> str:
    """The token that belongs to a session: an HMAC under its secret, so that no gateway has to remember it."""
    code = hmac.new(secret.encode("ascii"), b"rapport csrf token", hashlib.sha256).digest()
    return base64.urlsafe_b64encode(code).rstrip(b"=").decode("ascii")


def check_cross_site(incoming: Incoming, secret: str) -> None:
    """A change that came with a cookie must come from this site and carry the session's token; 403 otherwise."""
    site = incoming.text(b"sec-fetch-site")
    if site and site not in ("same-origin", "none"):
        raise Problem(403, "CROSS_SITE", "the request comes from another site")
    origin = incoming.text(b"origin")
    if origin and (urlsplit(origin).hostname or "") != incoming.host:
        raise Problem(403, "CROSS_SITE", "the request comes from another site")
    given = incoming.text(HEADER)
    if not hmac.compare_digest(given.encode("latin-1"), csrf_token(secret).encode("ascii")):
        raise Problem(403, "CSRF_TOKEN_INVALID", "X-CSRF-Token: expected the value of the csrf cookie of this session")
