"""The suite as operators run it: every service a process of its own, on TCP, with what it writes and exports kept."""

from __future__ import annotations

import asyncio
import os
import ssl
import sys
import threading
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from rapport_kit.local.ports import LOOPBACK, free_port
from rapport_kit.service import Service, installed
from rapport_kit.settings import variable
from rapport_kit.testing.stack import Stack, prepared
from tests.eventually import eventually

START = 60.0
"""Seconds that the processes get to come up."""


@dataclass
class Processes:
    """What runs. `stack.environment` says where; `logs` holds what each process wrote."""

    stack: Stack
    logs: dict[str, Path]
    metrics: dict[str, str]
    """The addresses of `/metrics`, by service."""
    pids: dict[str, int] = field(default_factory=dict)

    def written(self) -> str:
        """Everything that any process has written."""
        return "".join(log.read_text() for log in self.logs.values())


@asynccontextmanager
async def running_processes(
    *,
    postgres: str,
    nats_url: str,
    directory: Path,
    more: Mapping[str, str],
    trust: ssl.SSLContext | None = None,
    others: Sequence[Service] = (),
) -> AsyncIterator[Processes]:
    """Start every installed service with the variables in `more`; `trust` is for a gateway that speaks TLS.

    And `others`, which `more["PYTHONPATH"]` installs for the processes.
    """
    services = [*installed().values(), *others]
    stack = await prepared(services, postgres=postgres, nats_url=nats_url, directory=directory)
    environment = (
        stack.environment
        | dict(more)
        | {
            variable(name, field): f"{LOOPBACK}:{free_port()}"
            for name in stack.services
            for field in ("listen", "metrics_listen")
        }
    )
    running = Processes(
        replace(stack, environment=environment),
        {name: directory / f"{name}.log" for name in stack.services},
        {name: environment[variable(name, "metrics_listen")] for name in stack.services},
    )
    async with AsyncExitStack() as open_:
        for name, log in running.logs.items():
            running.pids[name] = await open_.enter_async_context(_process(name, environment, log))
        await _serving(running, trust)
        yield running


@asynccontextmanager
async def _process(name: str, environment: Mapping[str, str], log: Path) -> AsyncIterator[int]:
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "rapport_kit.app", name),
            env={**os.environ, **environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield process.pid
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), 20)


async def _serving(running: Processes, trust: ssl.SSLContext | None) -> None:
    """Wait until the gateway reaches every department."""
    scheme = "http" if trust is None else "https"
    address = f"{scheme}://{running.stack.environment[variable('gateway', 'listen')]}"
    async with httpx2.AsyncClient(base_url=address, verify=trust or True) as client:

        async def ready() -> None:
            answer = await client.get("/readyz")
            assert set(answer.json()["departments"].values()) == {"ready"}, running.written()

        await eventually(ready, (AssertionError, httpx2.TransportError), START)


@dataclass
class Collector:
    """Takes what is exported over OTLP/HTTP."""

    endpoint: str
    spans: list[tuple[str, Span]] = field(default_factory=list)
    """With the name of the service that each is from."""

    def trace(self, trace_id: str) -> list[tuple[str, Span]]:
        """The spans of one trace, the first to begin first."""
        found = [(name, span) for name, span in self.spans if span.trace_id.hex() == trace_id]
        return sorted(found, key=lambda item: item[1].start_time_unix_nano)

    def take(self, body: bytes) -> None:
        """Keep the spans of one export."""
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            names = [each.value.string_value for each in resource.resource.attributes if each.key == "service.name"]
            self.spans += [(names[0], span) for scope in resource.scope_spans for span in scope.spans]


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector on a free port for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.take(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the overridden one's name
            """Say nothing."""

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    collector = Collector(f"http://{LOOPBACK}:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
