"""Takes the traces that the services export, so that exporting costs what it costs, and counts their spans."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from rapport_kit.local.ports import LOOPBACK

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n"


@dataclass
class Collector:
    """An OTLP/HTTP endpoint. `endpoint` is its base URL."""

    endpoint: str = ""
    spans: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One keep-alive connection."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                if head.startswith("post /v1/traces"):
                    packed = headers.get("content-encoding") == "gzip"
                    self.spans += _spans(gzip.decompress(body) if packed else body)
                writer.write(ANSWER)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


def _spans(body: bytes) -> int:
    request = ExportTraceServiceRequest.FromString(body)
    return sum(len(scope.spans) for resource in request.resource_spans for scope in resource.scope_spans)


@asynccontextmanager
async def collector() -> AsyncIterator[Collector]:
    """A collector on a free port for as long as the block lasts."""
    taking = Collector()
    server = await asyncio.start_server(taking.serve, LOOPBACK, 0)
    taking.endpoint = f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}"
    try:
        yield taking
    finally:
        server.close()
