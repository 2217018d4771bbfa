"""The pipeline between the socket and a use case: everything a use case need not think of (architecture, section 5)."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

import asyncpg
import grpc
import structlog
from google.api import annotations_pb2
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from grpc_status import rpc_status

from rapport_kit import turns
from rapport_kit.auth.permissions import require
from rapport_kit.auth.principal import Principal, Scope
from rapport_kit.auth.tokens import TokenVerifier
from rapport_kit.blobs import Blobs
from rapport_kit.cause import Cause
from rapport_kit.codec import check
from rapport_kit.database import CommitInDoubt, Database
from rapport_kit.database_errors import driver_error, is_transient, translate
from rapport_kit.domain import uuid7
from rapport_kit.errors import AlreadyExists, DomainError, Invalid, Refused, Stale, TooLate, Unauthenticated
from rapport_kit.privacy.cipher import Unreadable
from rapport_kit.query import PageTokens
from rapport_kit.rpc import call as calls
from rapport_kit.rpc import idempotency
from rapport_kit.rpc.access import Access
from rapport_kit.rpc.call import Call
from rapport_kit.rpc.idempotency import InProgress, RequestKey
from rapport_kit.rpc.observed import served
from rapport_kit.rpc.status import to_status
from rapport_kit.telemetry.traces import current_traceparent
from rapport_kit.uow import UnitOfWork

ATTEMPTS = 3
"""How often work is run at most when it meets a serialization failure, a deadlock or a conflict of the frame's own."""
COLLISIONS = (Stale, AlreadyExists, Refused, asyncpg.IntegrityConstraintViolationError)
"""What a request meets whose own effect is there already."""
BY_KEY = re.compile(r"(Batch)?(Get|Create|Update|Delete|Undelete)[A-Z]")
"""Methods (AIP-131…135, 164, 231, 233) that look for rows by their keys; see `Database.transaction`."""
STATEMENT_RESERVE = 0.020
"""Seconds by which a statement gives up before the deadline: that costs no connection, a cancellation costs one."""

log = structlog.get_logger(__name__)
T = TypeVar("T")
UseCase = Callable[..., Any]
"""Usually `(request, uow) -> response`; see `StreamEndpoint` and `UploadEndpoint` for the others."""


class Rollback(Exception):
    """Carries the answer of a `validate_only` request out of a transaction that must not commit (AIP-163)."""

    def __init__(self, response: Message) -> None:
        self.response = response


