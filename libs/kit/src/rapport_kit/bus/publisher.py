"""Sends events to their stream, and waits until the broker has stored them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar
from uuid import uuid4

from nats.aio.client import Client
from nats.js.api import Header, PubAck
from nats.js.errors import APIError
from opentelemetry.trace import SpanKind

from rapport_kit.bus.envelope import Envelope
from rapport_kit.bus.streams import stream_name
from rapport_kit.telemetry import traces
from rapport_kit.turns import turn

ACK_TIMEOUT: Final = 5.0
WORTHWHILE: Final = 24
"""Events from which on it is cheaper to send them as one: the broker sets them aside first, in files of their own."""
MOST_TOGETHER: Final = 1_000
"""Events that the broker takes as one, if it is not configured otherwise."""

T = TypeVar("T")
Send = Callable[[str, bytes, dict[str, str]], Awaitable[T]]


@dataclass(frozen=True)
class Stored:
    """The numbers that the stream has given: the lowest of those that were not there before, and the highest."""

    first: int | None
    last: int


class Publisher:
    """Publishes what `service` tells."""

    def __init__(self, service: str, broker: Client) -> None:
        self._service = service
        self._broker = broker
        self._jetstream = broker.jetstream(timeout=ACK_TIMEOUT)

    async def publish_each(self, events: Sequence[Envelope]) -> Stored:
        """Publish events, in order, some of which may be in the stream: those are dropped there."""
        pending = []
        for event in events:
            pending.append(await self._send(event, self._enqueue))
            await turn()
        async with asyncio.timeout(ACK_TIMEOUT):
            acks = await asyncio.gather(*pending)
        new = [ack.seq for ack in acks if not ack.duplicate]
        return Stored(min(new, default=None), max(ack.seq for ack in acks))

    async def publish_together(self, events: Sequence[Envelope]) -> Stored:
        """Publish events, in order, that are not in the stream: all or none of them, with one wait for the disk.

        An atomic batch (NATS ADR-50, from 2.12). What is cut off in the middle is forgotten by the broker.

        Raises:
            APIError: one of them is there already, or the stream takes no batches.
        """
        batch = uuid4().hex
        for place, event in enumerate(events[:-1], 1):
            await self._send(event, partial(self._set_aside, batch, place))
            await turn()
        ack = await self._send(events[-1], partial(self._commit, batch, len(events)))
        return Stored(ack.seq - len(events) + 1, ack.seq)

    async def _send(self, event: Envelope, send: Send[T]) -> T:
        headers = event.headers(self._service)
        if not traces.is_recorded(event.traceparent):
            return await send(event.type, event.payload, headers)
        with traces.span(f"publish {event.type}", SpanKind.PRODUCER, traceparent=event.traceparent):
            return await send(event.type, event.payload, headers | {"traceparent": traces.current_traceparent()})

    async def _enqueue(self, subject: str, payload: bytes, headers: dict[str, str]) -> asyncio.Future[PubAck]:
        return await self._jetstream.publish_async(subject, payload, headers=headers, stream=stream_name(self._service))

    async def _set_aside(
        self, batch: str, place: int, subject: str, payload: bytes, headers: Mapping[str, str]
    ) -> None:
        await self._broker.publish(subject, payload, headers={**headers, **_placed(batch, place)})

    async def _commit(self, batch: str, place: int, subject: str, payload: bytes, headers: Mapping[str, str]) -> PubAck:
        last = {**headers, **_placed(batch, place), "Nats-Batch-Commit": "1"}
        last[Header.EXPECTED_STREAM] = stream_name(self._service)
        answer = json.loads((await self._broker.request(subject, payload, ACK_TIMEOUT, headers=last)).data)
        if "error" in answer:
            raise APIError.from_error(answer["error"])
        return PubAck.from_response(answer)


def _placed(batch: str, place: int) -> dict[str, str]:
    return {"Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(place)}
