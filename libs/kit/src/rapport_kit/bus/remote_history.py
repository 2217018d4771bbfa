"""A source's history for consumers in other processes: request and reply over the broker.

Whoever may read a source's events on the broker may read its history there, so this needs no credentials of its own,
and it spans all tenants as the stream does. Any process of the source may answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog
from google.protobuf.message import DecodeError
from nats.aio.client import Client
from nats.aio.msg import Msg

from rapport.api.v1 import history_pb2 as pb
from rapport_kit.bus.envelope import Envelope
from rapport_kit.bus.faults import describe
from rapport_kit.bus.history import ReadEvents
from rapport_kit.database_errors import INTERRUPTIONS
from rapport_kit.errors import Unavailable

REPLY_BYTES = 512 * 1024
"""A reply stops growing here: half of what the broker takes in a message."""
REPLY_TIMEOUT = 5.0
MOST = 1_000

log = structlog.get_logger(__name__)


def subject_of(service: str) -> str:
    """Outside `rapport.>`, so that no stream captures it."""
    return f"rapport-history.{service}"


async def serve_history(broker: Client, service: str, read: ReadEvents) -> None:
    """Answer until cancelled."""

    async def answer(message: Msg) -> None:
        reply = await _reply(service, read, message.data)
        await message.respond(reply.SerializeToString())

    subscription = await broker.subscribe(subject_of(service), queue=service, cb=answer)
    try:
        await asyncio.Event().wait()
    finally:
        await subscription.unsubscribe()


def remote_history(broker: Client, service: str) -> ReadEvents:
    """`read_events` of another service.

    Raises (when called):
        Unavailable: no process of the source answers, or its database does not.
    """

    async def read(after: int, limit: int) -> Sequence[Envelope]:
        found: list[Envelope] = []
        more = True
        while more and len(found) < limit:
            request = pb.ReadHistoryRequest(after=found[-1].published_seq if found else after, limit=limit - len(found))
            reply = await broker.request(subject_of(service), request.SerializeToString(), timeout=REPLY_TIMEOUT)
            page = pb.ReadHistoryResponse.FromString(reply.data)
            if page.unavailable:
                raise Unavailable("HISTORY_UNAVAILABLE", "the source cannot read its events right now", source=service)
            found += [Envelope.of_message(event.headers, event.payload) for event in page.events]
            more = page.more and bool(page.events)
        return found

    return read


async def _reply(service: str, read: ReadEvents, data: bytes) -> pb.ReadHistoryResponse:
    try:
        request = pb.ReadHistoryRequest.FromString(data)
        events = await read(request.after, min(max(request.limit, 1), MOST))
    except (*INTERRUPTIONS, DecodeError) as error:
        log.warning("history not read", service=service, error=describe(error))
        return pb.ReadHistoryResponse(unavailable=True)
    reply, size = pb.ReadHistoryResponse(), 0
    for event in events:
        size += len(event.payload) + 1024
        if reply.events and size > REPLY_BYTES:
            reply.more = True
            break
        reply.events.add(headers=event.headers(service), payload=event.payload)
    return reply
