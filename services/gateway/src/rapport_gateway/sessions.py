"""Sign-in and sign-out through a browser: the only RPCs whose answers the gateway adds something to."""

from __future__ import annotations

import time
from typing import Any

from rapport_gateway.cookies import signed_in, signed_out
from rapport_gateway.credentials import Doors, Pass
from rapport_gateway.incoming import Incoming

Headers = list[tuple[bytes, bytes]]


class Sessions:
    """What surrounds `rapport.identity.v1.SessionService`."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    def before(self, method: str, request: Any, incoming: Incoming) -> None:
        """Tells identity which host the browser asked for, and from where: never taken from the client's own word."""
        if method == "rapport.identity.v1.SessionService.CreateSession":
            request.host = incoming.host
            request.address = incoming.address
            request.user_agent = incoming.text(b"user-agent")[:500]

    def after(self, method: str, request: Any, reply: Any, incoming: Incoming, entered: Pass) -> Headers:
        """Cookies for the answer; the secret of a new session goes into the cookie and leaves the body."""
        match method:
            case "rapport.identity.v1.SessionService.CreateSession":
                secret = reply.secret
                reply.secret = ""
                seconds = max(0, reply.session.expire_time.seconds - int(time.time()))
                return signed_in(incoming, secret, seconds)
            case "rapport.identity.v1.SessionService.DeleteSession" if entered.session and entered.caller:
                return self._out(incoming, entered) if request.id == entered.caller.session_id else []
            case "rapport.identity.v1.SessionService.RevokeSessions" if entered.session:
                return [] if request.keep_current else self._out(incoming, entered)
        return []

    def _out(self, incoming: Incoming, entered: Pass) -> Headers:
        self._doors.forget(entered)
        return signed_out(incoming)
