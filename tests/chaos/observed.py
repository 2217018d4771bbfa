"""What came of the events at their consumers, read from outside in the tables of each."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
from google.protobuf.message import Message

from rapport_kit.privacy.unattributed import without_unattributed
from tests.chaos.ledger import Fact, Verdict, judge_counts, judge_effects
from tests.chaos.truth import PLURALS, Truth

POLL = 0.2
LINGER = 1.0
"""Seconds after which everything is still to be as it was: a doubled effect may come late."""


@dataclass(frozen=True)
class Observed:
    """One observer's database; `url` is the administrator's, whom no row is hidden from."""

    url: str

    async def effects(self) -> list[tuple[str, int]]:
        """(record, version), in the order in which they took effect."""
        rows = await self._fetch("SELECT aggregate, version FROM effect ORDER BY number")
        return [(str(row["aggregate"]), row["version"]) for row in rows]

    async def facts(self) -> Counter[Fact]:
        """What else was told, how often each."""
        rows = await self._fetch("SELECT name, subject, count(*) FROM fact GROUP BY name, subject")
        return Counter({(row["name"], str(row["subject"])): row["count"] for row in rows})

    async def count(self) -> int:
        """How many effects there were, facts among them."""
        rows = await self._fetch("SELECT (SELECT count(*) FROM effect) + (SELECT count(*) FROM fact) AS count")
        return int(rows[0]["count"])

    async def parked(self, id_: str) -> int:
        """How many events of a record wait among the dead letters."""
        rows = await self._fetch("SELECT count(*) FROM dead_letter WHERE aggregate = $1", UUID(id_))
        return int(rows[0]["count"])

    async def records(self) -> dict[str, Message]:
        """The projection, but for whom records are about: what an event said of that may be over."""
        rows = await self._fetch("SELECT id, plural, payload FROM record")
        found = {str(row["id"]): PLURALS[row["plural"]].FromString(row["payload"]) for row in rows}
        for message in found.values():
            if "person_id" in message.DESCRIPTOR.fields_by_name:
                message.ClearField("person_id")
        return found

    async def forget(self) -> None:
        """Empty projection, effects, positions and progress: everything is to come anew."""
        await self.execute("TRUNCATE effect, fact, record, position, dead_letter")
        await self.execute("UPDATE lease SET head = 0, reached = 0 WHERE name = 'consume:contact'")

    async def until(self, events: int, patience: float) -> float:
        """Return when as many events took effect, or none has for `patience` seconds; how many seconds that took.

        How long all of them take is a matter of the machine and of how many there are.
        """
        loop = asyncio.get_running_loop()
        began = last = loop.time()
        seen = await self.count()
        while seen < events and loop.time() - last < patience:
            await asyncio.sleep(POLL)
            if (now := await self.count()) != seen:
                seen, last = now, loop.time()
        return loop.time() - began

    async def judge(self, truth: Truth) -> Verdict:
        """Each change once and in order, each fact once, and a projection that equals what the source may tell."""
        verdict = judge_effects(await self.effects(), truth.revisions)
        verdict += judge_counts(await self.facts(), truth.facts, "the fact")
        mine = await self.records()
        theirs = {id_: without_unattributed(each) for id_, each in truth.messages().items()}
        for id_ in mine.keys() | theirs.keys():
            if mine.get(id_) != theirs.get(id_):
                verdict.add("lost", f"{id_} differs between the observer and the source")
        return verdict

    async def execute(self, statement: str, *values: Any) -> None:
        connection = await asyncpg.connect(self.url)
        try:
            await connection.execute(statement, *values)
        finally:
            await connection.close()

    async def _fetch(self, query: str, *values: Any) -> list[Any]:
        connection = await asyncpg.connect(self.url)
        try:
            return list(await connection.fetch(query, *values))
        finally:
            await connection.close()
