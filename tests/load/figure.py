"""A figure: what was measured, what it is held against, and whether that is enough."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

from tests.load.sample import Sample


@dataclass(frozen=True)
class Target:
    """A limit of the ratio to the bound, or of the value itself."""

    limit: float
    at_least: bool
    of_ratio: bool

    @classmethod
    def ratio(cls, *, at_least: float = math.nan, at_most: float = math.nan) -> Target:
        return cls(at_most if math.isnan(at_least) else at_least, not math.isnan(at_least), True)

    @classmethod
    def at_most(cls, value: float) -> Target:
        return cls(value, False, False)

    @classmethod
    def at_least_value(cls, value: float) -> Target:
        return cls(value, True, False)

    def met(self, figure: Figure) -> bool:
        measured = figure.ratio if self.of_ratio else figure.value
        if measured is None or math.isnan(measured):
            return False
        return measured >= self.limit if self.at_least else measured <= self.limit

    def __str__(self) -> str:
        return f"{'ratio ' if self.of_ratio else ''}{'≥' if self.at_least else '≤'} {self.limit:g}"


@dataclass(frozen=True)
class Figure:
    """`bound` is what `value` is held against, in the same unit; `more` goes into the file only.

    `failures` counts answers that were no success, by status: a figure with any of them is not met, whatever it says.
    """

    name: str
    value: float
    unit: str
    bound: float | None = None
    target: Target | None = None
    failures: dict[str, int] = field(default_factory=dict)
    note: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        return self.value / self.bound if self.bound else None

    @property
    def ok(self) -> bool:
        return not self.failures and (self.target is None or self.target.met(self))

    def record(self) -> dict[str, Any]:
        """The object in `bench.json`."""
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "bound": self.bound,
            "ratio": self.ratio,
            "target": None if self.target is None else str(self.target),
            "ok": self.ok,
            "failures": self.failures,
            "note": self.note,
            **self.more,
        }


def of_sample(name: str, sample: Sample, bound: Sample | None = None, target: Target | None = None) -> Figure:
    """A rate, held against that of the bare chain in the same rounds."""
    failures = _failures(sample)
    if bound is not None:
        failures |= {f"bound: {status}": count for status, count in _failures(bound).items()}
    return Figure(
        name,
        sample.rate,
        "1/s",
        bound.rate if bound else None,
        target,
        failures=failures,
        note=sample.first_failure,
        more={"p50_ms": sample.p50, "p95_ms": sample.p95, "p99_ms": sample.p99, "count": sample.count},
    )


def _failures(sample: Sample) -> dict[str, int]:
    return dict(sample.failures) if sample.count else {**sample.failures, "nothing answered": 1}


def write(figures: Sequence[Figure], path: Path) -> None:
    """Write `bench.json`; what is not finite becomes null."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps([figure.record() for figure in figures], option=orjson.OPT_INDENT_2) + b"\n")


def show(figures: Sequence[Figure], console: Console, title: str) -> None:
    """Print the table, and below it what went wrong."""
    table = Table(title=title, title_justify="left")
    table.add_column("figure", no_wrap=True)
    for heading in ("value", "bound", "ratio", "target", "p50", "p95", "p99"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for figure in figures:
        mark = "" if figure.target is None and figure.ok else "[green]✓" if figure.ok else "[red]✗"
        times = [_number(figure.more.get(key)) for key in ("p50_ms", "p95_ms", "p99_ms")]
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        target = "" if figure.target is None else str(figure.target)
        value = f"{_number(figure.value)} {figure.unit}"
        table.add_row(figure.name, value, _number(figure.bound), ratio, target, *times, mark)
    console.print(table)
    for figure in figures:
        if figure.failures:
            console.print(f"[red]{figure.name}: {figure.failures}[/red] {figure.note}", highlight=False)


def _number(value: float | None) -> str:
    if value is None or not math.isfinite(value):
        return "" if value is None else "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"
