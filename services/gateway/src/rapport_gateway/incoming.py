"""One HTTP request, as far as every part of the gateway needs it."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from starlette.types import Receive, Scope

from rapport_gateway.problem import Problem
from rapport_kit.settings import Networks

LONGEST_TARGET = 48 * 1024
"""Bytes of path and query; a batch of 1,000 ids takes 41,000."""
MOST_HEADER_BYTES = 32 * 1024
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:-]{1,128}")
JOINT = {b"x-forwarded-for": b", ", b"cookie": b"; ", b"if-none-match": b", "}
SINGLE = frozenset(
    (
        b"authorization",
        b"content-encoding",
        b"content-type",
        b"idempotency-key",
        b"if-match",
        b"last-event-id",
        b"range",
        b"x-api-key",
        b"x-csrf-token",
        b"x-request-id",
    )
)
"""What a caller means by one of two cannot be known, and to take either would ignore the other."""


@dataclass(slots=True)
class Incoming:
    """A request whose headers were read once. Names are in lower case; what may come twice is joined."""

    scope: Scope
    headers: dict[bytes, bytes]
    request_id: str
    address: str
    """The client's network address, as far as trusted proxies tell it."""
    secure: bool
    """The browser's connection is HTTPS."""
    authority: str
    """The host that the client asked for, with the port when it named one."""
    host: str
    """The same without the port."""

    @property
    def origin(self) -> str:
        """The site as the browser knows it: scheme, host and port (RFC 6454)."""
        return f"{'https' if self.secure else 'http'}://{self.authority}"

    @property
    def unsafe(self) -> bool:
        """The method may change something (RFC 9110, 9.2.1)."""
        return self.scope["method"] not in ("GET", "HEAD", "OPTIONS")

    def text(self, name: bytes) -> str:
        """A header's value; empty when absent."""
        return self.headers.get(name, b"").decode("latin-1")


def admit(scope: Scope, trusted: Networks) -> Incoming:
    """Reads what surrounds a request; raises `Problem` when it is too large or a header is malformed."""
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST_TARGET:
        raise Problem(414, "URI_TOO_LONG", f"the path and query exceed {LONGEST_TARGET} bytes")
    headers: dict[bytes, bytes] = {}
    size = 0
    for name, value in scope["headers"]:
        size += len(name) + len(value)
        headers[name] = _again(name, headers[name], value) if name in headers else value
    if size > MOST_HEADER_BYTES:
        raise Problem(431, "HEADERS_TOO_LARGE", f"the headers exceed {MOST_HEADER_BYTES} bytes")
    address, proto, host = _origin(scope, headers, trusted)
    return Incoming(scope, headers, _request_id(headers), address, proto == "https", host, _without_port(host))


def _again(name: bytes, first: bytes, second: bytes) -> bytes:
    """The value of a header that comes twice."""
    if name in SINGLE:
        raise Problem.of_field(name.decode().title(), "GIVEN_TWICE", "given more than once")
    return first + JOINT[name] + second if name in JOINT else second


def new_request_id() -> str:
    """An id that leads through the logs of all services."""
    return uuid.uuid4().hex


def _request_id(headers: dict[bytes, bytes]) -> str:
    given = headers.get(b"x-request-id")
    if given is None:
        return new_request_id()
    if not _REQUEST_ID.fullmatch(given):
        raise Problem.of_field("X-Request-Id", "WRONG_FORMAT", "expected 1 to 128 of A-Z a-z 0-9 . _ : -")
    return given.decode("ascii")


def _origin(scope: Scope, headers: dict[bytes, bytes], trusted: Networks) -> tuple[str, str, str]:
    """Address, scheme and host with port; X-Forwarded-* counts only as far as trusted proxies wrote it."""
    peer = (scope.get("client") or ("", 0))[0]
    proto: str = scope["scheme"]
    host = headers.get(b"host", b"").decode("latin-1")
    if trusted and _is_in(peer, trusted):
        proto = headers.get(b"x-forwarded-proto", proto.encode()).decode("latin-1")
        host = headers.get(b"x-forwarded-host", host.encode("latin-1")).decode("latin-1")
        hops = headers.get(b"x-forwarded-for", b"").decode("latin-1")
        for hop in reversed([hop.strip() for hop in hops.split(",") if hop.strip()]):
            peer = hop
            if not _is_in(hop, trusted):
                break
    return peer, proto, host.lower()


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _is_in(address: str, networks: Networks) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)


async def read_body(incoming: Incoming, receive: Receive, limit: int) -> bytes:
    """The whole JSON body, empty when there is none; raises `Problem` when it is too large or not JSON."""
    check_length(incoming, limit)
    if not int(incoming.text(b"content-length") or 0) and b"transfer-encoding" not in incoming.headers:
        return b""
    chunks: list[bytes] = []
    size = 0
    while True:
        event: Any = await receive()
        if event["type"] == "http.disconnect":
            raise Problem(499, "CANCELLED", "the client went away")
        chunks.append(event.get("body", b""))
        size += len(chunks[-1])
        if size > limit:
            raise _too_large(limit)
        if not event.get("more_body", False):
            break
    body = b"".join(chunks)
    if body:
        _check_type(incoming)
    return body


async def disconnected(receive: Receive) -> None:
    """Returns when the client has gone away; nothing else may be read of the request then."""
    while (await receive())["type"] != "http.disconnect":
        pass


def check_length(incoming: Incoming, limit: int) -> None:
    """Raises `Problem` 413 when the body says that it is too large, before any of it is read."""
    declared = incoming.text(b"content-length")
    if declared.isdecimal() and int(declared) > limit:
        raise _too_large(limit)


def _too_large(limit: int) -> Problem:
    return Problem(413, "BODY_TOO_LARGE", f"the body exceeds {limit} bytes", headers=[(b"connection", b"close")])


def _check_type(incoming: Incoming) -> None:
    kind, _, rest = incoming.text(b"content-type").partition(";")
    charset = rest.strip().lower().removeprefix("charset=").strip('"')
    if kind.strip().lower() != "application/json" or charset not in ("", "utf-8"):
        raise Problem(415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type: expected application/json")
    _check_encoding(incoming)


def check_is_content(incoming: Incoming) -> None:
    """Raises `Problem` 415 for a body that is not the content itself: a form around it, or a compression of it."""
    if incoming.text(b"content-type").strip().lower().startswith("multipart/"):
        detail = "Content-Type: expected the content itself as the body, not a form that holds it"
        raise Problem(415, "UNSUPPORTED_MEDIA_TYPE", detail)
    _check_encoding(incoming)


def _check_encoding(incoming: Incoming) -> None:
    if incoming.text(b"content-encoding").strip().lower() not in ("", "identity"):
        raise Problem(415, "UNSUPPORTED_MEDIA_TYPE", "Content-Encoding: expected none")
