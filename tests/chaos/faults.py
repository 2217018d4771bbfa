"""Who is killed when: the same for the same seed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tests.chaos.crew import Target

PAUSE = (0.5, 1.5)
"""Seconds between two kills."""
PATIENCE = 15.0
"""Seconds that the next kill waits for an acknowledged write at most."""
REVIVAL = (0.0, 1.0)
"""Seconds for which a killed process stays away."""
WEIGHTS = {"postgres": 2, "nats": 3, "gateway": 2, "identity": 1, "contact": 2, "observer": 2}
"""How often each process of a kind is drawn, relative to the others."""
FORGETFUL = 0.25
"""The share of the broker's deaths after which it has lost its disk as well."""


@dataclass(frozen=True)
class Fault:
    """One kill, `after` seconds from the one before."""

    after: float
    target: str
    revival: float
    forgetful: bool


def plan(seed: int, kinds: Mapping[str, str]) -> Iterator[Fault]:
    """Faults without end; `kinds` gives the kind of each target, by name."""
    dice = random.Random(seed)
    names = sorted(kinds)
    weights = [WEIGHTS[kinds[name]] for name in names]
    while True:
        (name,) = dice.choices(names, weights)
        after, revival, forgets = dice.uniform(*PAUSE), dice.uniform(*REVIVAL), dice.random() < FORGETFUL
        yield Fault(after, name, revival, forgets and kinds[name] == "nats")


async def rage(seed: int, seconds: float, targets: Mapping[str, Target], acknowledged: Callable[[], int]) -> None:
    """Kill by the plan until the time is up. Who is down when drawn is passed over for the next.

    A kill waits until something was `acknowledged` since the last one: where nothing works, nothing can be lost.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    before, patience = -1, 0.0
    for fault in plan(seed, {name: target.kind for name, target in targets.items()}):
        await asyncio.sleep(fault.after)
        while acknowledged() == before and loop.time() < min(patience, until):
            await asyncio.sleep(0.05)
        if loop.time() > until:
            return
        if await targets[fault.target].kill(fault.revival, forgetful=fault.forgetful):
            before, patience = acknowledged(), loop.time() + PATIENCE
