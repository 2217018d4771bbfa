"""The figures of duplicates: looking for a described person among all, and creating one with that look-up."""

from __future__ import annotations

from tests.load import workload
from tests.load.figure import Figure, Target, of_sample
from tests.load.run import Run

ASKED = 20.0
"""Look-ups a second of people who enter customers."""


async def duplicates(run: Run) -> list[Figure]:
    """Half of those asked about are stored under a slip of the pen, the others are not; at a pace, and flat out."""
    requests = workload.lookups(run.some_people(), run.authorization)
    flat_out = await run.alone("duplicates", requests)
    asked = await run.alone("asking", requests, rate=ASKED)
    created = await run.alone(
        "creating", workload.creates(workload.PREPARED, run.authorization), settle=True, rate=ASKED
    )
    target = Target.at_most(50.0)
    return [
        of_sample(run.named("duplicate check"), flat_out),
        Figure(
            run.named(f"duplicate check p95 at {ASKED:g}/s"),
            asked.p95,
            "ms",
            target=target,
            failures=dict(asked.failures),
        ),
        Figure(
            run.named(f"create with check p95 at {ASKED:g}/s"),
            created.p95,
            "ms",
            target=target,
            failures=dict(created.failures),
        ),
    ]
