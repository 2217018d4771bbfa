"""Tasks, notes and activities about people, who may be merged and parted at the same time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from tests.chaos.writers import Record, Writer

OWN = 30
"""Records after which a clerk creates fewer."""
TEXTS = {"activities": "subject", "notes": "body", "tasks": "title"}
"""What the timeline tells of each kind."""
MORE: dict[str, dict[str, Any]] = {
    "activities": {"type": "ACTIVITY_TYPE_CALL", "start_time": "2031-03-01T10:00:00Z"},
    "notes": {},
    "tasks": {"due_time": "2031-03-01T10:00:00Z", "recurrence": {"rule": "FREQ=DAILY"}},
}
FINISHED = frozenset({"TASK_STATE_DONE", "TASK_STATE_CANCELLED"})


@dataclass
class Clerk(Writer):
    """Keeps what happens with customers, and what is to be done about them."""

    stocks: list[list[Record]] = field(default_factory=list)
    """Those whom others merge and part."""
    rest: ClassVar[tuple[float, float]] = (0.0, 0.15)

    async def act(self) -> None:
        """Write once."""
        if not self.own or self.dice.random() < (0.4 if len(self.own) < OWN else 0.1):
            if customers := self.dice.choice(self.stocks):
                await self._keep(self.dice.choice(list(TEXTS)), self.dice.choice(customers).body["id"])
            return
        record = self.dice.choice(self.own)
        if record.trashed:
            await self._move(record, "POST", f"{record.path}:undelete", {})
        elif self.dice.random() < 0.1:
            await self._move(record, "DELETE", record.path, None)
        elif record.plural == "tasks" and self.dice.random() < 0.7:
            await self._advance(record)
        else:
            key = self._key()
            await self._move(record, "PATCH", record.path, {TEXTS[record.plural]: f"{self.name} {key}"}, key=key)

    async def _keep(self, plural: str, person_id: str) -> None:
        key = self._key()
        body = {TEXTS[plural]: f"{self.name} {key}", "person_id": person_id} | MORE[plural]
        self.own.append(await self._made(plural, body, key, about=person_id))

    async def _advance(self, task: Record) -> None:
        """Finish a task, or take it up again; what follows on one that is done is there once."""
        if task.body["state"] in FINISHED:
            await self._move(task, "POST", f"{task.path}:reopen", {})
            return
        followed = task.body.get("nextTaskId")
        answer = await self._move(task, "POST", f"{task.path}:complete", {})
        if answer.status != 200:
            return
        self.ledger.expect("TaskCompleted", task.body["id"])
        if followed is None:
            following = Record("tasks", {"id": task.body["nextTaskId"]})
            following.body = await self._read(following)
            self._acknowledge("tasks", following.body, about=self.ledger.about[task.body["id"]])
            self.own.append(following)
        elif task.body["nextTaskId"] != followed:
            self.ledger.surprises.append(f"{task.path} was done twice and has two that follow")
