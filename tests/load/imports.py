"""The figures of imports: a file of as many people as the tenant of the other figures has, into a tenant of its own."""

from __future__ import annotations

import asyncio
import csv
import tempfile
from collections.abc import Iterator
from datetime import datetime
from io import TextIOWrapper
from typing import Any, BinaryIO, Final

import psutil

from tests.load import people, workload
from tests.load.account import Account
from tests.load.client import Plan
from tests.load.door import ask
from tests.load.figure import Figure, Target
from tests.load.import_bound import people_a_second
from tests.load.rounds import drive
from tests.load.run import Run
from tests.load.sample import Sample

LOOK: Final = 0.25
"""Seconds between two looks at what the job's process holds."""
LOOKS: Final = 8
"""So many of them for one at the job: that is a call, behind which an import stays."""
REPEATED: Final = 100
"""Every hundredth row is of somebody who is there before."""
LONGEST_DRAIN: Final = 3_600.0
LIVE: Final = 20.0
"""People a second that others create meanwhile, in the tenant of the other figures."""
LIVE_SECONDS: Final = 15.0
BESIDE: Final = 20_000
"""People in the file that is brought in beside them: more than can be in that time."""
AT_REST: Final = ("IMPORT_STATE_COMPLETED", "IMPORT_STATE_FAILED", "IMPORT_STATE_CANCELLED")
COLUMNS: Final = (
    *("given_name", "family_name", "email", "phone", "organisation"),
    *("job_title", "locale", "time_zone", "external_id[erp]"),
)


async def imports(run: Run) -> list[Figure]:
    """Rows a second with duplicates looked for and facts committed; the most that contact held; how long facts took."""
    size, stand = run.stand.people, run.stand
    account = await stand.open(f"imports-{size}")
    contact = psutil.Process(stand.services["contact"])
    await stand.drain(LONGEST_DRAIN)
    before = sum(contact.cpu_times()[:2])
    job, held = await _begin(run, account, size), 0
    while job["state"] not in AT_REST:
        for _ in range(LOOKS):
            await asyncio.sleep(LOOK)
            held = max(held, contact.memory_info().rss)
        job = await ask(stand.address, account.authorization, f"importJobs/{job['id']}")
    used = sum(contact.cpu_times()[:2]) - before
    began, ended = (datetime.fromisoformat(job[name]) for name in ("startTime", "endTime"))
    drained = await stand.drain(LONGEST_DRAIN)
    return [
        Figure(
            f"import of {size:,} people",
            size / (ended - began).total_seconds(),
            "1/s",
            await people_a_second(stand.contact_database, account.tenant),
            Target.at_least_value(5_000.0),
            failures=_failures(job, size),
            more={"cpu_ms_per_row": used * 1_000 / size, "seconds": (ended - began).total_seconds()},
        ),
        Figure(f"memory at an import of {size:,} people", held / 1e6, "MB", target=Target.at_most(300.0)),
        Figure(f"facts of an import of {size:,} people published after", drained, "s"),
    ]


async def live(run: Run) -> list[Figure]:
    """What others who create people see of an import beside them, from its beginning on, against as long before it."""
    stand = run.stand
    account = await stand.open(f"imports-beside-{stand.people}")
    await stand.drain(LONGEST_DRAIN)
    quiet = await _live(run)
    await stand.drain(LONGEST_DRAIN)
    job = await _begin(run, account, BESIDE)
    beside = await _live(run)
    job = await ask(stand.address, account.authorization, f"importJobs/{job['id']}")
    over = job["state"] in AT_REST
    if not over:
        await ask(stand.address, account.authorization, f"importJobs/{job['id']}:cancel", b"{}")
    await stand.drain(LONGEST_DRAIN)
    return [
        Figure(
            run.named(f"create p99 at {LIVE:g}/s beside an import"),
            beside.p99,
            "ms",
            quiet.p99,
            Target.ratio(at_most=2.0),
            failures=dict(beside.failures) | ({"longer than the import": 1} if over else {}),
            more={
                "p50_ms": beside.p50,
                "p95_ms": beside.p95,
                "p99_ms": beside.p99,
                "rows_per_second": int(job.get("rowCount", 0)) / LIVE_SECONDS,
            },
        )
    ]


async def _begin(run: Run, account: Account, size: int) -> dict[str, Any]:
    """An import into a tenant of its own."""
    address, authorization = run.stand.address, account.authorization
    with tempfile.TemporaryFile() as file:
        _write(file, size)
        upload = "importJobs:upload?file_name=people.csv"
        job = await ask(address, authorization, upload, file, content_type="text/csv")
    return await ask(address, authorization, f"importJobs/{job['id']}:start", b"{}")


async def _live(run: Run) -> Sample:
    """What those see who create people at a steady pace."""
    requests = workload.creates(workload.PREPARED, run.authorization)
    return await drive(Plan(run.stand.address, requests, LIVE_SECONDS, rate=LIVE))


def _failures(job: dict[str, Any], size: int) -> dict[str, int]:
    """What did not become of the rows as it should."""
    count = {name: int(job.get(f"{name}Count", 0)) for name in ("created", "skipped", "refused")}
    found = {"refused": count["refused"], "not read": size - sum(count.values())}
    found["not found again"] = max(size // REPEATED - count["skipped"], 0)
    return {name: number for name, number in found.items() if number}


def _write(file: BinaryIO, size: int) -> None:
    text = TextIOWrapper(file, "utf-8", newline="", write_through=True)
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    rows.writerows(_rows(size))
    text.detach()
    file.seek(0)


def _rows(size: int) -> Iterator[tuple[str, ...]]:
    for number in range(1, size + 1):
        who = number - 1 if number % REPEATED == 0 else number
        each = people.person(who)
        company = people.company(who // people.PEOPLE_PER_ORGANISATION) if each.organisation_id else ""
        yield (
            *(each.given_name, each.family_name, each.email, each.phone, company),
            *(each.job_title, each.locale, each.time_zone, f"K{number}"),
        )
