"""Long work leaves the loop to others, and what jobs do stays behind calls."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

import pytest

from rapport_kit import turns
from rapport_kit.turns import call, rest, stay_behind, turn

FOR_EVER = 1_000.0


async def work(told: list[str], name: str) -> None:
    """Two things that each take as long as one may."""
    for _ in range(2):
        until = time.monotonic() + turns.LONGEST
        while time.monotonic() < until:
            pass
        await turn()
        told.append(name)


async def be_answered(told: list[str]) -> None:
    """A call that takes several steps."""
    with call():
        for _ in range(20):
            await asyncio.sleep(0)
        told.append("answered")


async def work_behind(told: list[str]) -> None:
    stay_behind()
    await asyncio.create_task(work(told, "job"))


async def test_others_get_a_turn_while_somebody_works_for_long() -> None:
    told: list[str] = []
    await asyncio.gather(work(told, "one"), work(told, "other"))
    assert told == ["one", "other", "one", "other"]


async def test_a_job_lets_a_call_be_answered_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", FOR_EVER)
    told: list[str] = []
    await asyncio.gather(be_answered(told), work_behind(told))
    assert told == ["answered", "job", "job"]


async def test_a_job_lets_a_call_be_answered_that_is_still_being_received(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", FOR_EVER)
    monkeypatch.setattr(turns, "HOPS", 0.3)
    told: list[str] = []

    async def be_received() -> None:
        turns.hear()
        await asyncio.sleep(0.01)
        await be_answered(told)

    await asyncio.gather(be_received(), work_behind(told))
    assert told == ["answered", "job", "job"]


async def test_a_call_does_not_wait_for_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", FOR_EVER)
    told: list[str] = []
    with call():
        await work(told, "call")
    assert told == ["call", "call"]


async def test_a_job_comes_on_under_calls_that_never_end() -> None:
    told: list[str] = []
    with call():
        await work_behind(told)
    assert told == ["job", "job"]


def be_called(times: int) -> None:
    for _ in range(times):
        with call():
            pass


async def is_over(what: Coroutine[Any, Any, None]) -> bool:
    """Whether something that could last for ever ends by itself."""
    task = asyncio.create_task(what)
    _, lasting = await asyncio.wait({task}, timeout=10)
    task.cancel()
    return not lasting


async def test_a_job_rests_for_as_long_as_it_worked_while_many_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LATELY", FOR_EVER)
    be_called(turns.OFTEN)
    began = time.monotonic()
    await rest(0.05)
    assert time.monotonic() - began >= 0.05


async def test_a_job_that_worked_for_long_does_not_rest_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LATELY", FOR_EVER)
    be_called(turns.OFTEN)
    assert await is_over(rest(FOR_EVER))


async def test_a_job_does_not_rest_for_somebody_who_looks_how_it_comes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_REST", FOR_EVER)
    be_called(turns.OFTEN)
    monkeypatch.setattr(turns, "LATELY", 0.01)
    await asyncio.sleep(0.02)
    be_called(1)
    assert await is_over(rest(FOR_EVER))