@dataclass(frozen=True)
class Endpoint:
    """One RPC of one service, ready to be called."""

    use_case: UseCase
    method: MethodDescriptor
    service: str
    database: Database
    unit_of_work: type[UnitOfWork]
    verifier: TokenVerifier
    page_tokens: PageTokens
    committed: Callable[[UnitOfWork], None]
    """Called after a commit, to wake what waits for what was written."""

    access: Access
    """Who may call."""

    blobs: Blobs | None = None

    async def __call__(self, request: Message, context: grpc.aio.ServicerContext[Any, Any]) -> bytes:
        """Serve one call.

        The work runs in a task of its own: grpc.aio cancels the handler at the caller's deadline, and a statement
        that is cancelled throws its connection away. The work stops by itself, at its own deadline.
        """
        try:
            return await asyncio.shield(asyncio.ensure_future(self.serve(request, context)))
        except DomainError as error:
            return await self.refuse(error, context)

    async def refuse(self, error: DomainError, context: grpc.aio.ServicerContext[Any, Any]) -> NoReturn:
        """End the call with an error."""
        await context.abort_with_status(rpc_status.to_status(to_status(error, f"{self.service}.rapport")))
        raise AssertionError("abort_with_status raises")

    async def serve(self, request: Message, context: grpc.aio.ServicerContext[Any, Any]) -> bytes:
        """Everything but the transport: the serialised answer, or a `DomainError`."""
        with turns.call():
            async with self.admitted(context) as (call, principal, scope):
                check(request)
                return await self.settled(request, call, principal, scope)

    @asynccontextmanager
    async def admitted(
        self, context: grpc.aio.ServicerContext[Any, Any], longest: float = calls.DEFAULT_TIMEOUT
    ) -> AsyncIterator[tuple[Call, Principal, Scope]]:
        """What surrounds the work of a call: its span, deadline and caller, and what it says when it fails.

        `longest`: seconds that a call gets whose caller named no deadline.
        """
        metadata = dict(context.invocation_metadata() or ())
        left = context.time_remaining()
        call = Call(
            deadline=time.monotonic() + (longest if left is None else left - calls.rounding(left)),
            method=self.method.full_name,
            token=str(metadata.get("authorization", "")).removeprefix("Bearer "),
            request_id=str(metadata.get("x-request-id", "")),
        )
        calls.current.set(call)
        with served(self.service, self.method.full_name, str(metadata.get("traceparent", ""))):
            try:
                call.require_time()
                principal, scope = await self._admit(call)
                structlog.contextvars.bind_contextvars(tenant=str(principal.tenant), actor=str(principal.subject))
                yield call, principal, scope
            except DomainError as error:
                if isinstance(error, Unreadable):  # nothing that a caller could mend
                    log.exception("unreadable", method=self.method.full_name)
                raise
            except Exception as fault:
                raise self._explained(fault) from fault

    async def _admit(self, call: Call) -> tuple[Principal, Scope]:
        """Who calls and how far the method's permission reaches; public methods need no caller."""
        if self.access.public:
            return Principal.anonymous(), Scope.ALL
        if not call.token:
            raise Unauthenticated("TOKEN_MISSING", "this call needs a token")
        principal = await self.verifier.authenticate(call.token)
        if self.access.permission:
            return principal, require(principal, self.access.permission)
        return principal, Scope.OWN

    async def settled(self, request: Message, call: Call, principal: Principal, scope: Scope) -> bytes:
        """Run the work until it is settled: committed, refused, or out of time."""
        key = RequestKey.of(self.method.full_name, request) if not self.access.public else None
        wait, attempt = idempotency.RETRY_AFTER, 1
        while True:
            try:
                return await self._attempt(request, call, principal, scope, key)
            except InProgress:
                left = call.remaining() - calls.MEANINGFUL_WORK
                if left < idempotency.RETRY_AFTER:
                    raise TooLate("REQUEST_IN_PROGRESS", "the first request with this id still runs") from None
                await asyncio.sleep(min(wait, left))
                wait = min(wait * 2, idempotency.RETRY_CAP)
            except Exception as error:
                if attempt == ATTEMPTS or not self._repeatable(error, key, attempt):
                    raise
                attempt += 1
                call.require_time()
                await asyncio.sleep(0.01 * attempt)

    def _repeatable(self, error: Exception, key: RequestKey | None, attempt: int) -> bool:
        """Whether the work may be run again.

        A refusal may be met by a duplicate that found the key free because the first request ended just after our
        snapshot was taken: then it collides with its own effect, and finds the stored answer the next time.
        """
        if isinstance(error, CommitInDoubt):
            return key is not None or self._only_reads
        if key is not None and attempt == 1 and isinstance(driver_error(error), COLLISIONS):
            return True
        return is_transient(error, self.unit_of_work.schema.frame.table_names)

    @property
    def _only_reads(self) -> bool:
        """Whether nothing is changed: so for every published GET but what somebody signs in with."""
        rule = self.method.GetOptions().Extensions[annotations_pb2.http]
        return rule.WhichOneof("pattern") == "get" and not self.access.public

    async def _attempt(
        self, request: Message, call: Call, principal: Principal, scope: Scope, key: RequestKey | None
    ) -> bytes:
        """One transaction: recall, work, remember."""
        uow = self.unit(call, principal, scope, key.id if key else "")
        try:
            async with uow:
                if key is not None and (stored := await self._recalled(uow, key)) is not None:
                    return stored
                response = await self.use_case(request, uow)
                call.require_time()  # each statement had the whole time left: together they may have taken more
                if getattr(request, "validate_only", False):
                    await uow.flush()
                    raise Rollback(response)
                answer: bytes = response.SerializeToString()
                if key is not None:
                    await idempotency.remember(uow, key, response)
        except Rollback as checked:
            return checked.response.SerializeToString()
        self.committed(uow)
        return answer

    def unit(self, call: Call, principal: Principal, scope: Scope, request_id: str = "") -> UnitOfWork:
        """A unit of work for this call, with what is left of its time."""
        left = call.require_time()
        timeout = int(max(left - STATEMENT_RESERVE, left / 2) * 1000)
        return self.unit_of_work(
            self.database,
            principal,
            scope=scope,
            cause=Cause(request_id=request_id, traceparent=current_traceparent()),
            statement_timeout_ms=timeout,
            by_key=BY_KEY.match(self.method.name) is not None,
            page_tokens=self.page_tokens,
            blobs=self.blobs,
        )

    async def _recalled(self, uow: UnitOfWork, key: RequestKey) -> bytes | None:
        return await idempotency.recall(uow, key, GetMessageClass(self.method.output_type))

    def _explained(self, fault: Exception) -> DomainError:
        """What a caller is told of a fault: the rule it broke, or an id under which operators find the rest."""
        known = translate(fault, self.unit_of_work.schema.metadata)
        if isinstance(known, Invalid):
            return self._placed(known)
        if known is not None:
            return known
        fault_id = str(uuid7())
        log.error("fault", fault_id=fault_id, method=self.method.full_name, exc_info=fault)
        return DomainError("INTERNAL", "something went wrong on our side", id=fault_id)

    def _placed(self, broken: Invalid) -> Invalid:
        """A rule of the database, which knows columns alone, by the field of the request: `person.organisation_id`."""
        column = broken.metadata.get("field", "")
        for field in self.method.input_type.fields:
            if field.message_type and not field.is_repeated and column in field.message_type.fields_by_name:
                return broken.within(field.name)
        return broken
