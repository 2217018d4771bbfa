"""Server streaming RPCs as server-sent events (HTML standard, section 9.2)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import grpc
from starlette.types import Receive, Send

from rapport_gateway.incoming import disconnected
from rapport_gateway.problem import Problem

TOKENS = ("resume_token", "page_token", "next_page_token")
"""The field of a message that says where to resume after it; the first that the type has becomes the event's id."""
FIRST_SECONDS = 1.0
"""Failures until then are answered with their HTTP status; afterwards they can only be an event."""
ALIVE = b": alive\n\n"
START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ],
}


Refusal = Callable[[grpc.aio.AioRpcError], Problem]


@dataclass(frozen=True, slots=True)
class Events:
    """How a stream becomes text."""

    write: Callable[[Any], bytes]
    """The JSON of a message."""
    refusal: Refusal
    """What the client is told of a call that failed."""
    request_id: str


async def relay(call: Any, events: Events, receive: Receive, send: Send, heartbeat: float) -> None:
    """Hands on every message as an event, until the call ends or the client goes away, which cancels the call."""
    gone = asyncio.create_task(disconnected(receive))
    reading: asyncio.Task[Any] | None = None
    patience, started, ended = FIRST_SECONDS, False, False
    try:
        while not ended:
            reading = reading or asyncio.create_task(call.read())
            await asyncio.wait({reading, gone}, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                return
            chunk = ALIVE
            if reading.done():
                chunk, ended = _chunk(reading, started, events)
                reading = None
            if not started:
                await send(START)
                patience, started = heartbeat, True
            await send({"type": "http.response.body", "body": chunk, "more_body": not ended})
    finally:
        call.cancel()
        gone.cancel()
        if reading is not None:
            reading.cancel()


def _chunk(reading: asyncio.Task[Any], started: bool, events: Events) -> tuple[bytes, bool]:
    """What to send for a read that is done, and whether it is the last."""
    try:
        message = reading.result()
    except grpc.aio.AioRpcError as error:
        if started and error.code() == grpc.StatusCode.DEADLINE_EXCEEDED:
            return b"", True  # The stream's own deadline: the client resumes with its last id.
        problem = events.refusal(error)
        if not started:
            raise problem from error
        return b"event: error\ndata: " + problem.body(events.request_id) + b"\n\n", True
    return (b"", True) if message is grpc.aio.EOF else (_event(message, events.write), False)


def _event(message: Any, write: Callable[[Any], bytes]) -> bytes:
    fields = message.DESCRIPTOR.fields_by_name
    token = next((getattr(message, name) for name in TOKENS if name in fields), "")
    kind = message.DESCRIPTOR.oneofs[0].name if message.DESCRIPTOR.oneofs else ""
    name = (message.WhichOneof(kind) if kind else "") or "message"
    lines = [f"id: {token}".encode()] if token and "\n" not in token else []
    return b"\n".join([*lines, f"event: {name}".encode(), b"data: " + write(message), b"", b""])
