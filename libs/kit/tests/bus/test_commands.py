"""`rapport dlq`, `rapport events` and `rapport timers`, as an operator types them."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from rapport_kit.cli import build
from rapport_kit.errors import Refused
from rapport_kit.service import Projection, Service
from rapport_kit.uow import UnitOfWork

from .conftest import ROLES, TENANT, Bus, BusUnitOfWork, aggregates, as_role, eventually, reflect, schema

timer = schema.frame.timer


class Mood:
    """A subscriber that an operator can mend."""

    def __init__(self) -> None:
        self.good = False

    async def __call__(self, event: Any, uow: UnitOfWork) -> None:
        if not self.good:
            raise Refused("MOOD", "not today")
        await reflect(event, uow)


@pytest.fixture
def mood(bus: Bus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mood:
    """The mirror as an installed service, with the subscriber that it runs."""
    bus.handler = mood = Mood()
    module = ModuleType("installed_mirror")
    module.__dict__["service"] = Service(
        "mirror",
        BusUnitOfWork,
        subscribers={bus.counted: mood},
        projections={"reflection": Projection({bus.counted: reflect}, tables=("mirror",))},
    )
    monkeypatch.setitem(sys.modules, module.__name__, module)
    metadata = tmp_path / "installed_mirror-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: installed-mirror\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text("[rapport.services]\nmirror = installed_mirror:service\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("RAPPORT_MIRROR_DATABASE_URL", as_role(bus.follower.admin, f"{ROLES}_app"))
    monkeypatch.setenv("RAPPORT_MIRROR_SYSTEM_DATABASE_URL", as_role(bus.follower.admin, f"{ROLES}_system"))
    monkeypatch.setenv("RAPPORT_STATE_DIR", str(tmp_path / "none"))  # whatever is installed beside these tests
    monkeypatch.setenv("COLUMNS", "300")
    return mood


async def rapport(*arguments: str) -> Result:
    return await asyncio.to_thread(lambda: CliRunner().invoke(build(), list(arguments)))


async def park(bus: Bus, key: UUID) -> None:
    async with bus.running(bus.relay(), bus.consumer()):
        await bus.count(key, times=3)

        async def parked() -> bool:
            return len(await bus.follower.query("SELECT FROM dead_letter")) == 3

        await eventually(parked)


async def test_an_operator_lists_looks_at_and_replays_what_is_parked(bus: Bus, mood: Mood) -> None:
    await park(bus, key := uuid4())
    listed = await rapport("dlq", "list", "mirror")
    assert listed.exit_code == 0, listed.output
    assert all(word in listed.output for word in (str(key), "shop.rapport/Counter", "Refused: MOOD"))
    shown = await rapport("dlq", "show", "mirror", str(key))
    assert shown.output.count("Counted") == 3
    failed = await rapport("dlq", "replay", "mirror")
    assert failed.exit_code == 1
    assert "0 of 3 events, stopped: Refused: MOOD" in failed.output
    mood.good = True
    replayed = await rapport("dlq", "replay", "mirror", str(key))
    assert replayed.exit_code == 0, replayed.output
    assert await bus.follower.mirrored() == {key: [1, 2, 3]}
    assert "Nothing is parked" in (await rapport("dlq", "list", "mirror")).output
    assert (await rapport("dlq", "show", "mirror", str(key))).exit_code == 2


async def test_an_operator_has_parked_timers_tried_again(bus: Bus, mood: Mood) -> None:
    system = bus.follower.system
    now = datetime.now(UTC)
    for kind, key in (("remind", "one"), ("remind", "two"), ("sweep", "all")):
        due = {"tenant": TENANT, "kind": kind, "key": key, "due_at": now, "try_at": now, "error": "Refused: MOOD"}
        async with bus.follower.app.transaction(TENANT) as connection:
            await connection.execute(sa.insert(timer).values(due | {"attempts": 10, "parked": True}))
    listed = await rapport("timers", "list", "mirror")
    assert listed.exit_code == 0, listed.output
    assert [listed.output.count(word) for word in ("remind", "sweep", str(TENANT), "Refused: MOOD")] == [2, 1, 3, 3]
    assert "1 to be tried again" in (await rapport("timers", "retry", "mirror", "remind", "two")).output
    async with system.transaction() as connection:
        again = (await connection.execute(sa.select(timer).where(~timer.c.parked))).all()
    assert [(each.key, each.attempts, each.try_at >= now) for each in again] == [("two", 0, True)]
    assert "2 to be tried again" in (await rapport("timers", "retry", "mirror")).output
    assert "Nothing is parked" in (await rapport("timers", "retry", "mirror")).output
    assert "Nothing is parked" in (await rapport("timers", "list", "mirror")).output


async def test_status_and_rebuild_speak_of_the_service(bus: Bus, mood: Mood) -> None:
    await park(bus, uuid4())
    status = await rapport("events", "status", "mirror")
    assert status.exit_code == 0, status.output
    assert f"{bus.source} 3" in status.output
    rebuilt = await rapport("events", "rebuild", "mirror")
    assert rebuilt.exit_code == 0, rebuilt.output
    assert "0 events" in rebuilt.output


async def test_status_shows_what_the_broker_has_not_acknowledged(bus: Bus, mood: Mood) -> None:
    await bus.follower.query("INSERT INTO lease VALUES ('relay', 'nobody', 1, clock_timestamp(), 42531, 42000)")
    status = await rapport("events", "status", "mirror")
    cells = [cell.strip() for cell in status.output.splitlines()[-2].split("│")]
    assert cells[1:5] == ["mirror", "0", "0", "531"]


async def test_a_projection_is_built_again_while_the_service_goes_on(bus: Bus, mood: Mood) -> None:
    keys, seen = aggregates(3), f"{bus.source}/reflection"
    bus.handler = reflect
    async with bus.running(bus.relay(), bus.consumer(projection="reflection")):
        await bus.write(keys, 30)
        before = await bus.settled()
        replayed = asyncio.create_task(rapport("events", "replay", "mirror", "reflection"))
        await bus.write(keys, 30)
        result = await replayed
        assert result.exit_code == 0, result.output
        after = await bus.settled(within=30)
    expected = await bus.shop.counted()
    assert sum(map(len, before.values())) >= 30
    assert after == expected
    positions = await bus.follower.query("SELECT DISTINCT source FROM position")
    assert [row["source"] for row in positions] == [seen]


async def test_only_a_projection_that_there_is_is_built_again(bus: Bus, mood: Mood) -> None:
    refused = await rapport("events", "replay", "mirror", "shadow")
    assert (refused.exit_code, "reflection" in refused.output) == (2, True)
