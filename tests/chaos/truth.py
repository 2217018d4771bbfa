"""Everything there is, read from outside: the source through the gateway, the observers in their tables."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
from google.protobuf.json_format import ParseDict
from google.protobuf.message import Message

from rapport.contact.v1.organisations_pb2 import Organisation
from rapport.contact.v1.people_pb2 import Person
from tests.chaos.door import Door
from tests.chaos.ledger import Body, Verdict, judge_effects

PLURALS: Mapping[str, type[Message]] = {"people": Person, "organisations": Organisation}
PAGE = 500
AT_ONCE = 8
POLL = 0.2
LINGER = 1.0
"""Seconds after which everything is still to be as it was: a doubled effect may come late."""


@dataclass(frozen=True)
class Truth:
    """Every record by id, and every state each went through, oldest first."""

    records: Mapping[str, Body]
    revisions: Mapping[str, Sequence[Body]]
    kinds: Mapping[str, str]

    @property
    def events(self) -> int:
        """How many changes were published."""
        return sum(len(states) for states in self.revisions.values())

    def messages(self) -> dict[str, Message]:
        """The records as messages."""
        return {id_: ParseDict(dict(body), PLURALS[self.kinds[id_]]()) for id_, body in self.records.items()}


async def read_truth(door: Door) -> Truth:
    """All of it through the gateway; nobody may write meanwhile."""
    records: dict[str, Body] = {}
    kinds: dict[str, str] = {}
    for plural in PLURALS:
        for body in await _pages(door, f"/v1/{plural}?show_deleted=true&page_size={PAGE}", plural):
            records[body["id"]], kinds[body["id"]] = body, plural
    slots = asyncio.Semaphore(AT_ONCE)

    async def past(id_: str) -> list[Body]:
        async with slots:
            found = await _pages(door, f"/v1/{kinds[id_]}/{id_}:listRevisions?page_size={PAGE}", "revisions")
            return [revision["snapshot"] for revision in reversed(found)]

    pasts = await asyncio.gather(*(past(id_) for id_ in records))
    return Truth(records, dict(zip(records, pasts, strict=True)), kinds)


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


@dataclass(frozen=True)
class Observed:
    """One observer's database; `url` is the administrator's, whom no row is hidden from."""

    url: str

    async def effects(self) -> list[tuple[str, int]]:
        """(record, version), in the order in which they took effect."""
        rows = await self._fetch("SELECT aggregate, version FROM effect ORDER BY number")
        return [(str(row["aggregate"]), row["version"]) for row in rows]

    async def count(self) -> int:
        """How many effects there were."""
        return int((await self._fetch("SELECT count(*) FROM effect"))[0]["count"])

    async def parked(self, id_: str) -> int:
        """How many events of a record wait among the dead letters."""
        rows = await self._fetch("SELECT count(*) FROM dead_letter WHERE aggregate = $1", UUID(id_))
        return int(rows[0]["count"])

    async def records(self) -> dict[str, Message]:
        """The projection."""
        rows = await self._fetch("SELECT id, plural, payload FROM record")
        return {str(row["id"]): PLURALS[row["plural"]].FromString(row["payload"]) for row in rows}

    async def forget(self) -> None:
        """Empty projection, effects, positions and progress: everything is to come anew."""
        await self.execute("TRUNCATE effect, record, position, dead_letter")
        await self.execute("UPDATE lease SET head = 0, reached = 0 WHERE name = 'consume:contact'")

    async def until(self, events: int, patience: float) -> float:
        """Return when as many events took effect, or the patience is at its end; seconds it took."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while await self.count() < events and loop.time() - began < patience:
            await asyncio.sleep(POLL)
        return loop.time() - began

    async def judge(self, truth: Truth) -> Verdict:
        """Each change once and in order, and a projection that equals the source."""
        verdict = judge_effects(await self.effects(), truth.revisions)
        mine, theirs = await self.records(), truth.messages()
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
