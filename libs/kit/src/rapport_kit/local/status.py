"""The table that `rapport status` shows."""

from __future__ import annotations

import asyncio
import json

import psutil
from rich.table import Column, Table

from rapport_kit.local.environment import Place
from rapport_kit.local.lock import holder
from rapport_kit.local.platform import Platform
from rapport_kit.local.readiness import serves


async def table(platform: Platform) -> Table:
    """One row per server and service: what it does, where, as which process, with how much memory, and its metrics."""
    # While `rapport up` runs, what does not has died, or is just being started.
    absent = "not running" if holder(platform.state.lock) else "stopped"
    rows = Table("", "state", Column("address", overflow="fold"), "pid", "memory", "metrics")
    for name, server in (("PostgreSQL", platform.postgres), ("NATS", platform.nats)):
        if server is None:
            rows.add_row(name, "yours", "set in the environment", "", "", "")
        else:
            _row(rows, name, "running" if server.pid else absent, f"127.0.0.1:{server.port}", server.pid)
    services = _services(platform)
    answers = await asyncio.gather(*(serves(place, platform.settings) for place, _ in services))
    for (place, pid), answer in zip(services, answers, strict=True):
        state = "serving" if answer else "not serving" if pid else absent
        _row(rows, place.name, state, place.listen, pid, place.metrics)
    return rows


def _row(rows: Table, name: str, state: str, address: str, pid: int | None, metrics: str = "") -> None:
    colour = {"serving": "green", "running": "green", "stopped": "dim"}.get(state, "red")
    rows.add_row(name, f"[{colour}]{state}[/{colour}]", address, str(pid or ""), _memory(pid), metrics)


def _services(platform: Platform) -> list[tuple[Place, int | None]]:
    try:
        note = json.loads(platform.state.services.read_text())
    except FileNotFoundError:
        return []
    return [(Place(row["name"], row["listen"], row["metrics"]), _alive(row["pid"])) for row in note]


def _alive(pid: int | None) -> int | None:
    """The pid, if it is still one of our services: numbers are used again."""
    try:
        ours = pid is not None and "rapport_kit.app" in psutil.Process(pid).cmdline()
    except psutil.Error:
        return None
    return pid if ours else None


def _memory(pid: int | None) -> str:
    """What the process has to itself, plus its part of what it shares, where the system can tell."""
    try:
        used = psutil.Process(pid).memory_full_info() if pid else None
    except psutil.Error:
        used = None
    return f"{getattr(used, 'pss', used.uss) / 1e6:.0f} MB" if used else ""
