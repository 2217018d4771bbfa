"""RPCs that answer with a stream of messages: the same pipeline, around an async generator."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from uuid import UUID

import grpc
from google.protobuf.message import Message

from rapport_kit.auth.principal import Principal, Scope
from rapport_kit.bus.acting import service_principal
from rapport_kit.codec import check
from rapport_kit.errors import DomainError, TooLate
from rapport_kit.rpc import call as calls
from rapport_kit.rpc.call import Call
from rapport_kit.rpc.endpoint import Endpoint
from rapport_kit.units import Busy, Units, let_go
from rapport_kit.uow import UnitOfWork

T = TypeVar("T")
Context = grpc.aio.ServicerContext[Any, Any]
_leaving: set[asyncio.Future[None]] = set()


@dataclass(frozen=True)
class LastingEndpoint(Endpoint):
    """An RPC that streams in either direction, and so must not hold a transaction open for as long as it lasts."""

    async def outlasting(self, work: Coroutine[Any, Any, T], busy: Busy, context: Context) -> T:
        """Do `work` until it ends, the caller goes away, or the time is over."""
        running = asyncio.ensure_future(work)
        left = context.time_remaining()
        try:
            done, _ = await asyncio.wait({running}, timeout=calls.LONGEST if left is None else left)
            if not done:
                raise TooLate("DEADLINE_EXCEEDED", "the stream has lasted as long as it may; go on where it ended")
            return running.result()
        except DomainError as error:
            return await self.refuse(error, context)
        finally:
            if not running.done():
                leaving = asyncio.ensure_future(let_go(running, busy))
                _leaving.add(leaving)
                leaving.add_done_callback(_leaving.discard)

    def unit(self, call: Call, principal: Principal, scope: Scope, request_id: str = "") -> UnitOfWork:
        """A unit of work that is as short as one of a call that does not last."""
        return super().unit(replace(call, deadline=min(call.deadline, _soon())), principal, scope, request_id)

    def units(self, call: Call, principal: Principal, scope: Scope, busy: Busy) -> Units[Any]:
        """The units of work of one call."""

        def make(tenant: UUID | None) -> UnitOfWork:
            acting = principal if tenant is None else service_principal(self.service, tenant)
            return self.unit(call, acting, scope)

        def make_last() -> UnitOfWork:
            return super(LastingEndpoint, self).unit(replace(call, deadline=_soon()), principal, scope)

        return Units(principal, make, make_last, self.committed, busy)


def _soon() -> float:
    """When a call ends that does not last, by the monotonic clock."""
    return time.monotonic() + calls.DEFAULT_TIMEOUT


@dataclass(frozen=True)
class StreamEndpoint(LastingEndpoint):
    """One RPC whose use case is an async generator `(request, units)`."""

    async def __call__(self, request: Message, context: Context) -> None:  # type: ignore[override]
        """Serve one call."""
        busy = Busy()
        await self.outlasting(self.stream(request, context, busy), busy, context)

    async def stream(self, request: Message, context: Context, busy: Busy) -> None:
        """Hand on every message of the use case, as fast as the caller takes them."""
        async with self.admitted(context, calls.LONGEST) as (call, principal, scope):
            check(request)
            units = self.units(call, principal, scope, busy)
            async with aclosing(self.use_case(request, units)) as messages:
                async for message in messages:
                    units.check_closed()
                    await context.write(message.SerializeToString())
