"""From the event table into a projection of the same service: everything once and in order, without the broker."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

from rapport_kit.bus.polling_consumer import PollingConsumer
from rapport_kit.cause import Lane
from rapport_kit.uow import UnitOfWork

from .conftest import Bus, aggregates, eventually, reflect


async def through(polling: PollingConsumer, number: int) -> None:
    """Wait until everything up to `number` is settled."""

    async def reached() -> bool:
        return polling.watermark.reached == number

    await eventually(reached)


async def test_own_events_of_many_writers_and_both_lanes_keep_every_order(bus: Bus) -> None:
    polling, keys = bus.polling(), aggregates(50)
    async with bus.running(bus.relay(), polling):
        await asyncio.gather(bus.write(keys, 300, writers=8), bus.write(keys, 300, writers=8, lane=Lane.BULK))
        await through(polling, 600)
    assert await bus.shop.mirrored() == await bus.shop.counted()


async def test_the_relay_wakes_who_follows_its_own_service(bus: Bus) -> None:
    relay, polling = bus.relay(), bus.polling(poll=60)
    relay.numbered.append(polling.wake)
    async with bus.running(relay, polling):
        for number in range(1, 4):
            await bus.count(uuid4())
            await through(polling, number)
            assert await bus.shop.mirrored() == await bus.shop.counted()


async def test_own_events_that_were_numbered_elsewhere_are_found_by_looking(bus: Bus) -> None:
    polling = bus.polling(poll=0.05)
    async with bus.running(bus.relay(), polling):
        await bus.count(uuid4())
        await through(polling, 1)
    assert await bus.shop.mirrored() == await bus.shop.counted()


async def test_own_events_are_followed_on_from_where_it_ended(bus: Bus) -> None:
    keys = aggregates(5)
    async with bus.running(bus.relay(), first := bus.polling()):
        await bus.write(keys, 40)
        await through(first, 40)
    async with bus.running(bus.relay(), second := bus.polling()):
        await bus.write(keys, 40)
        await through(second, 80)
    assert await bus.shop.mirrored() == await bus.shop.counted()


async def test_one_own_event_that_cannot_be_handled_holds_up_no_others(bus: Bus) -> None:
    broken = uuid4()

    async def reflect_all_but_one(event: Any, uow: UnitOfWork) -> None:
        if UUID(event.counter) == broken:
            raise ValueError("not this one")
        await reflect(event, uow)

    bus.handler = reflect_all_but_one
    async with bus.running(bus.relay(), polling := bus.polling()):
        await bus.count(broken, times=2)
        await bus.write(aggregates(8), 40)
        await through(polling, 42)
    counted = await bus.shop.counted()
    del counted[broken]
    assert await bus.shop.mirrored() == counted
    parked = await bus.shop.query("SELECT sequence FROM dead_letter ORDER BY sequence")
    assert [row["sequence"] for row in parked] == [1, 2]


async def test_own_history_that_is_out_of_retention_is_stepped_over(bus: Bus) -> None:
    await bus.count(key := uuid4(), times=9)
    async with bus.running(bus.relay()):
        await bus.numbered(9)
    await bus.shop.query("DELETE FROM event WHERE published_seq < 3 OR published_seq IN (5, 6)")
    async with bus.running(polling := bus.polling()):
        await through(polling, 9)
    assert await bus.shop.mirrored() == {key: [3, 4, 7, 8, 9]}
