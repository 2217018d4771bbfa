"""Rates, errors and durations of every method, and how full the process is; on `/metrics` for Prometheus."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from prometheus_client import Counter, Gauge, Histogram, start_http_server

from rapport_kit.settings import PlatformSettings

RPC_SERVER_DURATION = Histogram(
    "rapport_rpc_server_duration_seconds",
    "How long calls took that this process served",
    ["service", "method", "code"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
RPC_CLIENT_DURATION = Histogram(
    "rapport_rpc_client_duration_seconds",
    "How long calls took that this process made",
    ["method", "code"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
HTTP_SERVER_DURATION = Histogram(
    "rapport_http_server_duration_seconds",
    "How long requests took at the edge",
    ["rpc", "method", "status"],
    buckets=(0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
POOL_CONNECTIONS = Gauge("rapport_pool_connections", "Connections in use", ["service", "pool"])
POOL_SIZE = Gauge("rapport_pool_size", "Connections at most", ["service", "pool"])
LOOP_LAG = Gauge("rapport_event_loop_lag_seconds", "How late the event loop last woke")
OUTBOX_DEPTH = Gauge("rapport_outbox_depth", "Facts not yet published", ["service", "lane"])
OUTBOX_AGE = Gauge("rapport_outbox_age_seconds", "Age of the oldest fact the broker lacks", ["service", "lane"])
UNACKNOWLEDGED = Gauge("rapport_outbox_unacknowledged", "Facts numbered that the broker lacks", ["service"])
CONSUMER_LAG = Gauge("rapport_consumer_lag", "Facts published and not yet handled", ["service", "source"])
DEAD_LETTERS = Gauge("rapport_dead_letters", "Facts parked after repeated failures", ["service"])
TIMERS_LATE = Gauge("rapport_timers_late_seconds", "By how much the most overdue timer is late", ["service"])
TIMERS_PARKED = Gauge("rapport_timers_parked", "Timers that failed too often", ["service"])
EVENTS_HANDLED = Counter("rapport_events_handled", "Facts handled", ["service", "type", "outcome"])


def listen(address: str, settings: PlatformSettings) -> Callable[[], None]:
    """Serve `/metrics` on `host:port` from a thread, over TLS when there is a certificate; returns what stops it."""
    host, _, port = address.rpartition(":")
    certfile = str(settings.tls_cert) if settings.tls else None
    keyfile = str(settings.tls_key) if settings.tls else None
    server, thread = start_http_server(int(port), host, certfile=certfile, keyfile=keyfile)

    def stop() -> None:
        server.shutdown()
        thread.join()

    return stop


async def watch_loop(every: float = 1.0) -> None:
    """Measure how late the event loop wakes, for as long as the process lives."""
    while True:
        due = time.monotonic() + every
        await asyncio.sleep(every)
        LOOP_LAG.set(max(0.0, time.monotonic() - due))
