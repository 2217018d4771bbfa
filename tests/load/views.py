"""The figures of customers' pages: the whole page with every panel, and a page of a timeline."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from urllib.request import urlopen

from tests.load import people, timelines, workload
from tests.load.figure import Figure, Target, of_sample
from tests.load.run import Run

OPENED = 10.0
"""Pages a second of sixteen people who look customers up."""
_PANELS = re.compile(
    r'^rapport_customer_panel_duration_seconds_count\{panel="(\w+)",state="PANEL_STATE_(\w+)"\} (\S+)$', re.MULTILINE
)


async def view(run: Run) -> list[Figure]:
    """The page of anybody; one with a panel that is not there counts as failed."""
    await timelines.fill(run.stand)
    requests = workload.views(_ids(run), run.authorization)
    flat_out = await run.alone("views", requests)
    before = await _incomplete(run)
    opened = await run.alone("opening", requests, rate=OPENED)
    missing = await _incomplete(run) - before
    return [
        of_sample(run.named("360"), flat_out),
        Figure(
            run.named(f"360 p95 at {OPENED:g}/s"),
            opened.p95,
            "ms",
            target=Target.at_most(200.0),
            failures=dict(opened.failures) | missing,
            more={"p50_ms": opened.p50, "p95_ms": opened.p95, "p99_ms": opened.p99, "count": opened.count},
        ),
    ]


async def timeline_page(run: Run) -> list[Figure]:
    """The first page of anybody's timeline."""
    await timelines.fill(run.stand)
    sample = await run.alone("timeline", workload.timelines(_ids(run), run.authorization))
    return [of_sample(run.named("timeline page"), sample)]


def _ids(run: Run) -> list[str]:
    return [str(people.identifier(people.PERSON, number)) for number in run.some_people()]


async def _incomplete(run: Run) -> Counter[str]:
    """How many panels have been anything but there so far; identity has none, and says so."""
    text = await asyncio.to_thread(_read, f"http://{run.stand.metrics['gateway']}/metrics")
    return Counter(
        {
            f"{panel} {state.lower()}": int(float(count))
            for panel, state, count in _PANELS.findall(text)
            if state != "OK" and panel not in run.stand.services
        }
    )


def _read(url: str) -> str:
    with urlopen(url) as answer:
        return str(answer.read(), "utf-8")
