"""Where traces begin, go on and are recorded."""

from __future__ import annotations

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import SpanKind

from rapport_kit.telemetry import traces

SAMPLED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
UNSAMPLED = SAMPLED.removesuffix("1") + "0"


@pytest.fixture
def ratio(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Lets a test say how many of the new traces are recorded; there is a recorder."""
    monkeypatch.setattr(traces, "_tracer", TracerProvider().get_tracer("test"))
    return monkeypatch


@pytest.mark.parametrize(("share", "recorded"), [(0.0, False), (1.0, True)])
@pytest.mark.parametrize("entering", [None, "", "nonsense", UNSAMPLED.replace("b7ad6b7169203331", "0" * 16)])
def test_a_new_trace_is_recorded_by_its_share(
    ratio: pytest.MonkeyPatch, share: float, recorded: bool, entering: str | None
) -> None:
    ratio.setattr(traces._sampling, "ratio", share)
    with traces.span("work", SpanKind.SERVER, traceparent=entering) as span:
        assert span.is_recording() is recorded
        assert traces.is_recorded(traces.current_traceparent()) is recorded
        begun = traces.current_trace_id()
        with traces.span("part", SpanKind.CLIENT) as part:
            assert part.is_recording() is recorded
            assert traces.current_trace_id() == begun != ""
    assert traces.current_traceparent() == ""


def test_two_new_traces_have_different_ids(ratio: pytest.MonkeyPatch) -> None:
    ratio.setattr(traces._sampling, "ratio", 0.0)
    ids = set()
    for _ in range(2):
        with traces.span("work", SpanKind.SERVER, traceparent=""):
            ids.add(traces.current_trace_id())
    assert len(ids) == 2


def test_what_a_caller_has_sampled_is_recorded_whatever_the_share(ratio: pytest.MonkeyPatch) -> None:
    ratio.setattr(traces._sampling, "ratio", 0.0)
    with traces.span("work", SpanKind.SERVER, traceparent=SAMPLED) as span:
        assert span.is_recording()
        assert traces.current_trace_id() == "0af7651916cd43dd8448eb211c80319c"
        assert traces.current_traceparent() != SAMPLED


@pytest.mark.parametrize("entering", [UNSAMPLED, f"{UNSAMPLED[:-1]}2", f"{UNSAMPLED[:-1]}4", f"01{UNSAMPLED[2:]}-more"])
def test_what_a_caller_has_not_sampled_goes_on_as_it_came(ratio: pytest.MonkeyPatch, entering: str) -> None:
    ratio.setattr(traces._sampling, "ratio", 1.0)
    with traces.span("work", SpanKind.SERVER, traceparent=entering), traces.span("part", SpanKind.CLIENT) as part:
        assert not part.is_recording()
        assert traces.current_traceparent() == UNSAMPLED


def test_a_trace_that_enters_is_no_part_of_the_one_under_way(ratio: pytest.MonkeyPatch) -> None:
    ratio.setattr(traces._sampling, "ratio", 0.0)
    with traces.span("work", SpanKind.SERVER, traceparent=SAMPLED):
        outer = traces.current_traceparent()
        with traces.span("other", SpanKind.CONSUMER, traceparent="") as other:
            assert not other.is_recording()
            assert traces.current_trace_id() != "0af7651916cd43dd8448eb211c80319c"
        assert traces.current_traceparent() == outer
