"""One trace from the edge through RPC, transaction, broker and consumer (W3C Trace Context, OTLP).

The OpenTelemetry instrumentations of gRPC leave grpc.aio without metrics and none exists for NATS, so the four
places where a trace crosses a process are instrumented here by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import context, trace
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_NAMESPACE, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from rapport_kit.settings import PlatformSettings

_propagator = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("rapport")


def configure(service: str, settings: PlatformSettings) -> TracerProvider:
    """Set this process up to sample `trace_sampling_ratio` of new traces and all that a caller sampled.

    Spans go to the OTLP collector of the settings; without one, trace ids still join the logs of all services.
    """
    provider = TracerProvider(
        sampler=ParentBased(TraceIdRatioBased(settings.trace_sampling_ratio)),
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
    return provider


@contextmanager
def span(
    name: str, kind: SpanKind, *, traceparent: str | None = None, attributes: Mapping[str, str | int] | None = None
) -> Iterator[Span]:
    """A span below the current one, or below `traceparent` where a trace enters the process.

    An exception marks the span as failed by its type alone: messages may hold personal data. Below a span that is not
    sampled none is made, since it would be recorded by nobody either: that one stands for it.
    """
    parent = None if traceparent is None else _propagator.extract({"traceparent": traceparent}, context.Context())
    above = trace.get_current_span(parent)
    if above.get_span_context().is_valid and not above.get_span_context().trace_flags.sampled:
        with trace.use_span(above, record_exception=False, set_status_on_exception=False):
            yield above
        return
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
    return not traceparent.endswith(("-00", "-02"))  # the second bit only says that the id is random


def current_traceparent() -> str:
    """The current span as a `traceparent` header, or an empty string outside a trace."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent", "")


def current_trace_id() -> str:
    """The current trace id in hex, or an empty string."""
    found = trace.get_current_span().get_span_context()
    return f"{found.trace_id:032x}" if found.is_valid else ""
