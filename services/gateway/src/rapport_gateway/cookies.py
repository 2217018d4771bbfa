"""The cookies of a signed-in browser."""

from __future__ import annotations

from rapport_gateway.csrf import csrf_token
from rapport_gateway.incoming import Incoming

SESSION = "rapport_session"
CSRF = "rapport_csrf"
FLOW = "rapport_oidc"


def secret_of(incoming: Incoming) -> str:
    """The session's secret; empty without the cookie."""
    return cookie_of(incoming, SESSION)


def cookie_of(incoming: Incoming, cookie: str) -> str:
    """The value of a cookie of ours; empty without it."""
    cookies = incoming.headers.get(b"cookie")
    if cookies is None:
        return ""
    wanted = _named(cookie, incoming.secure)
    for pair in cookies.decode("latin-1").split(";"):
        name, _, value = pair.strip().partition("=")
        if name == wanted and value.isascii():
            return value
    return ""


def signed_in(incoming: Incoming, secret: str, seconds: int) -> list[tuple[bytes, bytes]]:
    """Headers that make the browser keep a session, and the token its scripts send back with each change."""
    return [
        _set(incoming, SESSION, secret, seconds, "; HttpOnly"),
        # Scripts of this site read it and send it as X-CSRF-Token; those of other sites cannot.
        _set(incoming, CSRF, csrf_token(secret), seconds, ""),
    ]


def signed_out(incoming: Incoming) -> list[tuple[bytes, bytes]]:
    """Headers that make the browser forget its session."""
    return [_set(incoming, SESSION, "", 0, "; HttpOnly"), _set(incoming, CSRF, "", 0, "")]


def flow_begun(incoming: Incoming, flow: str, seconds: int) -> tuple[bytes, bytes]:
    """A header that makes the browser keep a sign-in it began elsewhere; for no seconds, forget it."""
    return _set(incoming, FLOW, flow, seconds, "; HttpOnly")


def _set(incoming: Incoming, name: str, value: str, seconds: int, more: str) -> tuple[bytes, bytes]:
    secure = "; Secure" if incoming.secure else ""
    cookie = f"{_named(name, incoming.secure)}={value}; Path=/; Max-Age={seconds}; SameSite=Lax{secure}{more}"
    return b"set-cookie", cookie.encode("ascii")


def _named(name: str, secure: bool) -> str:
    """`__Host-` binds a cookie to this very host, but browsers take it over HTTPS only (RFC 6265bis)."""
    return f"__Host-{name}" if secure else name
