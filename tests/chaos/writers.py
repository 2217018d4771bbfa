"""People at work: each creates, changes, trashes and restores records of its own, and some that all share.

What else is done meanwhile is done by writers of other kinds, in modules of their own; `crowd` lists them.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from tests.chaos.door import Answer, Door
from tests.chaos.ledger import Body, Ledger

SHARED = 3
"""Records that every writer changes, so that their changes meet."""
OWN = 40
"""Records after which a writer creates fewer."""
CHECKED = 0.03
"""The share of acknowledged writes that are sent once more with the same key, and must get the same answer."""
CHANGED = {"people": "job_title", "organisations": "industry"}


@dataclass
class Record:
    """What a writer knows of one record."""

    plural: str
    body: Body

    @property
    def path(self) -> str:
        return f"/v1/{self.plural}/{self.body['id']}"

    @property
    def trashed(self) -> bool:
        return "deleteTime" in self.body


@dataclass
class Writer:
    """One client, with dice of its own; what it does depends on its seed and on the answers only."""

    name: str
    door: Door
    ledger: Ledger
    shared: list[Record]
    dice: random.Random
    own: list[Record] = field(default_factory=list)
    conflicts: int = 0
    rest: ClassVar[tuple[float, float]] = (0.0, 0.06)
    """Seconds between two acts: processes that start need a processor too."""
    kinds: ClassVar[tuple[int, int]] = (4, 1)
    """How many of those whom it creates are people, and how many organisations."""

    async def work(self, stop: asyncio.Event) -> None:
        """Write until `stop`; the write that is under way then is brought to its end."""
        while not stop.is_set():
            await self.act()
            await asyncio.sleep(self.dice.uniform(*self.rest))

    async def act(self) -> None:
        """Write once."""
        likely = 0.6 if len(self.own) < OWN else 0.1
        draw = self.dice.random()
        if not self.own or draw < likely * 0.6:
            self.own.append(await self.create())
        elif self.shared and draw > 0.85:
            await self.change(self.dice.choice(self.shared), contended=True)
        else:
            await self._alter(self.dice.choice(self.own))

    async def create(self) -> Record:
        """Create a record that carries the key of its creation for ever."""
        key = self._key()
        plural = self.dice.choices(("people", "organisations"), self.kinds)[0]
        body = {
            "display_name": f"{self.name} {key[:8]}",
            "external_ids": [{"system": "chaos", "value": key}],
            "annotations": {"write": key},
            "channels": [{"email": {"address": f"{key}@chaos.example"}}],
        }
        return await self._made(plural, body, key)

    async def change(self, record: Record, *, contended: bool = False) -> None:
        """Change one field; `contended`: others may do the same at the same time."""
        key = self._key()
        body = {CHANGED[record.plural]: f"changed by {self.name} {key[:8]}", "annotations": {"write": key}}
        await self._move(record, "PATCH", record.path, body, key=key, contended=contended)

    async def _alter(self, record: Record) -> None:
        if record.trashed:
            await self._move(record, "POST", f"{record.path}:undelete", {})
        elif self.dice.random() < 0.2:
            await self._move(record, "DELETE", record.path, None)
        else:
            await self.change(record)

    async def _made(self, plural: str, body: Any, key: str, *, about: str = "") -> Record:
        answer = await self._write(plural, "POST", f"/v1/{plural}", key, body, about=about)
        if answer.status != 200:
            raise RuntimeError(f"a record was not created: {answer.status} {answer.body}")
        return Record(plural, answer.body)

    async def _move(
        self, record: Record, method: str, path: str, body: Any, *, key: str = "", contended: bool = False
    ) -> Answer:
        """Write on condition of the version known; where several write, one of them may have been first."""
        key, etag = key or self._key(), record.body["etag"]
        answer = await self._write(record.plural, method, path, key, body, etag, contended=contended)
        if answer.status == 200:
            record.body = answer.body
        else:
            self.conflicts += contended
            record.body = await self._read(record)
        return answer

    async def _read(self, record: Record) -> Body:
        return (await self.door.ask(self.dice, "GET", record.path)).body

    async def _write(
        self,
        plural: str,
        method: str,
        path: str,
        key: str,
        body: Any,
        etag: str = "",
        *,
        contended: bool = False,
        about: str = "",
    ) -> Answer:
        """Ask, note what the answer says of a record of a kind, and now and then ask again."""
        answer = await self.door.ask(self.dice, method, path, body=body, key=key, etag=etag)
        if answer.status == 200:
            self._acknowledge(plural, answer.body, about=about)
        elif answer.status != 412 or not contended:
            self.ledger.surprises.append(
                f"{method} {path} after {answer.tries} tries: {answer.status} {answer.body.get('reason')}"
            )
        if self.dice.random() < CHECKED:
            again = await self.door.ask(self.dice, method, path, body=body, key=key, etag=etag)
            if answer.status == 200 and (again.status, again.body) != (answer.status, answer.body):
                self.ledger.surprises.append(f"{method} {path} repeated: {again.status}, not the first answer")
        return answer

    def _acknowledge(self, plural: str, body: Body, *, about: str = "") -> None:
        self.ledger.acknowledge(plural, body, asyncio.get_running_loop().time(), about=about)

    def _key(self) -> str:
        return str(UUID(int=self.dice.getrandbits(128), version=4))


async def shared_records(door: Door, ledger: Ledger, seed: int) -> list[Record]:
    """The records that all writers will change."""
    founder = Writer("founder", door, ledger, [], random.Random(f"{seed}/founder"))
    return [await founder.create() for _ in range(SHARED)]
