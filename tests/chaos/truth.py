"""Everything there is, read from outside through the gateway."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from google.protobuf.json_format import ParseDict
from google.protobuf.message import Message

from rapport.contact.v1.activities_pb2 import Activity
from rapport.contact.v1.imports_pb2 import ImportJob
from rapport.contact.v1.merges_pb2 import Merge
from rapport.contact.v1.notes_pb2 import Note
from rapport.contact.v1.organisations_pb2 import Organisation
from rapport.contact.v1.people_pb2 import Person
from rapport.contact.v1.tasks_pb2 import Task
from tests.chaos.door import Door
from tests.chaos.ledger import Body, Fact, Ledger, Verdict, firm, row_of

PLURALS: Mapping[str, type[Message]] = {
    "people": Person,
    "organisations": Organisation,
    "activities": Activity,
    "notes": Note,
    "tasks": Task,
    "merges": Merge,
    "importJobs": ImportJob,
}
REMEMBERED = frozenset({"people", "organisations"})
"""Those whose past can be asked for. Of the others each change has one author, so it is what was acknowledged."""
NEVER_IN_THE_TRASH = frozenset({"merges"})
PAGE = 500
AT_ONCE = 8


@dataclass(frozen=True)
class Truth:
    """Every record by id, and every state each went through, oldest first.

    `facts` are what else must have been told, `became` says who answers for each person that was merged, and `about`
    whom each record is about that is about a person.
    """

    records: Mapping[str, Body]
    revisions: Mapping[str, Sequence[Body]]
    kinds: Mapping[str, str]
    facts: Counter[Fact]
    became: Mapping[str, str]
    about: Mapping[str, str]

    @property
    def events(self) -> int:
        """How many changes and facts were published."""
        return sum(len(states) for states in self.revisions.values()) + self.facts.total()

    def messages(self) -> dict[str, Message]:
        """The records as messages."""
        return {id_: ParseDict(dict(body), PLURALS[self.kinds[id_]]()) for id_, body in self.records.items()}

    def current(self, person_id: str) -> str:
        """Who answers for a person."""
        return self.became.get(person_id, person_id)

    def judge_about(self, ledger: Ledger) -> Verdict:
        """Whether all that was told of somebody is with whoever that has become."""
        verdict = Verdict()
        for id_, told in ledger.about.items():
            if (is_now := self.about.get(id_)) != self.current(told):
                verdict.add("lost", f"{self.kinds.get(id_)} {id_} is about {is_now}, not {self.current(told)}")
        return verdict


async def read_truth(door: Door, ledger: Ledger, before: Truth | None = None) -> Truth:
    """All of it through the gateway; nobody may write meanwhile. What is as it was `before` has no other past."""
    records: dict[str, Body] = {}
    kinds: dict[str, str] = {}
    about: dict[str, str] = {}
    for plural in PLURALS:
        trash = "" if plural in NEVER_IN_THE_TRASH else "show_deleted=true&"
        for body in await _pages(door, f"/v1/{plural}?{trash}page_size={PAGE}", plural):
            records[body["id"]], kinds[body["id"]] = firm(body), plural
            if "personId" in body:
                about[body["id"]] = body["personId"]
    became = _became(records)
    kinds |= dict.fromkeys(became, "people")  # no list has them
    slots, acknowledged = asyncio.Semaphore(AT_ONCE), ledger.states(records)

    async def past(id_: str) -> Sequence[Body]:
        if kinds[id_] not in REMEMBERED:
            return acknowledged.get(id_, [records[id_]])
        if before is not None and id_ in records and before.records.get(id_) == records[id_]:
            return before.revisions[id_]
        if id_ in records and row_of(records[id_]):
            return [records[id_]]  # nobody changes them, and to ask for thousands takes its time
        async with slots:
            found = await _pages(door, f"/v1/{kinds[id_]}/{id_}:listRevisions?page_size={PAGE}", "revisions")
            return [revision["snapshot"] for revision in reversed(found)]

    pasts = await asyncio.gather(*(past(id_) for id_ in kinds))
    revisions = dict(zip(kinds, pasts, strict=True))
    records |= {id_: revisions[id_][-1] for id_ in became}
    return Truth(records, revisions, kinds, ledger.facts, became, about)


def _became(records: Mapping[str, Body]) -> dict[str, str]:
    """Who answers for each person that is merged, by the merges that stand."""
    steps = {
        loser: merge["survivorId"]
        for merge in records.values()
        if merge.get("state") == "MERGE_STATE_MERGED"
        for loser in merge["mergedIds"]
    }
    found = {}
    for loser in steps:
        current = loser
        while current in steps:
            current = steps[current]
        found[loser] = current
    return found


async def judge_former_ids(door: Door, truth: Truth) -> Verdict:
    """Whether the ids of those who were merged answer as whoever they have become."""
    verdict, dice = Verdict(), random.Random("former")
    for former, current in truth.became.items():
        answer = await door.ask(dice, "GET", f"/v1/people/{former}")
        if firm(answer.body) != truth.records[current]:
            verdict.add("lost", f"{former} answers as {answer.body.get('id')}, not as {current}")
    return verdict


async def _pages(door: Door, path: str, field: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    token, dice = "", random.Random(path)
    while True:
        answer = await door.ask(dice, "GET", f"{path}&page_token={token}" if token else path)
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {answer.body}")
        found += answer.body.get(field, ())
        token = answer.body.get("nextPageToken", "")
        if not token:
            return found
