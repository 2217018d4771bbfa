"""Every call leaves a span, a duration and a context for its log lines, on either side of the wire."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

from rapport_kit.errors import DomainError
from rapport_kit.telemetry import metrics, traces

UNFAULTY = frozenset(
    {"OK", "NOT_FOUND", "INVALID_ARGUMENT", "ALREADY_EXISTS", "FAILED_PRECONDITION", "ABORTED", "CANCELLED"}
)
"""Codes that say something about the request, and nothing is wrong with the server: the span is no failure."""


@dataclass
class Outcome:
    """How a call ended: the name of its status code."""

    code: str = "OK"


@contextmanager
def served(service: str, method: str, traceparent: str) -> Iterator[Outcome]:
    """Around a call that this process serves; the trace goes on from the caller's."""
    began = time.perf_counter()
    outcome = Outcome()
    structlog.contextvars.clear_contextvars()
    attributes = {"rpc.system": "grpc", "rpc.method": method, "rapport.service": service}
    with traces.span(method, SpanKind.SERVER, traceparent=traceparent, attributes=attributes) as span:
        try:
            with _told(outcome):
                yield outcome
        finally:
            _finish(span, outcome)
            duration = time.perf_counter() - began
            metrics.RPC_SERVER_DURATION.labels(service, method, outcome.code).observe(duration)


@contextmanager
def called(method: str) -> Iterator[Outcome]:
    """Around a call that this process makes."""
    began = time.perf_counter()
    outcome = Outcome()
    with traces.span(method, SpanKind.CLIENT, attributes={"rpc.system": "grpc", "rpc.method": method}) as span:
        try:
            with _told(outcome):
                yield outcome
        finally:
            _finish(span, outcome)
            metrics.RPC_CLIENT_DURATION.labels(method, outcome.code).observe(time.perf_counter() - began)


@contextmanager
def received(method: str) -> Iterator[None]:
    """Around a stream that this process receives; without a span, since its receiver works between the messages."""
    began = time.perf_counter()
    outcome = Outcome()
    try:
        with _told(outcome):
            yield
    finally:
        metrics.RPC_CLIENT_DURATION.labels(method, outcome.code).observe(time.perf_counter() - began)


@contextmanager
def _told(outcome: Outcome) -> Iterator[None]:
    """Have the outcome say how a block ends."""
    try:
        yield
    except DomainError as error:
        outcome.code = error.code
        raise
    except (asyncio.CancelledError, GeneratorExit):  # whoever asked went away, or time is up
        outcome.code = "CANCELLED"
        raise


def _finish(span: Span, outcome: Outcome) -> None:
    span.set_attribute("rpc.response.status_code", outcome.code)
    if outcome.code not in UNFAULTY:
        span.set_status(Status(StatusCode.ERROR, outcome.code))
