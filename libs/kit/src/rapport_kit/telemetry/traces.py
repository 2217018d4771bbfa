"""One trace from the edge through RPC, transaction, broker and consumer (W3C Trace Context, OTLP).

The OpenTelemetry instrumentations of gRPC leave grpc.aio without metrics and none exists for NATS, so the four
places where a trace crosses a process are instrumented here by hand.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import Token
from dataclasses import dataclass
from typing import Final

from opentelemetry import context, trace
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_NAMESPACE, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, ParentBased
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from rapport_kit.settings import PlatformSettings

UNSAMPLED: Final = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-0[02]")
"""The second bit of the flags only says that the id is random."""

_propagator = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("rapport")


@dataclass(slots=True)
class _Sampling:
    ratio: float = 1.0


_sampling: Final = _Sampling()


def configure(service: str, settings: PlatformSettings) -> TracerProvider:
    """Set this process up to sample `trace_sampling_ratio` of new traces and all that a caller sampled.

    Spans go to the OTLP collector of the settings; without one, trace ids still join the logs of all services.
    """
    provider = TracerProvider(
        sampler=ParentBased(ALWAYS_ON),  # which new traces are sampled is drawn in `span`
        resource=Resource.create({SERVICE_NAME: service, SERVICE_NAMESPACE: "rapport"}),
    )
    if settings.otlp_endpoint:
        from opentelemetry.exporter.http.transport._urllib3 import Urllib3HTTPTransport
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        # By itself it would choose requests, which is 2.8 MB more in every process (docs/adr/0005).
        endpoint = f"{settings.otlp_endpoint.rstrip('/')}/v1/traces"
        exporter = OTLPSpanExporter(endpoint, _transport=Urllib3HTTPTransport())
        provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    _sampling.ratio = settings.trace_sampling_ratio
    return provider


def span(
    name: str, kind: SpanKind, *, traceparent: str | None = None, attributes: Mapping[str, str | int] | None = None
) -> AbstractContextManager[Span]:
    """A span below the current one, or below `traceparent` where a trace enters the process.

    An exception marks the span as failed by its type alone: messages may hold personal data. Below a span that is not
    sampled none is made, since it would be recorded by nobody either: that one stands for it. Most calls are such, and
    they do without the SDK, whose spans take a tenth of the gateway's time.
    """
    if traceparent and (unsampled := UNSAMPLED.fullmatch(traceparent)):
        return _Unrecorded(int(unsampled[1], 16), int(unsampled[2], 16))
    parent = None if traceparent is None else _entering(traceparent)
    above = trace.get_current_span(parent)
    told = above.get_span_context()
    if told.is_valid and not told.trace_flags.sampled:
        return nullcontext(above) if parent is None else _Unrecorded(told.trace_id, told.span_id)
    if told.is_valid or random.random() < _sampling.ratio:  # noqa: S311 - no secret
        return _recorded(name, kind, parent, attributes)
    return _Unrecorded(random.getrandbits(128), random.getrandbits(64))


def _entering(traceparent: str) -> context.Context:
    """Where a trace enters: below nothing that goes on here."""
    return _propagator.extract({"traceparent": traceparent}, context.Context()) if traceparent else context.Context()


class _Unrecorded:
    """Makes a span that nobody records the current one."""

    __slots__ = ("_span", "_token")

    def __init__(self, trace_id: int, span_id: int) -> None:
        self._span = NonRecordingSpan(SpanContext(trace_id, span_id, is_remote=True))

    def __enter__(self) -> Span:
        self._token: Token[context.Context] = context.attach(trace.set_span_in_context(self._span))
        return self._span

    def __exit__(self, *_: object) -> None:
        context.detach(self._token)


@contextmanager
def _recorded(
    name: str, kind: SpanKind, parent: context.Context | None, attributes: Mapping[str, str | int] | None
) -> Iterator[Span]:
    with _tracer.start_as_current_span(
        name, context=parent, kind=kind, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as started:
        try:
            yield started
        except Exception as error:
            started.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def is_recorded(traceparent: str) -> bool:
    """Whether the trace that `traceparent` carries in is recorded, or may be; a span below another one is lost."""
    return UNSAMPLED.fullmatch(traceparent) is None


def current_traceparent() -> str:
    """The current span as a `traceparent` header, or an empty string outside a trace."""
    found = trace.get_current_span().get_span_context()
    if not found.is_valid:
        return ""
    return f"00-{found.trace_id:032x}-{found.span_id:016x}-{found.trace_flags:02x}"


def current_trace_id() -> str:
    """The current trace id in hex, or an empty string."""
    found = trace.get_current_span().get_span_context()
    return f"{found.trace_id:032x}" if found.is_valid else ""
