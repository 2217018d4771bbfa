"""A process that drives an HTTP server: takes a plan as JSON on standard input, prints what happened as JSON.

It shares two cores with what it measures, so it is a protocol over prepared bytes and no HTTP library.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from dataclasses import asdict, dataclass, field
from time import perf_counter
from typing import cast
from urllib.parse import urlsplit
from uuid import uuid4

import uvloop

from tests.load.sample import Sample

FRESH_UUID = b"00000000-0000-4000-8000-000000000000"
"""Stands in a request for a UUID that is new at each sending, as an Idempotency-Key must be."""
END_OF_HEAD = b"\r\n\r\n"
LONGEST_EXCERPT = 400


@dataclass(frozen=True)
class Plan:
    """`requests` are whole HTTP/1.1 requests, sent in turn. Without `rate` the loop is closed: every one of
    `connections` sends its next request when the answer to the last is there. With `rate` requests are due every
    1/rate seconds, and latency counts from when they were due, so that a stall is not overlooked.
    """

    address: str
    requests: list[str]
    seconds: float
    connections: int = 16
    warm_up: float = 0.5
    rate: float | None = None


@dataclass
class Record:
    """What the connections saw: latencies in seconds, of whole answers within the measured time."""

    begin: float
    end: float
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    first_failure: str = ""

    def note(self, due: float, now: float, status: bytes, answer: bytes) -> None:
        if status[:1] != b"2":
            self.fail(status.decode("latin-1"), answer)
        elif self.begin <= now <= self.end:
            self.latencies.append(now - due)

    def fail(self, status: str, answer: bytes) -> None:
        self.statuses[status] += 1
        self.first_failure = self.first_failure or answer[:LONGEST_EXCERPT].decode("utf-8", "replace")


class Connection(asyncio.Protocol):
    """One keep-alive connection; `answered` is called when it is free again."""

    transport: asyncio.Transport

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._received = bytearray()
        self._awaited = 0
        self._due = 0.0
        self._busy = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's own is no subclass

    def send(self, request: bytes, due: float) -> None:
        self._due, self._busy, self._awaited = due, True, 0
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        received = self._received
        received += data
        if not self._awaited:
            self._awaited = _length(received)
        if self._awaited and len(received) >= self._awaited:
            answer = bytes(received)
            received.clear()
            self._busy = False
            self._driver.answered(self, self._due, answer)

    def connection_lost(self, exc: Exception | None) -> None:
        self._driver.lost(busy=self._busy)


def _length(received: bytearray) -> int:
    """Bytes of the whole answer; 0 while its head is not there.

    Raises:
        ValueError: the answer has no Content-Length; every server here states one.
    """
    end = received.find(END_OF_HEAD)
    if end < 0:
        return 0
    head = bytes(received[:end]).lower()
    at = head.find(b"content-length:")
    if at < 0:
        if head[9:12] == b"204":
            return end + len(END_OF_HEAD)
        raise ValueError(f"an answer without Content-Length: {head!r}")
    return end + len(END_OF_HEAD) + int(head[at + 15 :].split(b"\r\n", 1)[0])


class Driver:
    """Keeps the connections at work until the time is up."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._requests = [request.encode() for request in plan.requests]
        self._fresh = FRESH_UUID in self._requests[0]
        self._sent = 0
        self._free: list[Connection] = []
        self._overdue: list[float] = []
        self._finished = asyncio.get_running_loop().create_future()
        self._under_way = 0
        self.record = Record(0, 0)

    async def run(self) -> Sample:
        loop, parts = asyncio.get_running_loop(), urlsplit(self._plan.address)
        host, port = parts.hostname or "", parts.port or 80
        connections = [
            (await loop.create_connection(lambda: Connection(self), host, port))[1]
            for _ in range(self._plan.connections)
        ]
        begin = perf_counter() + self._plan.warm_up
        self.record = Record(begin, begin + self._plan.seconds)
        if self._plan.rate is None:
            for connection in connections:
                self._send(connection, perf_counter())
        else:
            self._free = connections
            await self._pace(self._plan.rate)
        await asyncio.wait_for(self._finished, self._plan.warm_up + self._plan.seconds + 30)
        for connection in connections:
            connection.transport.abort()
        return Sample.of(
            self.record.latencies, self._plan.seconds, dict(self.record.statuses), self.record.first_failure
        )

    def answered(self, connection: Connection, due: float, answer: bytes) -> None:
        now = perf_counter()
        self._under_way -= 1
        self.record.note(due, now, answer[9:12], answer)
        if self._plan.rate is None:
            if now < self.record.end:
                self._send(connection, now)
        elif self._overdue and now < self.record.end:
            self._send(connection, self._overdue.pop(0))
        else:
            self._free.append(connection)
        self._end_if_done(now)

    def lost(self, *, busy: bool) -> None:
        if busy:
            self.record.fail("connection lost", b"")
            self._under_way -= 1
        self._end_if_done(perf_counter())

    def _end_if_done(self, now: float) -> None:
        if now >= self.record.end and not self._under_way and not self._finished.done():
            self._finished.set_result(None)

    def _send(self, connection: Connection, due: float) -> None:
        request = self._requests[self._sent % len(self._requests)]
        self._sent += 1
        self._under_way += 1
        connection.send(request.replace(FRESH_UUID, str(uuid4()).encode()) if self._fresh else request, due)

    async def _pace(self, rate: float) -> None:
        begin, number = perf_counter(), 0
        while (due := begin + number / rate) < self.record.end:
            if (ahead := due - perf_counter()) > 0:
                await asyncio.sleep(ahead)
            if self._free:
                self._send(self._free.pop(), due)
            else:
                self._overdue.append(due)
            number += 1
        while (left := self.record.end - perf_counter()) > 0:  # a timer may go off a little early
            await asyncio.sleep(left)
        self._end_if_done(perf_counter())


async def _main() -> None:
    plan = Plan(**json.load(sys.stdin))
    json.dump(asdict(await Driver(plan).run()), sys.stdout)


if __name__ == "__main__":
    uvloop.run(_main())
