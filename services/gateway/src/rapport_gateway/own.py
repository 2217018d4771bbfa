"""RPCs that the gateway serves itself. To the transcoder they are behind a channel, as those of the departments are."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

from rapport_gateway.problem import DETAILS
from rapport_kit.codec import check
from rapport_kit.errors import DomainError, Unauthenticated
from rapport_kit.rpc import call as calls
from rapport_kit.rpc.access import access_of
from rapport_kit.rpc.call import Call
from rapport_kit.rpc.status import to_status
from rapport_kit.rpc.use_cases import use_case_of

NAME = "gateway"
Answer = Callable[..., Awaitable[Message]]


class OwnRpcs:
    """What a channel to the gateway would be: the use cases of `handlers`, by the paths of their RPCs.

    A use case is `(request, peers) -> response`. The gateway verifies no tokens, so its RPCs may only be for callers
    who are `authenticated`, and hand out what departments answered to the same token.
    """

    def __init__(self, handlers: Iterable[Any], peers: Any) -> None:
        self._peers = peers
        self._answers = {
            f"/{method.containing_service.full_name}/{method.name}": self._answer(method, use_case_of(handler, method))
            for handler in handlers
            for method in handler.serves.methods
        }

    def unary_unary(self, path: str, _serialize: object, _parse: object) -> Answer:
        """As `grpc.aio.Channel.unary_unary`; nothing is serialised on the way."""
        return self._answers[path]

    def _answer(self, method: MethodDescriptor, use_case: Callable[[Any, Any], Awaitable[Message]]) -> Answer:
        if not access_of(method).authenticated:
            raise TypeError(f"{method.full_name}: the gateway itself can only serve authenticated callers")

        async def answer(request: Message, *, metadata: Sequence[tuple[str, str]], timeout: float) -> Message:
            given = dict(metadata)
            call = Call(
                deadline=time.monotonic() + timeout,
                method=method.full_name,
                token=given.get("authorization", "").removeprefix("Bearer "),
                request_id=given["x-request-id"],
            )
            served = calls.current.set(call)
            try:
                if not call.token:
                    raise Unauthenticated("TOKEN_MISSING", "this call needs a token")
                check(request)
                return await use_case(request, self._peers)
            except DomainError as error:
                raise _as_from_a_department(error) from error
            finally:
                calls.current.reset(served)

        return answer


def _as_from_a_department(error: DomainError) -> grpc.aio.AioRpcError:
    status = to_status(error, f"{NAME}.rapport").SerializeToString()
    return grpc.aio.AioRpcError(
        grpc.StatusCode[error.code], grpc.aio.Metadata(), grpc.aio.Metadata((DETAILS, status)), error.message
    )
