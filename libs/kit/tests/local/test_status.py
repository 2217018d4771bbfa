"""The table of `rapport status`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rapport_kit.local.lock import only_one
from rapport_kit.local.platform import Platform
from rapport_kit.local.state import State
from rapport_kit.local.status import table
from rapport_kit.settings import PlatformSettings


async def states(platform: Platform) -> list[str]:
    """What stands in the second column, with its colour."""
    return [str(cell) for cell in (await table(platform)).columns[1].cells]


async def test_what_does_not_run_while_rapport_is_up_stands_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("DATABASE_URL", "NATS_URL"):
        monkeypatch.delenv(f"RAPPORT_{name}", raising=False)
    platform = Platform(PlatformSettings.load(), State.open(tmp_path))
    note = {"name": "contact", "listen": f"unix:{tmp_path}/none.sock", "metrics": "127.0.0.1:9464", "pid": None}
    platform.state.services.write_text(json.dumps([note]))
    assert await states(platform) == ["[dim]stopped[/dim]"] * 3
    with only_one(platform.state.lock):
        assert await states(platform) == ["[red]not running[/red]"] * 3
    assert list((await table(platform)).columns[-1].cells) == ["", "", "127.0.0.1:9464"]
