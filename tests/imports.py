"""Imports, as a caller of the REST door follows them."""

from __future__ import annotations

import json
from typing import Any

import httpx2


async def at_rest(rest: httpx2.AsyncClient, job: dict[str, Any]) -> dict[str, Any]:
    """The job once nothing moves any more, as its stream of events tells."""
    async with rest.stream("GET", f"/v1/importJobs/{job['id']}:watch") as stream:
        told = [json.loads(line[5:]) async for line in stream.aiter_lines() if line.startswith("data:")]
    return dict(told[-1])
