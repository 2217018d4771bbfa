"""Sign-in and sign-out through a browser: the only RPCs that the gateway knows by name."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qsl, urlencode

from rapport_gateway.cookies import FLOW, cookie_of, flow_begun, signed_in, signed_out
from rapport_gateway.credentials import Doors, Pass
from rapport_gateway.incoming import Incoming
from rapport_gateway.problem import Problem

Headers = list[tuple[bytes, bytes]]


COMPLETE = "rapport.identity.v1.SignInService.CompleteOidcSignIn"
FROM_ISSUERS = ("code", "state", "iss", "error")
"""What is read of an issuer's answer; any other parameter must be ignored (RFC 6749, section 4.1.2)."""

MOST_PARAMETERS = 50


class Sessions:
    """What surrounds `rapport.identity.v1.SessionService` and `SignInService`."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    def query(self, method: str, query: bytes) -> bytes:
        """The part of a request's query that is read."""
        if method != COMPLETE:
            return query
        try:
            pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
        except ValueError:
            raise Problem(400, "TOO_MANY", f"at most {MOST_PARAMETERS} parameters") from None
        return urlencode([pair for pair in pairs if pair[0] in FROM_ISSUERS]).encode("ascii")

    def before(self, method: str, request: Any, incoming: Incoming) -> None:
        """Tells identity which host the browser asked for, and from where: never taken from the client's own word."""
        match method:
            case "rapport.identity.v1.SessionService.CreateSession":
                _from_where(request, incoming)
            case "rapport.identity.v1.SignInService.ListSignInOptions":
                request.host = incoming.host
            case "rapport.identity.v1.SignInService.BeginOidcSignIn":
                request.host, request.origin = incoming.host, incoming.origin
            case "rapport.identity.v1.SignInService.CompleteOidcSignIn":
                _from_where(request, incoming)
                request.flow = cookie_of(incoming, FLOW)

    def after(self, method: str, request: Any, reply: Any, incoming: Incoming, entered: Pass) -> Headers:
        """Cookies for the answer; what a cookie keeps leaves the body."""
        match method:
            case "rapport.identity.v1.SessionService.CreateSession":
                return _kept_signed_in(reply, incoming)
            case "rapport.identity.v1.SignInService.BeginOidcSignIn":
                flow, reply.flow = reply.flow, ""
                return [flow_begun(incoming, flow, _seconds(reply.expire_time))]
            case "rapport.identity.v1.SignInService.CompleteOidcSignIn":
                cookies = [*_kept_signed_in(reply, incoming), flow_begun(incoming, "", 0)]
                # A browser that follows the issuer wants a page; a program the answer itself.
                led_on = "text/html" in incoming.text(b"accept")
                return [*cookies, (b"location", reply.return_path.encode("ascii"))] if led_on else cookies
            case "rapport.identity.v1.SessionService.DeleteSession" if entered.session and entered.caller:
                return self._out(incoming, entered) if request.id == entered.caller.session_id else []
            case "rapport.identity.v1.SessionService.RevokeSessions" if entered.session:
                return [] if request.keep_current else self._out(incoming, entered)
        return []

    def _out(self, incoming: Incoming, entered: Pass) -> Headers:
        self._doors.forget(entered)
        return signed_out(incoming)


def _from_where(request: Any, incoming: Incoming) -> None:
    request.host = incoming.host
    request.address = incoming.address
    request.user_agent = incoming.text(b"user-agent")[:500]


def _kept_signed_in(reply: Any, incoming: Incoming) -> Headers:
    secret, reply.secret = reply.secret, ""
    return signed_in(incoming, secret, _seconds(reply.session.expire_time))


def _seconds(end: Any) -> int:
    return max(0, int(end.seconds) - int(time.time()))
