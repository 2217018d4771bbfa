"""One relay at a time: fenced when it was paused, complete when it was cut off anywhere."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from dataclasses import replace
from uuid import uuid4

import pytest
import sqlalchemy as sa
from nats.js.errors import APIError

from rapport_kit.bus.claim import next_lane, number
from rapport_kit.bus.gauges import outbox_age, outbox_depth
from rapport_kit.bus.publisher import WORTHWHILE, Publisher
from rapport_kit.bus.relay import LEASE
from rapport_kit.bus.streams import stream_name
from rapport_kit.cause import Lane
from rapport_kit.errors import Invalid
from rapport_kit.lease import Fenced, Lease

from .conftest import Bus, Site, aggregates, schema


async def test_a_relay_paused_past_its_lease_can_number_nothing(bus: Bus) -> None:
    paused = Lease(bus.shop.system, schema.frame, LEASE, ttl=0.1)
    assert await paused.acquire()
    await asyncio.sleep(0.2)
    await bus.write(aggregates(3), 30)
    async with bus.running(bus.relay()):
        published = await bus.numbered(30)
        await bus.count(uuid4())
        async with bus.shop.system.transaction() as connection:
            with pytest.raises(Fenced):
                await paused.verify(connection)
        with pytest.raises(Fenced):
            await paused.renew()
        assert [event.published_seq for event in await bus.numbered(31)] == list(range(1, 32))
    assert [event.published_seq for event in published[:30]] == list(range(1, 31))


async def test_what_is_sent_is_not_read_again_even_when_statistics_call_it_unsent(bus: Bus) -> None:
    await bus.count(uuid4(), times=500)
    await bus.shop.query("ANALYZE event")
    async with bus.running(bus.relay()):
        await bus.numbered(500)
    await bus.shop.system.close()  # statistics are a connection's, of which the next one has none yet
    read = "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables"
    async with bus.shop.system.transaction() as connection:
        assert await next_lane(connection, schema.frame) is None
        assert not await number(connection, schema.frame, 500, 256, 256)
        assert await outbox_depth(connection, schema.frame) == dict.fromkeys(Lane, 0)
        await outbox_age(connection, schema.frame)
        assert await connection.scalar(sa.text(read)) < 50


async def test_what_precedes_a_live_event_is_found_though_much_more_is_unsent_than_statistics_say(bus: Bus) -> None:
    await bus.count(uuid4(), times=100)
    async with bus.running(bus.relay()):
        await bus.numbered(100)
    await bus.shop.query("ANALYZE event")
    await bus.count(uuid4(), times=5_000, lane=Lane.BULK)
    await bus.count(key := uuid4(), times=2, lane=Lane.BULK)
    await bus.count(key)
    await bus.shop.system.close()  # statistics are a connection's, of which the next one has none yet
    read = "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables"
    async with bus.shop.system.transaction() as connection:
        found = await number(connection, schema.frame, 100, 256, 0)
        assert [(event.aggregate, event.sequence) for event in found] == [(key, 1), (key, 2), (key, 3)]
        assert await connection.scalar(sa.text(read)) < 50


async def test_what_a_paused_relay_still_publishes_changes_nothing(bus: Bus) -> None:
    old = bus.relay(ttl=60.0)
    async with bus.running(bus.consumer()):
        async with bus.running(old):
            await bus.write(aggregates(3), 30)
            await bus.settled()
        stale = await bus.shop.published()
        async with bus.running(bus.relay()):
            await bus.write(keys := aggregates(3), 30)
            await bus.settled()
            old.lease._until = float("inf")  # as it looks to a process that was stopped in the middle
            await old._publish(stale, fresh=False)
            await bus.count(keys[0])
            assert await bus.settled() == await bus.shop.counted()
        with pytest.raises(Fenced):
            await old._number(bulk=0)


async def test_two_relays_at_a_time_number_densely(bus: Bus) -> None:
    async with bus.running(bus.relay(ttl=0.3), bus.relay(ttl=0.3), bus.consumer()):
        await bus.write(aggregates(10), 120, writers=8)
        assert await bus.settled() == await bus.shop.counted()
    assert [event.published_seq for event in await bus.shop.published()] == list(range(1, 121))


async def in_stream(bus: Bus) -> list[tuple[int, str]]:
    """The number of each message, in the order of the stream, and the batch in which it came."""
    jetstream, stream = bus.broker.jetstream(), stream_name(bus.source)
    state = (await jetstream.stream_info(stream)).state
    found = [await jetstream.get_msg(stream, seq=number) for number in range(1, state.last_seq + 1)]
    told = [message.headers or {} for message in found]
    return [(int(headers["ce-publishedseq"]), headers.get("Nats-Batch-Id", "")) for headers in told]


async def test_many_new_events_are_stored_as_one_and_few_one_by_one(bus: Bus) -> None:
    await bus.write(aggregates(10), WORTHWHILE)
    async with bus.running(bus.relay(), bus.consumer()):
        await bus.settled()
        await bus.count(uuid4())
        assert await bus.settled() == await bus.shop.counted()
    *together, (number, alone) = await in_stream(bus)
    assert [number for number, _ in together] == list(range(1, WORTHWHILE + 1))
    assert (number, alone) == (WORTHWHILE + 1, "")
    (batch,) = {batch for _, batch in together}
    assert batch


async def test_what_may_be_in_the_stream_already_is_not_stored_twice(bus: Bus) -> None:
    await bus.write(aggregates(10), 3 * WORTHWHILE)
    async with bus.running(bus.relay()):
        await bus.numbered(3 * WORTHWHILE)
    await bus.shop.query("UPDATE lease SET reached = 10 WHERE name = $1", LEASE)  # as a relay leaves it that is killed
    async with bus.running(bus.relay(), bus.consumer()):
        await bus.count(uuid4())
        assert await bus.settled() == await bus.shop.counted()
    assert [number for number, _ in await in_stream(bus)] == list(range(1, 3 * WORTHWHILE + 2))


async def test_a_batch_of_which_something_is_in_the_stream_is_refused_whole(bus: Bus) -> None:
    await bus.write(aggregates(10), 2 * WORTHWHILE)
    async with bus.running(bus.relay(), bus.consumer()):
        await bus.settled()
    *others, last = await bus.shop.published()
    unknown = [replace(event, id=event.id + 1_000_000) for event in others]
    with pytest.raises(APIError):
        await Publisher(bus.source, bus.broker).publish_together([*unknown, last])
    assert len(await in_stream(bus)) == 2 * WORTHWHILE


@pytest.mark.parametrize("seed", range(3))
async def test_a_relay_cut_off_anywhere_loses_and_doubles_nothing(bus: Bus, seed: int) -> None:
    chance = random.Random(seed)
    await bus.write(aggregates(40), 120, writers=8)  # enough to be sent together
    async with bus.running(bus.consumer()):
        writing = asyncio.ensure_future(bus.write(aggregates(10), 120, writers=4))
        while not writing.done():
            relay = asyncio.ensure_future(bus.relay(ttl=0.5).run())
            await asyncio.sleep(chance.uniform(0, 0.15))
            relay.cancel()
            with suppress(asyncio.CancelledError):
                await relay
        await writing
        async with bus.running(bus.relay(ttl=0.5)):
            assert await bus.settled() == await bus.shop.counted()
    numbers = [event.published_seq for event in await bus.shop.published()]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("seed", range(3))
async def test_a_consumer_cut_off_anywhere_loses_and_doubles_nothing(bus: Bus, seed: int) -> None:
    chance = random.Random(seed)
    async with bus.running(bus.relay()):
        writing = asyncio.ensure_future(bus.write(aggregates(10), 120, writers=4))
        while not writing.done():
            consumer = asyncio.ensure_future(bus.consumer(ttl=0.5).run())
            await asyncio.sleep(chance.uniform(0, 0.3))
            consumer.cancel()
            with suppress(asyncio.CancelledError):
                await consumer
        await writing
        async with bus.running(bus.consumer(ttl=0.5)):
            assert await bus.settled() == await bus.shop.counted()


async def test_a_silent_holder_is_replaced_and_a_live_one_is_not(bus: Bus) -> None:
    site: Site = bus.shop
    first, second = (Lease(site.system, schema.frame, "work", ttl=0.3) for _ in range(2))
    assert await first.acquire()
    assert not await second.acquire()
    await asyncio.sleep(0.2)
    await first.renew()
    await asyncio.sleep(0.2)
    assert not await second.acquire()
    await asyncio.sleep(0.2)
    assert await second.acquire()
    with pytest.raises(Fenced):
        await first.renew()


async def test_a_released_lease_is_free_at_once(bus: Bus) -> None:
    first, second = (Lease(bus.shop.system, schema.frame, "work", ttl=60) for _ in range(2))
    assert await first.acquire()
    await first.release()
    assert await second.acquire()


async def test_losing_the_lease_ends_the_work(bus: Bus) -> None:
    lease = Lease(bus.shop.system, schema.frame, "work", ttl=0.3)
    started = asyncio.Event()

    async def work() -> None:
        started.set()
        await asyncio.sleep(60)

    guarded = asyncio.ensure_future(lease.guard(work))
    await started.wait()
    await bus.shop.query("UPDATE lease SET epoch = epoch + 1 WHERE name = 'work'")
    with pytest.raises(Fenced):
        await asyncio.wait_for(guarded, 5)


async def test_a_record_too_large_for_the_broker_is_refused_when_it_is_written(bus: Bus) -> None:
    with pytest.raises(Invalid, match="524288"):
        await bus.count(uuid4(), payload=b"x" * (512 * 1024 + 1))
    assert await bus.shop.counted() == {}
