"""One request to an issuer: to an address that was looked at before, without redirects, bounded in size and time."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx2
import orjson

from rapport_identity.oidc.addresses import permitted
from rapport_identity.settings import identity_settings
from rapport_kit.rpc.call import outgoing_timeout

LARGEST = 256 * 1024
"""Bytes of an answer; Microsoft's key sets, the largest in use, have 15,000."""
LONGEST = 4.0
"""Seconds from the first look-up of the name to the last byte of the answer."""
MOST_AT_ONCE = 32


class IssuerFault(Exception):
    """The issuer did not answer, or not as it must. The text says what is wrong, and holds nothing that it sent."""


async def fetch(
    url: str,
    *,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """GET a JSON object, or POST `form` for one; the answers of token endpoints that refuse are objects as well.

    Raises:
        IssuerFault: there is no such object to be had.
    """
    try:
        async with asyncio.timeout(outgoing_timeout(LONGEST)), _turn():
            status, body = await _exchanged(url, form, headers or {})
    except TimeoutError:
        raise IssuerFault(f"no answer within {LONGEST:g} seconds") from None
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as fault:
        raise IssuerFault(f"no connection ({type(fault).__name__})") from None
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        answer = None
    if not isinstance(answer, dict) or not (status == 200 or (form is not None and "error" in answer)):
        raise IssuerFault(f"not the JSON object that is expected, but status {status}")
    return answer


async def _exchanged(url: str, form: Mapping[str, str] | None, headers: Mapping[str, str]) -> tuple[int, bytes]:
    """Status and body. The connection goes to the address that was checked, whatever the name says a moment later."""
    parts = urlsplit(url)
    secure, host = parts.scheme == "https", parts.hostname or ""
    address = await _checked(host, parts.port or (443 if secure else 80), secure=secure)
    pinned = httpx2.URL(url).copy_with(host=address)
    async with httpx2.AsyncClient(verify=_trust(), trust_env=False, follow_redirects=False, timeout=LONGEST) as client:
        request = client.build_request(
            "GET" if form is None else "POST",
            pinned,
            data=dict(form) if form is not None else None,
            headers={"accept": "application/json", "accept-encoding": "identity", **headers, "host": parts.netloc},
            extensions={"sni_hostname": host},
        )
        response = await client.send(request, stream=True)
        try:
            body = b""
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > LARGEST:
                    raise IssuerFault(f"the answer has more than {LARGEST} bytes")
        finally:
            await response.aclose()
    return response.status_code, body


async def _checked(host: str, port: int, *, secure: bool) -> str:
    """An address of `host`, none of whose addresses may be one that is not permitted."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses: Sequence[str] = [str(each[4][0]) for each in found]
    networks = identity_settings().oidc_networks
    if not addresses or not all(permitted(each, secure=secure, port=port, networks=networks) for each in addresses):
        raise IssuerFault("its address is not one that may be called from here; see RAPPORT_IDENTITY_OIDC_NETWORKS")
    return addresses[0]


_at_once = 0


@asynccontextmanager
async def _turn() -> Any:
    """Lets no more than `MOST_AT_ONCE` run: an issuer that hangs must not fill this process."""
    global _at_once  # noqa: PLW0603 - one process, one event loop
    if _at_once >= MOST_AT_ONCE:
        raise IssuerFault("too many sign-ins are waiting for issuers")
    _at_once += 1
    try:
        yield
    finally:
        _at_once -= 1


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()
