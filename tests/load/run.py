"""One run of the bench: the stand, how long a round lasts, and the ways to measure that all figures share."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson

from tests.load import people
from tests.load.client import Plan
from tests.load.door import ask
from tests.load.profiling import profiled
from tests.load.rounds import alternate, drive
from tests.load.sample import Sample
from tests.load.stand import Stand
from tests.load.workload import PREPARED

BOUND, OURS = "bound", "ours"


@dataclass
class Run:
    """`rounds` of `seconds` for figures with a bound, alternating; one of `seconds` for the others; `events_seconds` of
    paced events.
    """

    stand: Stand
    seconds: float
    rounds: int
    events_seconds: float
    smallest: int
    """The least number of people of this run."""
    profiles: Path | None = None
    """Where py-spy writes what our services do during each figure; nowhere when None."""
    first_pages: dict[int, Sample] = field(default_factory=dict)
    """What listing gave, by the number of people."""

    @property
    def authorization(self) -> str:
        return self.stand.account.authorization

    def named(self, what: str) -> str:
        return f"{what}, {self.stand.people:,} people"

    def some_people(self) -> list[int]:
        return people.some_numbers(PREPARED, self.stand.people)

    async def against_bound(
        self, what: str, ours: list[str], bound: list[str], *, settle: bool = False
    ) -> tuple[Sample, Sample]:
        """The medians of ours and of the bare chain's."""
        plans = {
            BOUND: Plan(self.stand.bound_address, bound, self.seconds),
            OURS: Plan(self.stand.address, ours, self.seconds),
        }
        taken = await alternate(plans, self.rounds, self.stand.settle if settle else None)
        await self._profile(what, plans[OURS])
        return taken[OURS], taken[BOUND]

    async def alone(self, what: str, requests: list[str], *, settle: bool = False, rate: float | None = None) -> Sample:
        """One round of ours: the clients ask as soon as they are answered, or `rate` times a second together."""
        plan = Plan(self.stand.address, requests, self.seconds, rate=rate)
        taken = await alternate({OURS: plan}, 1, self.stand.settle if settle else None)
        await self._profile(what, plan)
        return taken[OURS]

    async def ask(self, path: str, **query: str) -> dict[str, Any]:
        """One GET, outside of any measurement."""
        return await ask(self.stand.address, self.authorization, f"{path}?{urlencode(query)}")

    async def change(self, path: str, content: dict[str, Any]) -> dict[str, Any]:
        """One PATCH, outside of any measurement."""
        return await ask(self.stand.address, self.authorization, path, orjson.dumps(content), method="PATCH")

    async def _profile(self, what: str, plan: Plan) -> None:
        """Once more, watched by py-spy, when that was asked for: watching costs, so it is not measured."""
        if self.profiles is not None:
            async with profiled(self.stand.services, self.profiles, f"{what}-{self.stand.people}", plan.seconds):
                await drive(plan)
