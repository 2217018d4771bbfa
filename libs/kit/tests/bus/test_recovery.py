"""The broker may lose everything: consumers end up with the same projection."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from typing import Any
from uuid import uuid4

import nats
import pytest
import pytest_asyncio
from nats.errors import NoRespondersError
from nats.errors import TimeoutError as BrokerTimeout
from nats.js.api import ConsumerConfig
from nats.js.errors import NotFoundError

from rapport_kit.bus.broker_consumer import FilteredConsumer
from rapport_kit.bus.claim import number
from rapport_kit.bus.envelope import Envelope
from rapport_kit.bus.history import history
from rapport_kit.bus.rebuild import request_rebuild
from rapport_kit.bus.relay import LEASE
from rapport_kit.bus.streams import ensure_stream, stream_name
from rapport_kit.lease import Lease
from rapport_kit.local.nats import NatsServer
from rapport_kit.uow import UnitOfWork

from .conftest import Bus, Site, aggregates, counted_message, eventually, reflect, schema


@pytest.fixture
def server(nats_factory: Callable[[], NatsServer]) -> NatsServer:
    """A broker to break."""
    return nats_factory()


@pytest_asyncio.fixture
async def fragile(bus: Bus, server: NatsServer) -> AsyncIterator[Bus]:
    """The two services over a broker of their own."""

    async def quiet(_: Exception) -> None: ...

    broker = await nats.connect(server.url, max_reconnect_attempts=-1, reconnect_time_wait=0.1, error_cb=quiet)
    source = f"shop{uuid4().hex[:8]}"
    yield Bus(source, bus.shop, bus.follower, broker, counted_message(source))
    await broker.close()


def wipe(server: NatsServer) -> None:
    """Stop the broker and delete all it knows."""
    server.stop()
    shutil.rmtree(server.directory / "store")


async def messages(bus: Bus) -> int:
    info = await bus.broker.jetstream().stream_info(stream_name(bus.source))
    return info.state.messages


async def unreachable(after: int, limit: int) -> Sequence[Envelope]:
    raise OSError("the source is away")


async def test_a_wiped_broker_is_rebuilt_and_the_projection_is_equal(fragile: Bus, server: NatsServer) -> None:
    async with fragile.running(fragile.relay(), fragile.consumer()):
        await fragile.write(keys := aggregates(10), 100)
        await fragile.settled()
        wipe(server)
        await fragile.write(keys, 50)  # nobody waits for the broker
        server.start()
        assert await fragile.settled(within=30) == await fragile.shop.counted()

        async def whole() -> bool:
            return await messages(fragile) == 150

        await eventually(whole)


async def test_a_wiped_broker_is_rebuilt_though_nobody_writes(fragile: Bus, server: NatsServer) -> None:
    async with fragile.running(fragile.relay()):
        await fragile.write(aggregates(3), 30)

        async def whole() -> bool:
            with suppress(NotFoundError, NoRespondersError, BrokerTimeout):
                return await messages(fragile) == 30
            return False

        await eventually(whole)
        wipe(server)
        server.start()
        await eventually(whole, within=30)
        assert await messages(fragile) == 30


async def test_a_new_follower_of_a_rebuilt_stream_needs_no_history(fragile: Bus, server: NatsServer) -> None:
    async with fragile.running(fragile.relay()):
        await fragile.write(aggregates(10), 100)
        await fragile.numbered(100)
    wipe(server)
    server.start()
    async with fragile.running(fragile.relay(), fragile.consumer(unreachable)):
        assert await fragile.settled(within=30) == await fragile.shop.counted()


async def test_writes_go_on_while_the_broker_is_away(fragile: Bus, server: NatsServer) -> None:
    async with fragile.running(fragile.relay(), fragile.consumer(unreachable)):
        server.stop()
        await asyncio.wait_for(fragile.write(aggregates(10), 60), 10)
        server.start()
        assert await fragile.settled(within=30) == await fragile.shop.counted()


async def test_a_follower_added_late_reads_the_history_that_the_broker_has_lost(bus: Bus) -> None:
    async with bus.running(bus.relay()):
        await bus.write(keys := aggregates(10), 100)
        await bus.numbered(100)
        await asyncio.sleep(0.2)
        await bus.broker.jetstream().purge_stream(stream_name(bus.source))
        async with bus.running(bus.consumer()):
            await bus.write(keys, 50)
            assert await bus.settled() == await bus.shop.counted()


async def test_a_hole_in_what_the_broker_brings_is_filled_from_the_history(bus: Bus) -> None:
    await bus.write(aggregates(5), 50)
    async with bus.running(bus.relay()):
        await bus.numbered(50)
        await asyncio.sleep(0.2)
    await bus.broker.jetstream().purge_stream(stream_name(bus.source), keep=20)
    complete, calls = history(bus.shop.system, schema.frame), 0

    async def at_second_try(after: int, limit: int) -> Sequence[Envelope]:
        nonlocal calls
        calls += 1
        return await (unreachable if calls == 1 else complete)(after, limit)

    async with bus.running(bus.consumer(at_second_try, recheck=60.0)):
        assert await bus.settled() == await bus.shop.counted()


async def test_events_that_only_take_long_are_not_read_again_from_the_history(bus: Bus) -> None:
    asked: list[int] = []

    async def noted(after: int, limit: int) -> Sequence[Envelope]:
        asked.append(after)
        return []

    async def slowly(event: Any, uow: UnitOfWork) -> None:
        await asyncio.sleep(0.3)
        await reflect(event, uow)

    bus.handler = slowly
    async with bus.running(bus.relay(), bus.consumer(noted, patience=0.1, recheck=60.0)):
        await bus.count(uuid4(), times=3)
        await bus.settled()
    assert asked == [0]


async def test_a_tail_that_never_reached_the_broker_is_found_by_looking(bus: Bus) -> None:
    await bus.count(key := uuid4(), times=3)
    lease = Lease(bus.shop.system, schema.frame, LEASE)
    assert await lease.acquire()
    async with bus.shop.system.transaction() as connection:
        assert len(await number(connection, schema.frame, 0, 100, 100)) == 3
    async with bus.running(bus.consumer(recheck=0.3)):
        assert await bus.settled() == {key: [1, 2, 3]}


async def test_a_rebuild_on_request_changes_no_projection(bus: Bus) -> None:
    async with bus.running(bus.relay(ttl=0.5), bus.consumer()):
        await bus.write(aggregates(5), 50)
        await bus.settled()
        await bus.broker.jetstream().delete_stream(stream_name(bus.source))
        assert await request_rebuild(bus.shop.system, schema.frame) == 50

        async def whole() -> bool:
            try:
                return await messages(bus) == 50
            except nats.js.errors.NotFoundError:
                return False

        await eventually(whole)
        await bus.count(uuid4())
        assert await bus.settled() == await bus.shop.counted()


async def test_history_that_is_out_of_retention_is_stepped_over(bus: Bus) -> None:
    site: Site = bus.shop
    await bus.count(key := uuid4(), times=5)
    async with bus.running(bus.relay()):
        await bus.numbered(5)
    await site.query("DELETE FROM event WHERE published_seq < 3")
    async with bus.running(bus.consumer()):

        async def last_seen() -> bool:
            return 5 in (await bus.follower.mirrored()).get(key, [])

        await eventually(last_seen)
    assert await bus.follower.mirrored() == {key: [3, 4, 5]}


async def test_a_filtered_durable_consumer_is_refused(bus: Bus) -> None:
    broker = bus.broker.jetstream()
    await ensure_stream(broker, bus.source)
    subject = f"rapport.{bus.source}.v1.Counted"
    await broker.add_consumer(stream_name(bus.source), ConsumerConfig(durable_name="mirror", filter_subject=subject))
    with pytest.raises(BaseExceptionGroup) as refused:
        await asyncio.wait_for(bus.consumer().run(), 10)
    assert refused.group_contains(FilteredConsumer)
