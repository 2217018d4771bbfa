"""The figures of reading: one person, pages of fifty, filtered pages, search."""

from __future__ import annotations

from collections.abc import Sequence

from tests.load import people, workload
from tests.load.figure import Figure, Target, of_sample
from tests.load.run import Run
from tests.load.sample import Sample

PAGE = 50
TYPED = 20.0
"""Searches a second of sixteen people who type."""
DEEP = 20
"""Pages that are turned to come to a later one."""


async def get(run: Run) -> list[Figure]:
    """One person by id, any of all."""
    ids = [str(people.identifier(people.PERSON, number)) for number in run.some_people()]
    sample, bound = await run.against_bound("get", workload.gets(ids, run.authorization), workload.gets(ids))
    return [of_sample(run.named("get"), sample, bound, Target.ratio(at_least=0.7))]


async def first_page(run: Run) -> list[Figure]:
    """The newest fifty."""
    query = [{"pageSize": str(PAGE)}]
    sample, bound = await run.against_bound("list", workload.pages(query, run.authorization), workload.pages(query))
    run.first_pages[run.stand.people] = sample
    return [of_sample(run.named(f"list {PAGE}"), sample, bound, Target.ratio(at_least=0.7))]


async def later_page(run: Run) -> list[Figure]:
    """Pages behind the first, by their tokens."""
    tokens, token = [], ""
    for _ in range(DEEP):
        answer = await run.ask("people", pageSize=str(PAGE), pageToken=token)
        tokens.append(token := str(answer["nextPageToken"]))
    queries = [{"pageSize": str(PAGE), "pageToken": token} for token in tokens]
    sample = await run.alone("later", workload.pages(queries, run.authorization))
    return [of_sample(run.named(f"list {PAGE}, later page"), sample)]


async def filtered(run: Run) -> list[Figure]:
    """Pages of the people with one family name, and of those in one stage, which are an eighth of all."""
    names = sorted({people.person(number).family_name for number in run.some_people()})
    by_name = [{"pageSize": str(PAGE), "filter": f'family_name = "{name}"'} for name in names]
    by_stage = [{"pageSize": str(PAGE), "filter": "lifecycle_stage = LIFECYCLE_STAGE_LEAD"}]
    return [
        of_sample(run.named(f"list {PAGE}, one family name"), await _pages(run, "family-name", by_name)),
        of_sample(run.named(f"list {PAGE}, one stage"), await _pages(run, "stage", by_stage)),
    ]


async def search(run: Run) -> list[Figure]:
    """What people type: the beginnings of names, an e-mail address, a phone number, a company.

    How long a search takes is measured at the pace of people who type, `TYPED` searches a second in all; sixteen
    clients that never pause would measure their own queue. How many there can be is a figure of its own.
    """
    texts = [text for place, number in enumerate(run.some_people()) if (text := _typed(place, number))]
    requests = workload.searches(texts, run.authorization)
    flat_out, typed = await run.alone("search", requests), await run.alone("typing", requests, rate=TYPED)
    target = Target.at_most(50.0) if run.stand.people >= 1_000_000 else None
    return [of_sample(run.named("search"), flat_out), _p95(run.named(f"search p95 at {TYPED:g}/s"), typed, target)]


async def flatness(run: Run) -> list[Figure]:
    """The first page's p95 now against that of the smallest size."""
    if run.stand.people == run.smallest or run.smallest not in run.first_pages:
        return []
    now, then = run.first_pages[run.stand.people], run.first_pages[run.smallest]
    target = Target.ratio(at_most=1.5) if run.stand.people >= 1_000_000 else None
    return [_p95(run.named(f"list {PAGE} p95, bound: at {run.smallest:,}"), now, target, then)]


async def _pages(run: Run, what: str, queries: Sequence[dict[str, str]]) -> Sample:
    return await run.alone(what, workload.pages(queries, run.authorization))


def _p95(name: str, sample: Sample, target: Target | None, bound: Sample | None = None) -> Figure:
    return Figure(name, sample.p95, "ms", bound.p95 if bound else None, target, failures=dict(sample.failures))


def _typed(place: int, number: int) -> str:
    """Eight in twenty the beginnings of both names, the rest one word of something."""
    person = people.person(number)
    match place % 20:
        case 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7:
            return f"{person.given_name[:4]} {person.family_name[:4]}"
        case 8 | 9 | 10 | 11 | 12:
            return person.family_name[:5]
        case 13 | 14 | 15:
            return person.email.partition("@")[0]
        case 16 | 17:
            return person.phone
        case _:
            return people.company(number // people.PEOPLE_PER_ORGANISATION).rpartition(" ")[0]
