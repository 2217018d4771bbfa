"""The figures of events: how long they take from the write to another service's commit."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

from tests.load import workload
from tests.load.client import Plan
from tests.load.consumer import __name__ as noting
from tests.load.figure import Figure, Target
from tests.load.processes import module
from tests.load.rounds import drive
from tests.load.run import Run
from tests.load.sample import Sample, percentile

RATE = 200.0
SECONDS = 15.0
"""How long events come at that rate."""
WARM_UP = 1.0
PACE_KEPT = 0.97
"""The share of the rate that must be reached for the lag to count as one at that rate."""
PATIENCE = 30.0
"""Seconds that the last one may take."""

_WRITTEN = "SELECT aggregate, recorded FROM event WHERE recorded >= $1 AND sequence = 1 AND type LIKE '%.PersonChanged'"
_HEARD = "SELECT id, pg_xact_commit_timestamp(xmin) FROM arrival"


async def lag(run: Run) -> list[Figure]:
    """People created through REST at 200 a second; from `event.recorded` to the commit of the noting service."""
    stand = run.stand
    log = stand.folder / "log" / "noting.log"
    async with module(noting, log, **stand.noting_environment):
        await _until_it_hears(run)
        since: datetime = await stand.contact_database.fetchval("SELECT clock_timestamp()")
        requests = workload.creates(int(RATE * (run.events_seconds + WARM_UP)), run.authorization)
        load = await drive(Plan(stand.address, requests, run.events_seconds, rate=RATE, warm_up=WARM_UP))
        written = {row[0]: row[1] for row in await stand.contact_database.fetch(_WRITTEN, since)}
        heard = await _heard(run, len(written), set(written))
    lags = sorted((heard[who] - recorded).total_seconds() for who, recorded in written.items() if who in heard)
    failures = dict(load.failures) | ({"not heard of": len(written) - len(lags)} if len(lags) < len(written) else {})
    if load.rate < PACE_KEPT * RATE:
        failures["only so many a second"] = int(load.rate)
    return _figures(lags, load, failures)


def _figures(lags: list[float], load: Sample, failures: dict[str, int]) -> list[Figure]:
    p50, p95, p99 = (1000 * percentile(lags, share) for share in (0.5, 0.95, 0.99))
    more = {"p50_ms": p50, "p95_ms": p95, "p99_ms": p99, "count": len(lags)}
    pace = {"p50_ms": load.p50, "p95_ms": load.p95, "p99_ms": load.p99, "count": load.count}
    name = f"event → consumer p99 at {RATE:g}/s"
    return [
        Figure(f"create, paced at {RATE:g}/s", load.rate, "1/s", failures=dict(load.failures), more=pace),
        Figure(name, p99, "ms", target=Target.at_most(500.0), failures=failures, more=more),
    ]


async def _until_it_hears(run: Run) -> None:
    """Create people until one has arrived: the service is up, and has caught up with everything before.

    Raises:
        TimeoutError: it does not come up.
    """
    async with asyncio.timeout(PATIENCE):
        while True:
            probe = Plan(run.stand.address, workload.creates(1, run.authorization), 0.05, connections=1, warm_up=0)
            await drive(probe)
            newest: UUID = await run.stand.contact_database.fetchval(
                "SELECT aggregate FROM event WHERE type LIKE '%.PersonChanged' ORDER BY id DESC LIMIT 1"
            )
            await asyncio.sleep(0.5)
            if await run.stand.noting_database.fetchval("SELECT true FROM arrival WHERE id = $1", newest):
                return


async def _heard(run: Run, count: int, written: set[UUID]) -> dict[UUID, datetime]:
    """When each person arrived, once all have or nobody waits any longer."""
    until = asyncio.get_running_loop().time() + PATIENCE
    while True:
        heard = {row[0]: row[1] for row in await run.stand.noting_database.fetch(_HEARD)}
        if len(written & heard.keys()) == count or asyncio.get_running_loop().time() > until:
            return heard
        await asyncio.sleep(0.2)
