"""Timers run once, on time, with their effect or not at all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects.postgresql import insert

from rapport_kit import turns
from rapport_kit.bus import gauges
from rapport_kit.bus.acting import service_principal
from rapport_kit.errors import Refused, Unavailable
from rapport_kit.jobs import Tick, cancel, carry_on, lease, schedule
from rapport_kit.jobs.runner import BATCH, TimerRunner, next_due
from rapport_kit.uow import UnitOfWork

from ..bus.conftest import TENANT, BusUnitOfWork, Site, counter, eventually, schema

timer = schema.frame.timer


async def set_timer(site: Site, key: str, *, after: float = -1.0, tenant: UUID = TENANT, **options: Any) -> datetime:
    """Have `strike` run in so many seconds."""
    async with unit(site, tenant) as uow:
        due = uow.now + timedelta(seconds=after)
        await schedule(uow, "strike", key, due, key.encode(), **options)
    return due


def unit(site: Site, tenant: UUID = TENANT) -> BusUnitOfWork:
    return BusUnitOfWork(site.app, service_principal("clock", tenant))


async def strike(tick: Tick, uow: UnitOfWork) -> None:
    """Count, per timer, how often it has run."""
    statement = insert(counter).values(tenant=uow.tenant, id=UUID(tick.key), sequence=1)
    await uow.connection.execute(
        statement.on_conflict_do_update(
            index_elements=[counter.c.tenant, counter.c.id], set_={"sequence": counter.c.sequence + 1}
        )
    )


def runner(site: Site, job: Any = strike, **options: Any) -> TimerRunner:
    settings: dict[str, Any] = {"retry_after": timedelta(0), **options}
    return TimerRunner("clock", {"strike": job}, site.app, site.system, BusUnitOfWork, **settings)


async def run_due(runner: TimerRunner) -> int:
    """Try everything that is due now, a batch at most; how many ran well."""
    return sum(await asyncio.gather(*(runner.carry_out(*key) for key in await runner.due())))


@asynccontextmanager
async def running(*runners: TimerRunner) -> AsyncIterator[None]:
    """Timers are run for as long as the block lasts."""
    tasks = [asyncio.ensure_future(each.run()) for each in runners]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def struck(site: Site, tenant: UUID = TENANT) -> dict[str, int]:
    async with site.app.transaction(tenant) as connection:
        return {str(row.id): row.sequence for row in await connection.execute(sa.select(counter))}


async def _struck(site: Site, key: str) -> bool:
    return key in await struck(site)


async def timers(site: Site) -> list[Any]:
    async with site.system.transaction() as connection:
        return list((await connection.execute(sa.select(timer).order_by(timer.c.key))).all())


async def test_a_hundred_timers_run_once_each_with_three_runners(site: Site) -> None:
    keys = [str(uuid4()) for _ in range(100)]
    async with unit(site) as uow:
        for key in keys:
            await schedule(uow, "strike", key, uow.now)

    async def drain() -> int:
        one, ran = runner(site), 0
        while await timers(site):
            ran += await run_due(one)
        return ran

    assert sum(await asyncio.gather(drain(), drain(), drain())) == 100
    assert await struck(site) == dict.fromkeys(keys, 1)


async def test_a_runner_does_not_wait_for_what_another_one_is_doing(site: Site) -> None:
    started, finish = asyncio.Event(), asyncio.Event()

    async def dawdle(tick: Tick, uow: UnitOfWork) -> None:
        started.set()
        await finish.wait()

    await set_timer(site, "slow")
    busy = asyncio.ensure_future(run_due(runner(site, dawdle)))
    await started.wait()
    assert await asyncio.wait_for(run_due(runner(site)), 2) == 0
    finish.set()
    assert await busy == 1


async def test_a_timer_runs_within_two_seconds_of_its_time_and_not_before(site: Site) -> None:
    seen: list[tuple[Tick, datetime]] = []

    async def note(tick: Tick, uow: UnitOfWork) -> None:
        seen.append((tick, datetime.now(UTC)))

    async with running(runner(site, note)):
        due = await set_timer(site, "soon", after=0.7)
        await eventually(lambda: _is(bool(seen)))
    ((tick, ran),) = seen
    assert (tick.key, tick.payload, tick.due_at) == ("soon", b"soon", due)
    assert timedelta(0) <= ran - due < timedelta(seconds=2)


async def test_work_that_nobody_waits_for_keeps_to_its_share_of_the_time(site: Site) -> None:
    begun: list[float] = []

    async def sweep(tick: Tick, uow: BusUnitOfWork) -> None:
        begun.append(time.monotonic())
        await asyncio.sleep(0.05)
        await carry_on(tick, uow, b"further")

    done: list[UnitOfWork] = []
    await set_timer(site, "sweep", after=-1)
    sweeping = runner(site, sweep, share=lambda: 0.25, committed=done.append)
    assert await run_due(sweeping) == 1
    assert not done[0].waited_for
    assert await run_due(sweeping) == 0

    async def swept_again() -> bool:
        return await run_due(sweeping) == 1

    await eventually(swept_again)
    assert begun[1] - begun[0] >= 0.05 / 0.25
    (row,) = await timers(site)
    assert row.payload == b"further"


async def test_scheduling_again_moves_the_one_timer(site: Site) -> None:
    key = str(uuid4())
    await set_timer(site, key, after=60)
    assert await run_due(runner(site)) == 0
    await set_timer(site, key)
    assert await run_due(runner(site)) == 1
    assert await run_due(runner(site)) == 0
    assert await struck(site) == {key: 1}


async def test_a_cancelled_timer_does_not_run(site: Site) -> None:
    await set_timer(site, key := str(uuid4()))
    async with unit(site) as uow:
        assert await cancel(uow, "strike", key)
    async with unit(site) as uow:
        assert not await cancel(uow, "strike", key)
    assert await run_due(runner(site)) == 0


async def test_a_timer_of_a_change_that_was_rolled_back_never_was(site: Site) -> None:
    with suppress(Refused):
        async with unit(site) as uow:
            await schedule(uow, "strike", "x", uow.now)
            raise Refused("NO", "no")
    assert await timers(site) == []


async def test_a_recurring_timer_keeps_its_beat_and_leaves_out_what_it_slept_through(site: Site) -> None:
    key = str(uuid4())
    due = await set_timer(site, key, after=-3600 * 5 - 60, every=timedelta(hours=1))
    assert await run_due(runner(site)) == 1
    assert await run_due(runner(site)) == 0
    (row,) = await timers(site)
    assert row.due_at == due + timedelta(hours=6)
    assert await struck(site) == {key: 1}


async def test_a_failing_timer_leaves_no_trace_of_its_work_and_is_parked_in_the_end(site: Site) -> None:
    async def fail(tick: Tick, uow: UnitOfWork) -> None:
        await strike(tick, uow)
        raise Refused("MOOD", "not today")

    await set_timer(site, key := str(uuid4()), every=timedelta(days=1))
    for _ in range(5):
        assert await run_due(runner(site, fail, attempts=3)) == 0
    (row,) = await timers(site)
    assert (row.attempts, row.parked, row.error) == (3, True, "Refused: MOOD")
    assert await struck(site) == {}
    async with site.system.transaction() as connection:
        assert await gauges.timers_parked(connection, schema.frame) == 1
        assert await gauges.timers_late(connection, schema.frame) == 0
    await set_timer(site, key)
    assert await run_due(runner(site)) == 1


async def test_a_failed_timer_waits_longer_each_time(site: Site) -> None:
    async def fail(tick: Tick, uow: UnitOfWork) -> None:
        raise Refused("MOOD", "not today")

    await set_timer(site, "x")
    impatient = runner(site, fail, retry_after=timedelta(minutes=10))
    await run_due(impatient)
    (row,) = await timers(site)
    assert timedelta(minutes=9) < row.try_at - datetime.now(UTC) <= timedelta(minutes=10)
    await site.query("UPDATE timer SET try_at = now()")
    await run_due(impatient)
    (row,) = await timers(site)
    assert timedelta(minutes=19) < row.try_at - datetime.now(UTC) <= timedelta(minutes=20)


async def test_a_peer_that_is_away_does_not_count_as_a_failure(site: Site) -> None:
    async def call(tick: Tick, uow: UnitOfWork) -> None:
        raise Unavailable("PEER_AWAY", "no answer")

    await set_timer(site, "x")
    for _ in range(3):
        assert await run_due(runner(site, call, attempts=1)) == 0
    (row,) = await timers(site)
    assert (row.attempts, row.parked) == (0, False)


async def test_what_waits_for_a_peer_lets_others_by(site: Site) -> None:
    async def call(tick: Tick, uow: UnitOfWork) -> None:
        if tick.payload == tick.key.encode() and tick.key.startswith("waits"):
            raise Unavailable("PEER_AWAY", "no answer")
        await strike(tick, uow)

    for number in range(BATCH + 8):
        await set_timer(site, f"waits {number}", after=-60)
    await set_timer(site, key := str(uuid4()))
    async with running(runner(site, call, poll=0.05)):
        await eventually(lambda: _struck(site, key))
    late = [row for row in await timers(site) if row.try_at > datetime.now(UTC)]
    assert len(late) > BATCH
    assert max(row.try_at for row in late) < datetime.now(UTC) + timedelta(seconds=60)


async def test_a_slow_timer_keeps_no_other_from_its_time(site: Site) -> None:
    async def dawdle(tick: Tick, uow: UnitOfWork) -> None:
        if tick.key == "slow":
            await asyncio.sleep(60)
        await strike(tick, uow)

    keys = [str(uuid4()) for _ in range(3)]
    await set_timer(site, "slow")
    async with running(runner(site, dawdle, poll=0.05)):
        for key in keys:
            await set_timer(site, key)
            await eventually(lambda key=key: _struck(site, key))  # type: ignore[misc]
    assert await struck(site) == dict.fromkeys(keys, 1)
    assert [row.key for row in await timers(site)] == ["slow"]


async def test_a_timer_is_kept_while_its_work_goes_on_outside_of_the_transaction(site: Site) -> None:
    found: list[Any] = []

    async def ask(tick: Tick, uow: UnitOfWork) -> None:
        await lease(tick, uow, timedelta(minutes=10))
        async with uow.outside():
            found.extend(await timers(site))
            if tick.attempts == 0 and len(found) == 1:
                raise Unavailable("PEER_AWAY", "no answer")
        assert await cancel(uow, tick.kind, tick.key)
        await strike(tick, uow)

    due = await set_timer(site, key := str(uuid4()))
    assert await run_due(runner(site, ask)) == 0
    (row,) = await timers(site)
    assert row.due_at == due
    assert row.try_at < datetime.now(UTC) + timedelta(seconds=30), "it is not waited for until the lease is over"
    await site.query("UPDATE timer SET try_at = now()")
    assert await run_due(runner(site, ask)) == 1
    assert [timedelta(minutes=9) < each.try_at - datetime.now(UTC) for each in found] == [True, True]
    assert await timers(site) == []
    assert await struck(site) == {key: 1}


async def test_a_timer_of_an_unknown_kind_is_left_to_a_version_that_knows_it(site: Site) -> None:
    async with unit(site) as uow:
        await schedule(uow, "novelty", "x", uow.now)
    assert await run_due(runner(site)) == 0
    assert len(await timers(site)) == 1


async def test_timers_run_in_their_tenant(site: Site) -> None:
    key, other = str(uuid4()), uuid4()
    await set_timer(site, key)
    await set_timer(site, key, tenant=other)
    assert await run_due(runner(site)) == 2
    assert await struck(site) == await struck(site, other) == {key: 1}


async def test_a_job_lets_calls_be_answered_first(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST", 0.0)
    monkeypatch.setattr(turns, "PATIENCE", 60.0)
    told: list[str] = []

    async def be_answered() -> None:
        with turns.call():
            for _ in range(20):
                await asyncio.sleep(0)
            told.append("call")

    async def work(tick: Tick, uow: UnitOfWork) -> None:
        async with asyncio.TaskGroup() as calls:
            calls.create_task(be_answered())
            await asyncio.sleep(0)
            await turns.turn()
            told.append("job")

    await set_timer(site, str(uuid4()))
    assert await run_due(runner(site, work)) == 1
    assert told == ["call", "job"]


async def test_an_interval_that_is_not_positive_is_refused(site: Site) -> None:
    with pytest.raises(ValueError, match="every"):
        await set_timer(site, "x", every=timedelta(0))


MOMENT = st.integers(1_600_000_000_000, 2_200_000_000_000).map(lambda ms: datetime.fromtimestamp(ms / 1000, UTC))


@given(due=MOMENT, now=MOMENT, every=st.timedeltas(timedelta(milliseconds=1), timedelta(days=400)))
def test_the_next_time_is_the_first_beat_after_now(due: datetime, now: datetime, every: timedelta) -> None:
    following = next_due(due, every, now)
    assert following > now
    assert following > due
    assert (following - due) % every == timedelta(0)
    assert following - every <= max(now, due)


async def _is(value: bool) -> bool:
    return value
