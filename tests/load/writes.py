"""The figures of writing: a new person, with and without an idempotency key, and a change."""

from __future__ import annotations

from tests.load import people, workload
from tests.load.figure import Figure, Target, of_sample
from tests.load.run import Run


async def create(run: Run) -> list[Figure]:
    """A new person with an e-mail address; the bound writes one row and one event row.

    The tenant allows duplicates, so that nobody is looked for; `create_matched` is as a tenant begins.
    """
    await run.change("matchPolicy", {"mode": "MATCH_MODE_ALLOW"})
    requests = workload.creates(workload.PREPARED, run.authorization)
    sample, bound = await run.against_bound("create", requests, workload.creates(workload.PREPARED), settle=True)
    return [of_sample(run.named("create"), sample, bound, Target.ratio(at_least=0.6))]


async def create_matched(run: Run) -> list[Figure]:
    """As `create`, with a look at who among all people it may be."""
    await run.change("matchPolicy", {"mode": "MATCH_MODE_WARN"})
    requests, bare = workload.creates(workload.PREPARED, run.authorization), workload.creates(workload.PREPARED)
    sample, bound = await run.against_bound("create-matched", requests, bare, settle=True)
    return [of_sample(run.named("create with a look for duplicates"), sample, bound)]


async def create_once(run: Run) -> list[Figure]:
    """As `create`, each with an Idempotency-Key of its own."""
    requests = workload.creates(workload.PREPARED, run.authorization, keyed=True)
    sample = await run.alone("create-once", requests, settle=True)
    return [of_sample(run.named("create with a key"), sample)]


async def update(run: Run) -> list[Figure]:
    """A new position, without an etag."""
    ids = [str(people.identifier(people.PERSON, number)) for number in run.some_people()]
    sample = await run.alone("update", workload.updates(ids, run.authorization), settle=True)
    return [of_sample(run.named("update"), sample)]
