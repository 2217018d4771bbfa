"""How the writers reach the gateway: every request is repeated, with its key, until it is answered."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

PATIENT = 10.0
HASTY = (0.002, 0.06)
"""Seconds after which a client that is in a hurry gives up; the request may well be under way."""
HASTE = 0.05
"""The share of attempts that are in a hurry."""
PAUSE = (0.05, 0.8)
"""Seconds before a request is repeated."""
AGAIN = frozenset({429, 500, 502, 503, 504})
"""Answers that leave open whether the work was done, or say that it was not."""


@dataclass(frozen=True)
class Answer:
    """The first answer that says what became of a request; `tries` counts the attempts it took."""

    status: int
    body: dict[str, Any]
    tries: int


@dataclass(frozen=True)
class Fault:
    """A request that something broke inside at; `clues` are the ids that the answer gives to look for in the logs."""

    request: str
    clues: tuple[str, ...]

    @classmethod
    def of(cls, got: httpx2.Response) -> Fault:
        """The one that an answer tells of."""
        told = got.json()
        clues = (told.get("metadata", {}).get("id"), told.get("request_id"))
        return cls(f"{got.request.method} {got.request.url.path}", tuple(clue for clue in clues if clue))

    def explained(self, logs: Path) -> list[str]:
        """The lines of all logs that name one of the clues."""
        lines = (f"{log.name}: {line}" for log in sorted(logs.glob("*.log")) for line in log.read_text().splitlines())
        return [line for line in lines if any(clue in line for clue in self.clues)]


@dataclass
class Door:
    """One HTTP client of the gateway, shared by all writers."""

    client: httpx2.AsyncClient
    heard: Counter[str] = field(default_factory=Counter)
    """How often each status, or each way to have none, was met."""
    faults: list[Fault] = field(default_factory=list)
    """Every 500."""

    async def ask(
        self, dice: random.Random, method: str, path: str, *, body: Any = None, key: str = "", etag: str = ""
    ) -> Answer:
        """Ask until there is an answer; cancel it to give up. `body`: bytes as they are, all else as JSON."""
        headers = {name: value for name, value in (("Idempotency-Key", key), ("If-Match", etag)) if value}
        content = {"content": body} if isinstance(body, bytes) else {"json": body}
        tries = 0
        while True:
            tries += 1
            timeout = dice.uniform(*HASTY) if key and dice.random() < HASTE else PATIENT
            try:
                got = await self.client.request(method, path, **content, headers=headers, timeout=timeout)
            except httpx2.TransportError as error:
                self.heard[type(error).__name__] += 1
            else:
                self.heard[_said(got)] += 1
                if got.status_code == httpx2.codes.INTERNAL_SERVER_ERROR:
                    self.faults.append(Fault.of(got))
                if got.status_code not in AGAIN:
                    return Answer(got.status_code, got.json(), tries)
            await asyncio.sleep(dice.uniform(*PAUSE))


def _said(got: httpx2.Response) -> str:
    """The status, with the reason of a refusal."""
    return str(got.status_code) if got.is_success else f"{got.status_code} {got.json().get('reason', '')}"
