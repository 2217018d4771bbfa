"""For comparison: what the bare chain gives when protobuf's own library writes the JSON."""

from __future__ import annotations

from tests.load import people, workload
from tests.load.bound.chain import chain
from tests.load.client import Plan
from tests.load.figure import Figure, of_sample
from tests.load.rounds import drive
from tests.load.run import Run

LIBRARY = "json_format"


async def by_library(run: Run) -> list[Figure]:
    """One round each of get, list and create, at the smallest size only: the size hardly matters to it."""
    if run.stand.people > run.smallest:
        return []
    ids = [str(people.identifier(people.PERSON, number)) for number in run.some_people()]
    kinds = {
        "get": workload.gets(ids),
        "list": workload.pages([{"pageSize": "50"}]),
        "create": workload.creates(workload.PREPARED),
    }
    async with chain(run.stand.bound_url, run.stand.folder, json=LIBRARY) as (address, _):
        return [
            of_sample(run.named(f"bound by {LIBRARY}: {kind}"), await drive(Plan(address, requests, run.seconds)))
            for kind, requests in kinds.items()
        ]
