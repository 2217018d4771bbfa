"""People who turn out to be one, and to be several after all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from tests.chaos.ledger import Body, version_of
from tests.chaos.writers import CHANGED, Record, Writer

STOCK = 12
"""People after which no more are created."""
DEEP = 4
"""Merges that stand at most."""
UNSTABLE = frozenset({"etag", "updateTime", "duplicateCandidates"})
"""What every write changes, and what depends on others."""


@dataclass
class Standing:
    """One merge that can be undone: what everybody was before, and what the survivor has become since."""

    merge: Record
    survivor: Record
    losers: list[Record]
    before: Mapping[str, Body]
    edits: dict[str, Any] = field(default_factory=dict)


@dataclass
class Merger(Writer):
    """Merges people of its own, edits them by old ids, and parts them, the last merge first."""

    kinds: ClassVar[tuple[int, int]] = (1, 0)
    rest: ClassVar[tuple[float, float]] = (0.0, 0.3)
    standing: list[Standing] = field(default_factory=list)

    async def act(self) -> None:
        """Write once."""
        draw, alone = self.dice.random(), [each for each in self.own if "mergedInto" not in each.body]
        if len(self.own) < 3 or (draw < 0.3 and len(self.own) < STOCK):
            self.own.append(await self.create())
        elif draw < 0.5:
            await self._edit(self.dice.choice(alone))
        elif len(alone) >= 3 and ((len(self.standing) < DEEP and draw < 0.8) or not self.standing):
            await self._merge(*self.dice.sample(alone, self.dice.choice((2, 3))))
        elif self.standing:
            await self._part(self.standing.pop())

    async def _edit(self, survivor: Record) -> None:
        """Change somebody, by the id of whoever became them if there is such a one."""
        mine = [each for each in self.standing if each.survivor is survivor]
        named = self.dice.choice(mine[-1].losers) if mine else survivor
        key = self._key()
        body = {CHANGED["people"]: f"changed by {key}", "annotations": {"write": key}}
        await self._move(survivor, "PATCH", named.path, body, key=key)
        for each in mine:
            each.edits |= {name: survivor.body[name] for name in ("jobTitle", "annotations")}

    async def _merge(self, survivor: Record, *losers: Record) -> None:
        before = {each.body["id"]: each.body for each in (survivor, *losers)}
        body = {
            "ids": [each.body["id"] for each in losers],
            "etags": {id_: record["etag"] for id_, record in before.items()},
        }
        answer = await self._write("merges", "POST", f"{survivor.path}:merge", self._key(), body)
        if answer.status != 200:
            return
        merge = Record("merges", answer.body)
        self.ledger.expect("PeopleMerged", merge.body["id"])
        for each in losers:
            gone = dict.fromkeys(("deleteTime", "updateTime"), merge.body["createTime"])
            etag = f'"{version_of(each.body) + 1}"'
            each.body = {**each.body, **gone, "mergedInto": survivor.body["id"], "etag": etag}
            self._acknowledge("people", each.body)
        await self._reread(survivor)
        self.standing.append(Standing(merge, survivor, list(losers), before))

    async def _part(self, last: Standing) -> None:
        body = {"merge_id": last.merge.body["id"]}
        answer = await self._write("merges", "POST", "/v1/people:unmerge", self._key(), body)
        if answer.status != 200:
            return
        self.ledger.expect("PeopleUnmerged", answer.body["id"])
        for each in (last.survivor, *last.losers):
            await self._reread(each)
            was = last.before[each.body["id"]]
            due = {**was, **last.edits} if each is last.survivor else was
            if _known(each.body) != _known(due):
                self.ledger.surprises.append(f"{each.path} was parted and is {each.body}, not {due}")

    async def _reread(self, record: Record) -> None:
        """What a merge or a parting made of somebody, which its own answer does not say."""
        record.body = await self._read(record)
        self._acknowledge("people", record.body)


def _known(body: Body) -> Body:
    return {name: value for name, value in body.items() if name not in UNSTABLE}
