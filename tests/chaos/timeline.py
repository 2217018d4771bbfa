"""The timeline as it must be after what was acknowledged, and as it is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

import asyncpg

from tests.chaos.clerks import TEXTS
from tests.chaos.ledger import Body, Ledger, Verdict, judge_counts
from tests.chaos.truth import Truth
from tests.timelines import caught_up

STORED = """
    SELECT record_id::text, coalesce(person_id, organisation_id)::text AS customer, kind, summary, retracted,
           NOT EXISTS (SELECT FROM timeline_entry later WHERE later.tenant = entry.tenant AND later.corrects = entry.id)
    FROM timeline_entry entry WHERE tenant = $1
"""
EARLY = """
    SELECT later.record_id FROM timeline_entry later JOIN timeline_entry entry ON entry.id = later.corrects
    WHERE later.tenant = $1 AND entry.tenant = $1 AND later.sequence <= entry.sequence
"""
KINDS = {"activities": "activity", "notes": "note", "tasks": "task"}
OCCURRED = {"activities": "startTime", "notes": "createTime", "tasks": "completeTime"}


class Entry(NamedTuple):
    """One entry: of which record, about whom, and whether no later one stands in its place."""

    record: str
    customer: str
    kind: str
    summary: str
    retracted: bool = False
    in_force: bool = True


async def judge_timeline(urls: Mapping[str, str], tenant: UUID, ledger: Ledger, truth: Truth) -> tuple[Verdict, int]:
    """Whether there is one entry for each acknowledged fact and nothing else, and how many there are."""
    await caught_up(urls, tenant)
    connection = await asyncpg.connect(urls["contact"])
    try:
        stored = Counter(Entry(*row) for row in await connection.fetch(STORED, tenant))
        early = await connection.fetch(EARLY, tenant)
    finally:
        await connection.close()
    verdict = judge_counts(stored, Counter(expected(ledger, truth)), "the entry")
    for row in early:
        verdict.add("out_of_order", f"the timeline tells of {row[0]} in another order than it happened")
    return verdict, stored.total()


def expected(ledger: Ledger, truth: Truth) -> Iterator[Entry]:
    """The entries that all timelines must have together."""
    for id_, states in ledger.states(truth.records).items():
        plural = truth.kinds.get(id_, "")
        if plural in KINDS:
            customer = truth.current(ledger.about[id_])
            for number, (summary, retracted) in enumerate(told := list(_told(plural, states)), 1):
                yield Entry(id_, customer, KINDS[plural], summary, retracted, number == len(told))
        elif plural in ("people", "organisations"):
            yield from (Entry(id_, truth.current(id_), "record", summary) for summary in _came_and_went(states))


def _told(plural: str, states: Sequence[Body]) -> Iterator[tuple[str, bool]]:
    """What is told of a record after each change that a reader notices, and whether that takes back what was."""
    before: tuple[str, datetime] | None = None
    for state in states:
        now = None
        if "deleteTime" not in state and state.get("state", "TASK_STATE_DONE") == "TASK_STATE_DONE":
            now = state[TEXTS[plural]], datetime.fromisoformat(state[OCCURRED[plural]])
        if now is not None and now != before:
            yield now[0], False
        elif now is None and before is not None:
            yield before[0], True
        before = now


def _came_and_went(states: Sequence[Body]) -> Iterator[str]:
    """What is told of a person or an organisation."""
    yield "Created"
    for before, now in pairwise(states):
        if ("mergedInto" in before) != ("mergedInto" in now):
            yield "Merged with another record" if "mergedInto" in now else "Parted from another record"
        elif ("deleteTime" in before) != ("deleteTime" in now):
            yield "Deleted" if "deleteTime" in now else "Brought back"
