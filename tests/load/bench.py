"""`make bench`: starts everything, measures, prints the table, writes `build/bench.json`.

To add a figure, write `async def figure(run: Run) -> list[Figure]` and put it into one of the two lists.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

from rich.console import Console

from tests.load import duplicates, events, imports, memory, other_bound, reads, views, writes
from tests.load.figure import Figure, show, write
from tests.load.run import Run
from tests.load.stand import SAMPLING, Stand, stand

Measure = Callable[[Run], Awaitable[list[Figure]]]

ONCE: tuple[Measure, ...] = (memory.idle, events.lag)
"""Measured with no people, before any other load."""
PER_SIZE: tuple[Measure, ...] = (
    reads.get,
    reads.first_page,
    reads.later_page,
    reads.filtered,
    reads.search,
    reads.flatness,
    writes.create,
    writes.create_matched,
    writes.create_once,
    writes.update,
    duplicates.duplicates,
    views.timeline_page,
    views.view,
    imports.live,
    imports.imports,
    other_bound.by_library,
)
SIZES = (10_000, 100_000, 1_000_000)
QUICK = (10_000,)
WIDTH = 140
"""Columns of the table where there is no terminal."""


async def bench(options: argparse.Namespace, console: Console) -> list[Figure]:
    """Every figure, printed as it comes."""
    figures: list[Figure] = []
    async with stand(console) as standing:
        run = Run(standing, options.seconds, options.rounds, options.events_seconds, options.sizes[0], options.profile)
        for measure in _chosen(ONCE, options.only):
            await _take(measure, run, figures, console)
        for size in options.sizes:
            await _grow(standing, size, console)
            for measure in _chosen(PER_SIZE, options.only):
                await _take(measure, run, figures, console)
        drained = max(standing.drained, default=0.0)
        console.print(f"The relay was done {drained:.1f} s after a round at the latest.", highlight=False)
        console.print(f"Traces: {SAMPLING:.0%} sampled, {standing.collector.spans:,} spans exported.", highlight=False)
    return figures


async def _take(measure: Measure, run: Run, figures: list[Figure], console: Console) -> None:
    name = f"{measure.__module__.rpartition('.')[2]}.{measure.__name__}"
    with console.status(f"{name}, {run.stand.people:,} people"):
        taken = await measure(run)
    figures += taken
    for figure in taken:
        ratio = "" if figure.ratio is None else f"  ratio {figure.ratio:.2f}"
        console.print(f"{figure.name}: {figure.value:,.1f} {figure.unit}{ratio}", highlight=False)


async def _grow(standing: Stand, size: int, console: Console) -> None:
    began = time.monotonic()
    with console.status(f"{size:,} people"):
        await standing.grow(size)
    console.print(f"[dim]{size:,} people after {time.monotonic() - began:.0f} s[/dim]", highlight=False)


async def _ended_by_signals(work: Coroutine[Any, Any, list[Figure]]) -> list[Figure]:
    """SIGTERM ends the bench as Ctrl-C does: with everything it started."""
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task


def _chosen(measures: tuple[Measure, ...], only: list[str]) -> list[Measure]:
    return [measure for measure in measures if not only or measure.__name__ in only]


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10,000 people and short rounds: about a minute")
    parser.add_argument("--report-only", action="store_true", help="exit 0 also when a target is missed")
    parser.add_argument("--sizes", type=int, nargs="+", default=None, metavar="N", help="how many people")
    names = [measure.__name__ for measure in (*ONCE, *PER_SIZE)]
    parser.add_argument("--only", nargs="+", choices=names, default=[], metavar="FIGURE", help=", ".join(names))
    parser.add_argument("--seconds", type=float, default=None, help="of one round")
    parser.add_argument("--rounds", type=int, default=None, help="of each side of a figure with a bound")
    parser.add_argument("--profile", type=Path, metavar="FOLDER", help="also let py-spy watch, and write stacks here")
    parser.add_argument("--output", type=Path, default=Path("build/bench.json"))
    options = parser.parse_args(arguments)
    options.sizes = sorted(options.sizes or (QUICK if options.quick else SIZES))
    options.seconds = options.seconds or (2.0 if options.quick else 4.0)
    options.rounds = options.rounds or (2 if options.quick else 3)
    options.events_seconds = 5.0 if options.quick else events.SECONDS
    return options


def main() -> int:
    """0 when every target is met, else 1."""
    options, console = _options(sys.argv[1:]), Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    if options.profile is not None:
        options.profile.mkdir(parents=True, exist_ok=True)
    figures = asyncio.run(_ended_by_signals(bench(options, console)))
    write(figures, options.output)
    show(figures, console, f"16 clients, everything on, {SAMPLING:.0%} of traces sampled")
    return 0 if options.report_only or all(figure.ok for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
