"""Calls that last: what they may hold open, what may cancel them, and which part of a content they give out."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from rapport_kit.auth.principal import Principal
from rapport_kit.contents import Part
from rapport_kit.errors import Invalid
from rapport_kit.units import Busy, Units, let_go


async def test_work_that_is_busy_is_let_go_when_it_has_finished_that() -> None:
    busy, steps = Busy(), []

    async def working() -> None:
        with busy():
            await asyncio.sleep(0.1)
            steps.append("finished")
        await asyncio.sleep(60)
        steps.append("went on")

    work = asyncio.ensure_future(working())
    await asyncio.sleep(0)
    await let_go(work, busy)
    assert steps == ["finished"]
    assert work.cancelled()


async def test_work_that_is_busy_again_at_once_is_not_let_go_in_between() -> None:
    busy, steps = Busy(), []

    async def working() -> None:
        with busy():
            await asyncio.sleep(0.05)
        with busy():  # the first block has just said that it ended
            await asyncio.sleep(0.05)
            steps.append("finished")
        await asyncio.sleep(60)

    work = asyncio.ensure_future(working())
    await asyncio.sleep(0)
    await let_go(work, busy)
    assert steps == ["finished"]
    assert work.cancelled()


async def test_work_that_only_waits_is_let_go_at_once() -> None:
    work = asyncio.ensure_future(asyncio.sleep(60))
    async with asyncio.timeout(0.5):
        await let_go(work, Busy())
    assert work.cancelled()


async def test_nothing_may_be_sent_from_inside_a_unit_of_work() -> None:
    busy = Busy()
    units = Units(
        Principal.anonymous(),
        lambda _: pytest.fail("not opened"),
        lambda: pytest.fail("not opened"),
        lambda uow: None,
        busy,
    )
    units.check_closed()
    with busy(), pytest.raises(RuntimeError, match="a unit of work is open"):
        units.check_closed()


async def test_a_caller_of_a_tenant_gets_no_unit_of_another() -> None:
    caller = Principal(tenant=UUID(int=1), subject=UUID(int=2))
    units = Units(caller, lambda _: pytest.fail("opened"), lambda: pytest.fail("opened"), lambda uow: None, Busy())
    with pytest.raises(AssertionError, match="of one tenant"):
        async with units(UUID(int=3)):
            pass


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("bytes=-", None),
        ("bytes=0-4", Part(0, 5)),
        ("bytes = 3 - ", Part(3, 10)),
        ("bytes=-3", Part(7, 10)),
        ("bytes=-99", Part(0, 10)),
        ("bytes=9-99", Part(9, 10)),
        ("bytes=5-4", None),
        ("bytes=1-2,4-5", None),
        ("bytes=１-２", None),
    ],
)
def test_a_range_names_a_part_or_is_left_alone(text: str, expected: Part | None) -> None:
    assert Part.of(text, 10) == expected


@pytest.mark.parametrize("text", ["bytes=10-", "bytes=10-20", "bytes=-0"])
def test_a_part_of_which_no_byte_exists_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        Part.of(text, 10)
    assert refused.value.reason == "RANGE_NOT_SATISFIABLE"
