"""The three doors: access token or API key, API key header, session cookie; all lead to one short token."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass

import grpc

from rapport.identity.v1.tokens_pb2 import Caller, IssueTokenRequest, IssueTokenResponse
from rapport_gateway.cookies import secret_of
from rapport_gateway.csrf import check_cross_site
from rapport_gateway.incoming import Incoming
from rapport_gateway.problem import Problem

API_KEY_PREFIX = "rpk_"
MOST_CACHED = 20_000
NEGATIVE_SECONDS = 1.0
EARLY_SECONDS = 10.0
"""A token is given up so long before it ends, so that it does not end on its way through the services."""

Issue = Callable[[IssueTokenRequest], Awaitable[IssueTokenResponse]]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a credential was exchanged for, and until when it is used (monotonic seconds)."""

    until: float
    token: str = ""
    caller: Caller | None = None
    refusal: Problem | None = None


class Exchange:
    """Turns session secrets and API keys into access tokens, once for all requests that come together.

    Tokens are kept by a digest of the credential and for `lifetime` seconds at most: that bounds how long a key that
    was taken back still works here. Refusals are kept for a second, so that a wrong key cannot flood identity.
    """

    def __init__(self, issue: Issue, lifetime: float) -> None:
        self._issue = issue
        self._lifetime = lifetime
        self._entries: dict[bytes, Entry] = {}
        self._running: dict[bytes, asyncio.Task[Entry]] = {}

    async def token(self, request: IssueTokenRequest) -> Entry:
        """The token for a credential; raises `Problem` when identity refuses or does not answer."""
        digest = _digest(request)
        entry = self._entries.get(digest)
        if entry is None or entry.until <= time.monotonic():
            task = self._running.get(digest)
            if task is None:
                task = self._running[digest] = asyncio.create_task(self._exchange(digest, request))
            # Shielded: one caller that goes away must not fail the others.
            entry = await asyncio.shield(task)
        if entry.refusal is not None:
            raise entry.refusal
        return entry

    def forget(self, request: IssueTokenRequest) -> None:
        """A credential that was just given back."""
        self._entries.pop(_digest(request), None)

    async def _exchange(self, digest: bytes, request: IssueTokenRequest) -> Entry:
        try:
            entry = await self._ask(request)
        finally:
            self._running.pop(digest, None)
        self._entries.pop(digest, None)
        while len(self._entries) >= MOST_CACHED:
            self._entries.pop(next(iter(self._entries)))
        self._entries[digest] = entry
        return entry

    async def _ask(self, request: IssueTokenRequest) -> Entry:
        try:
            answer = await self._issue(request)
        except grpc.aio.AioRpcError as error:
            problem = Problem.of_rpc(error)
            # What is wrong with a credential that came in a header is not a field of the caller's request.
            if problem.status in (400, 403, 404):
                problem = _unauthenticated("the credential is not valid")
            if problem.status != 401:
                raise problem from None
            return Entry(time.monotonic() + NEGATIVE_SECONDS, refusal=problem)
        left = answer.expire_time.ToMicroseconds() / 1e6 - time.time() - EARLY_SECONDS
        until = time.monotonic() + min(self._lifetime, left)
        return Entry(until, answer.access_token, answer.caller)


@dataclass(frozen=True, slots=True)
class Pass:
    """What a request goes on with."""

    authorization: str = ""
    """The value of the `authorization` metadata; empty for an anonymous call."""
    credential: IssueTokenRequest | None = None
    """What was exchanged: a session when the request came with a cookie, or an API key."""
    caller: Caller | None = None

    @property
    def digest(self) -> bytes:
        """Stands for the credential: the same for the same one only."""
        if self.credential is not None:
            return _digest(self.credential)
        return hashlib.sha256(self.authorization.encode("latin-1")).digest()

    @property
    def session(self) -> bool:
        """The request came with a cookie."""
        return self.credential is not None and bool(self.credential.session_secret)


ANONYMOUS = Pass()
"""No credential at all: what only public RPCs, and services that refuse it by name, are called with."""

current: ContextVar[Pass] = ContextVar("rapport_pass")
"""What the request being served goes on with; to ask before anybody was let in is an error."""


class Doors:
    """Finds the credential of a request and what it stands for."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    async def enter(self, incoming: Incoming) -> Pass:
        """Raises `Problem` 401 for a credential that is not one, 403 for a cookie sent across sites."""
        bearer, key = incoming.headers.get(b"authorization"), incoming.headers.get(b"x-api-key")
        if bearer is not None and key is not None:
            raise _unauthenticated("Authorization and X-Api-Key are given at once; send one of them")
        if bearer is not None:
            scheme, _, secret = bearer.decode("latin-1").partition(" ")
            secret = secret.strip()
            if scheme.lower() != "bearer" or not secret or not secret.isascii():
                raise _unauthenticated("Authorization: expected Bearer and an access token or API key")
            # Access tokens are verified by every service itself, so they go through unread.
            return await self._with_key(secret) if secret.startswith(API_KEY_PREFIX) else Pass(f"Bearer {secret}")
        if key is not None:
            return await self._with_key(key.decode("latin-1").strip())
        secret = secret_of(incoming)
        if not secret:
            return ANONYMOUS
        if incoming.unsafe:
            check_cross_site(incoming, secret)
        session = IssueTokenRequest(session_secret=secret)
        entry = await self._exchange.token(session)
        return Pass(f"Bearer {entry.token}", session, entry.caller)

    def forget(self, entered: Pass) -> None:
        """The token is void though its time is not over: the next request asks identity again."""
        if entered.credential is not None:
            self._exchange.forget(entered.credential)

    async def _with_key(self, key: str) -> Pass:
        credential = IssueTokenRequest(api_key=key)
        entry = await self._exchange.token(credential)
        return Pass(f"Bearer {entry.token}", credential, entry.caller)


def _digest(request: IssueTokenRequest) -> bytes:
    return hashlib.sha256(request.SerializeToString(deterministic=True)).digest()


def _unauthenticated(detail: str) -> Problem:
    return Problem(401, "UNAUTHENTICATED", detail)
