"""What one round of load gave, and how rounds become one figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Sample:
    """Rates are per second, latencies in milliseconds; `failures` counts every answer that is not 2xx by its status."""

    rate: float
    p50: float
    p95: float
    p99: float
    count: int
    failures: dict[str, int]
    first_failure: str = ""

    @classmethod
    def of(
        cls, latencies: list[float], seconds: float, failures: dict[str, int] | None = None, first_failure: str = ""
    ) -> Sample:
        """`latencies` are in seconds, of what was answered within `seconds`."""
        ordered = sorted(latencies)
        p50, p95, p99 = (1000 * percentile(ordered, share) for share in (0.50, 0.95, 0.99))
        return cls(len(ordered) / seconds, p50, p95, p99, len(ordered), failures or {}, first_failure)

    @classmethod
    def middle(cls, samples: Sequence[Sample]) -> Sample:
        """The medians of several rounds: one that a neighbour disturbed does not count. All failures count."""
        failures: Counter[str] = Counter()
        for sample in samples:
            failures.update(sample.failures)
        return cls(
            rate=median(sample.rate for sample in samples),
            p50=median(sample.p50 for sample in samples),
            p95=median(sample.p95 for sample in samples),
            p99=median(sample.p99 for sample in samples),
            count=sum(sample.count for sample in samples),
            failures=dict(failures),
            first_failure=next((sample.first_failure for sample in samples if sample.first_failure), ""),
        )


def percentile(ordered: Sequence[float], share: float) -> float:
    """The nearest-rank percentile of sorted values; infinite for none, so that no target is met by silence."""
    if not ordered:
        return float("inf")
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]
