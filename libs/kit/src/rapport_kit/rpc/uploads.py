"""RPCs that take a body of any size: into the blob store first, then the usual pipeline with what was stored."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import structlog
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from rapport.api.v1.content_pb2 import Content
from rapport_kit import jobs
from rapport_kit.blobs import Blobs, blob_key
from rapport_kit.bus.faults import describe
from rapport_kit.codec import check
from rapport_kit.contents import SWEEP, UNCLAIMED, Upload
from rapport_kit.errors import Invalid
from rapport_kit.rpc import call as calls
from rapport_kit.rpc.endpoint import UseCase
from rapport_kit.rpc.streaming import Context, LastingEndpoint
from rapport_kit.units import Busy, Units

log = structlog.get_logger(__name__)

HEAD = 16 * 1024
"""Bytes of the beginning that a use case gets to see."""


def content_field(request: Descriptor) -> str:
    """The field of an upload's request that holds the pieces of the body.

    Raises:
        TypeError: it has none.
    """
    found = [field.name for field in request.fields if field.message_type is Content.DESCRIPTOR]
    if len(found) != 1:
        raise TypeError(f"{request.full_name} is streamed, so exactly one of its fields is a rapport.api.v1.Content")
    return found[0]


@dataclass(frozen=True)
class UploadEndpoint(LastingEndpoint):
    """One RPC whose use case is `(request, upload, uow) -> response`.

    `request` is the first message; in place of the content it holds the content's SHA-256, so that a repeat under the
    same request id must bring the same content.
    """

    limit: int = field(kw_only=True)
    """Bytes of the content at most."""

    async def __call__(self, requests: AsyncIterator[Message], context: Context) -> bytes:  # type: ignore[override]
        """Serve one call."""
        busy = Busy()
        return await self.outlasting(self.receive(requests, context, busy), busy, context)

    async def receive(self, requests: AsyncIterator[Message], context: Context, busy: Busy) -> bytes:
        """Store the content while no transaction is open, then have the use case decide about it in one."""
        async with self.admitted(context, calls.LONGEST) as (call, principal, scope):
            request = await anext(requests, None)
            if request is None:
                raise Invalid("CONTENT_INCOMPLETE", "the upload ended before it began")
            check(request)
            assert self.blobs is not None, "an upload needs a blob store"
            units, keys = self.units(call, principal, scope, busy), list[str]()
            further = partial(_reserved, self.service, units, keys)
            key = await further()
            try:
                body = Body(request, requests, self.limit)
                stored = await self.blobs.put(key, aiter(body))
                body.content.data = bytes.fromhex(stored.sha256)
                body.content.ClearField("last")  # however many pieces it came in, it is the same content
                upload = Upload(key, stored.size, stored.sha256, body.content.content_type, body.head, further)
                with busy():  # from here on it is settled, whoever waits for it
                    settling = replace(self, use_case=_with(self.use_case, upload))
                    return await settling.settled(request, call, principal, scope)
            finally:
                await _tidy(units, self.blobs, keys)


async def _reserved(service: str, units: Units[Any], keys: list[str]) -> str:
    """One more of `keys`. Its timer comes before the bytes, in a transaction of its own."""
    key = blob_key(units.principal.tenant, service)
    async with units() as uow:
        await jobs.schedule(uow, SWEEP, key, uow.now + UNCLAIMED)
    keys.append(key)
    return key


class Body:
    """The content of an upload, as its messages bring it."""

    def __init__(self, first: Message, rest: AsyncIterator[Message], limit: int) -> None:
        self._field = content_field(first.DESCRIPTOR)  # type: ignore[arg-type]
        self._rest = rest
        self._limit = limit
        self.content: Content = getattr(first, self._field)
        self.head = b""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The pieces.

        Raises:
            Invalid: there is more than may be, or the upload was broken off. gRPC ends a stream that its caller has
                cancelled just like one that is complete, so only the mark on the last piece tells.
        """
        size, last = 0, False
        async for piece in self._pieces():
            size, last = size + len(piece.data), piece.last
            if size > self._limit:
                raise Invalid("CONTENT_TOO_LARGE", f"the content exceeds {self._limit} bytes", limit=self._limit)
            if len(self.head) < HEAD:
                self.head += piece.data[: HEAD - len(self.head)]
            yield piece.data
            if last:
                break
        if not last:
            raise Invalid("CONTENT_INCOMPLETE", "the upload was broken off")

    async def _pieces(self) -> AsyncIterator[Content]:
        yield self.content
        async for message in self._rest:
            yield getattr(message, self._field)


def _with(use_case: UseCase, upload: Upload) -> UseCase:
    """The use case as the pipeline runs it."""

    async def settle(request: Message, uow: Any) -> Any:
        return await use_case(request, upload, uow)

    return settle


async def _tidy(units: Units[Any], blobs: Blobs, keys: Sequence[str]) -> None:
    """Delete at once what nobody kept; should that fail, the timer does it later."""
    try:
        async with units() as uow:
            for key in keys:
                if await jobs.cancel(uow, SWEEP, key):  # waits for a commit in doubt, which holds the timer's row
                    await blobs.delete(key)
    except Exception as error:  # noqa: BLE001 - the upload itself is settled by now
        log.warning("upload not tidied", error=describe(error))
