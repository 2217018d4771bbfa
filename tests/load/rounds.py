"""Rounds of load against one address, each from a process of its own."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict

import orjson

from tests.load.client import Plan
from tests.load.sample import Sample


async def drive(plan: Plan) -> Sample:
    """Run one plan.

    Raises:
        RuntimeError: the client itself failed.
    """
    client = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"{__package__}.client"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await client.communicate(orjson.dumps(asdict(plan)))
    if client.returncode != 0:
        raise RuntimeError(f"the load client failed: {errors.decode()}")
    return Sample(**json.loads(output))  # unlike orjson it knows what is not finite


async def alternate(
    plans: Mapping[str, Plan], rounds: int, settle: Callable[[], Awaitable[None]] | None = None
) -> dict[str, Sample]:
    """Every plan in every round, so that noise of the machine hits them all; the medians by name.

    `settle` is awaited after each plan: what one leaves behind must not be paid for by the next.
    """
    taken: dict[str, list[Sample]] = {name: [] for name in plans}
    for _ in range(rounds):
        for name, plan in plans.items():
            taken[name].append(await drive(plan))
            if settle is not None:
                await settle()
    return {name: Sample.middle(samples) for name, samples in taken.items()}
