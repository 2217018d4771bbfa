"""One panel: asked within its time, and whatever becomes of that is an answer."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from google.protobuf.message import Message
from prometheus_client import Histogram

from rapport.gateway.v1 import customers_pb2 as pb
from rapport_gateway.customers.memory import Memory, PageKey, Read
from rapport_kit.errors import DomainError
from rapport_kit.rpc import call as calls

PANEL_DURATION = Histogram(
    "rapport_customer_panel_duration_seconds",
    "How long the panels of customers' pages took, and what became of them",
    ["panel", "state"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.5, 1),
)
STATES = {
    "DEADLINE_EXCEEDED": pb.PANEL_STATE_LATE,
    "PERMISSION_DENIED": pb.PANEL_STATE_DENIED,
    "NOT_FOUND": pb.PANEL_STATE_ABSENT,
}
"""What becomes of a panel by the code of its refusal; whatever is not here, the department is not available."""
SILENT = frozenset({"UNAVAILABLE", "DEADLINE_EXCEEDED"})
"""The codes of no answer at all: only then what was shown before is shown again. Any answer takes its place."""


@dataclass(frozen=True, slots=True)
class Panel:
    """What became of asking. `read` is the content, perhaps of an earlier page; `refusal` why there is no new one."""

    state: pb.PanelState
    read: Read | None = None
    refusal: DomainError | None = None

    @property
    def code(self) -> str:
        """The canonical code of the answer."""
        return "OK" if self.refusal is None else self.refusal.code

    def status(self, as_of: datetime | None = None) -> pb.PanelStatus:
        """As the page says it; `as_of`: when the content was true, if the department told."""
        status = pb.PanelStatus(state=self.state, reason=self.refusal.reason if self.refusal else "")
        if self.read is not None:
            status.read_time.FromDatetime(self.read.time)
            status.age.FromTimedelta(max(datetime.now(UTC) - (as_of or self.read.time), timedelta()))
        return status


@dataclass(frozen=True, slots=True)
class Page:
    """The panels of one page, as one caller sees them."""

    key: PageKey
    memory: Memory

    async def ask(self, panel: str, work: Callable[[], Awaitable[Message]], budget: float) -> Panel:
        """The panel that `work` makes in at most `budget` seconds; what is below has no more time than that."""
        began = time.perf_counter()
        try:
            with _within(budget):
                content = await work()
        except DomainError as refusal:
            found = self.refused(panel, refusal)
        else:
            found = Panel(pb.PANEL_STATE_OK, self.memory.keep(self.key, panel, content, datetime.now(UTC)))
        PANEL_DURATION.labels(panel, pb.PanelState.Name(found.state)).observe(time.perf_counter() - began)
        return found

    def refused(self, panel: str, refusal: DomainError) -> Panel:
        """The panel that could not be had."""
        if refusal.code not in SILENT:
            self.memory.forget(self.key, panel)
        state = STATES.get(refusal.code, pb.PANEL_STATE_UNAVAILABLE)
        return Panel(state, self.memory.recall(self.key, panel), refusal)


@contextmanager
def _within(budget: float) -> Iterator[None]:
    """Calls made in the block have at most so many seconds together."""
    call = calls.current.get()
    assert call is not None, "a panel is asked for in a call"
    shorter = calls.current.set(replace(call, deadline=min(call.deadline, time.monotonic() + budget)))
    try:
        yield
    finally:
        calls.current.reset(shorter)
