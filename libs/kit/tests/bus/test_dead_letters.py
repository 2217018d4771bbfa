"""A poison event is parked with its tail, and replayed in order when it can be handled."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from rapport_kit.bus import gauges
from rapport_kit.bus.dead_letters import Replayed, letters, parked, replay
from rapport_kit.errors import Refused, Unavailable
from rapport_kit.uow import UnitOfWork

from .conftest import TENANT, Bus, eventually, reflect, schema


class Moody:
    """A subscriber that refuses one number for as long as it likes, after it has written."""

    def __init__(self, refused: int) -> None:
        self.refused = refused
        self.tries = 0

    async def __call__(self, event: Any, uow: UnitOfWork) -> None:
        await reflect(event, uow)
        if event.value == self.refused:
            self.tries += 1
            raise Refused("MOOD", "not today")


@pytest.fixture
def moody(bus: Bus) -> Moody:
    moody = Moody(refused=3)
    bus.handler = moody
    return moody


async def park(bus: Bus, key: UUID, *, total: int = 6) -> None:
    """Let everything be settled: two numbers handled, the rest parked."""
    async with bus.running(bus.relay(), bus.consumer()):
        await bus.count(key, times=total - 1)
        await bus.count(key)

        async def all_parked() -> bool:
            async with bus.follower.app.transaction(TENANT) as connection:
                return len(await letters(connection, schema.frame, bus.source, key)) == total - 2

        await eventually(all_parked)


async def test_a_poison_event_is_parked_with_its_tail_and_nobody_else_waits(bus: Bus, moody: Moody) -> None:
    key, other = uuid4(), uuid4()
    async with bus.running(bus.relay(), bus.consumer()):
        await bus.count(key, times=6)
        await bus.count(other, times=2)

        async def settled() -> bool:
            return (await bus.follower.mirrored()).get(other) == [1, 2] and moody.tries == 5

        await eventually(settled)
        await bus.count(key)

        async def tail_parked() -> bool:
            async with bus.follower.app.transaction(TENANT) as connection:
                return len(await letters(connection, schema.frame, bus.source, key)) == 5

        await eventually(tail_parked)
    assert await bus.follower.mirrored() == {key: [1, 2], other: [1, 2]}
    async with bus.follower.system.transaction() as connection:
        (found,) = await parked(connection, schema.frame)
        assert await gauges.dead_letters(connection, schema.frame) == {bus.source: 5}
    assert (found.aggregate, found.error, found.letters) == (key, "Refused: MOOD", 5)


async def test_replay_handles_the_parked_events_in_order_and_lets_the_aggregate_go_on(bus: Bus, moody: Moody) -> None:
    await park(bus, key := uuid4())
    moody.refused = 0
    assert await replay(bus.delivery(), TENANT, key) == Replayed(4)
    assert await bus.follower.mirrored() == {key: [1, 2, 3, 4, 5, 6]}
    async with bus.running(bus.relay(), bus.consumer()):
        await bus.count(key)
        assert await bus.settled() == await bus.shop.counted()


async def test_a_replay_that_fails_leaves_everything_parked(bus: Bus, moody: Moody) -> None:
    await park(bus, key := uuid4())
    assert await replay(bus.delivery(), TENANT, key) == Replayed(0, "Refused: MOOD")
    moody.refused = 5
    assert await replay(bus.delivery(), TENANT, key) == Replayed(2, "Refused: MOOD")
    assert await bus.follower.mirrored() == {key: [1, 2, 3, 4]}
    async with bus.follower.app.transaction(TENANT) as connection:
        left = await letters(connection, schema.frame, bus.source, key)
    assert [letter.event.sequence for letter in left] == [5, 6]


async def test_an_aggregate_stays_parked_until_its_last_letter_is_handled(bus: Bus, moody: Moody) -> None:
    await park(bus, key := uuid4())
    async with bus.running(bus.consumer()):
        await eventually(lambda: _stored(bus, 6))
    moody.refused = 5
    await replay(bus.delivery(), TENANT, key)
    async with bus.running(bus.relay(), bus.consumer()):
        await bus.count(key)

        async def also_parked() -> bool:
            async with bus.follower.app.transaction(TENANT) as connection:
                left = await letters(connection, schema.frame, bus.source, key)
            return [letter.event.sequence for letter in left] == [5, 6, 7]

        await eventually(also_parked)
    assert await bus.follower.mirrored() == {key: [1, 2, 3, 4]}


async def test_replaying_many_times_at_once_has_one_effect(bus: Bus, moody: Moody) -> None:
    await park(bus, key := uuid4())
    moody.refused = 0
    done = await asyncio.gather(*(replay(bus.delivery(), TENANT, key) for _ in range(4)))
    assert sum(result.handled for result in done) == 4
    assert await replay(bus.delivery(), TENANT, key) == Replayed(0)
    assert await bus.follower.mirrored() == {key: [1, 2, 3, 4, 5, 6]}


async def test_events_that_arrive_during_a_replay_keep_their_place(bus: Bus, moody: Moody) -> None:
    await park(bus, key := uuid4())
    moody.refused = 0
    async with bus.running(bus.relay(), bus.consumer()):
        for _ in range(10):
            await asyncio.gather(bus.count(key), replay(bus.delivery(), TENANT, key))

        async def whole() -> bool:
            await replay(bus.delivery(), TENANT, key)
            return await bus.follower.mirrored() == await bus.shop.counted()

        await eventually(whole)
    assert await bus.follower.mirrored() == await bus.shop.counted() == {key: [*range(1, 17)]}


async def test_a_payload_that_is_no_message_is_parked_at_once(bus: Bus) -> None:
    key = uuid4()
    async with bus.running(bus.relay(), bus.consumer()):
        await bus.count(key, payload=b"\xff\xff")

        async def is_parked() -> bool:
            async with bus.follower.system.transaction() as connection:
                return [found.aggregate for found in await parked(connection, schema.frame)] == [key]

        await eventually(is_parked)
    (row,) = await bus.follower.query("SELECT failures FROM position")
    assert row["failures"] == 1


async def test_a_peer_that_is_away_is_waited_for_and_never_counted(bus: Bus) -> None:
    tries = 0

    async def call_peer(event: Any, uow: UnitOfWork) -> None:
        nonlocal tries
        tries += 1
        if tries < 8:
            raise Unavailable("PEER_AWAY", "no answer")
        await reflect(event, uow)

    bus.handler = call_peer
    async with bus.running(bus.relay(), bus.consumer()):
        await bus.count(key := uuid4())
        assert await bus.settled(within=30) == {key: [1]}
    (row,) = await bus.follower.query("SELECT failures, parked FROM position")
    assert (row["failures"], row["parked"]) == (0, False)


async def test_a_foreign_message_on_our_subjects_stops_nobody(bus: Bus) -> None:
    async with bus.running(bus.relay(), bus.consumer()):
        await bus.count(key := uuid4())
        await bus.settled()
        await bus.broker.jetstream().publish(f"rapport.{bus.source}.v1.Counted", b"hello", headers={"ce-id": "x"})
        await bus.count(key)
        assert await bus.settled() == {key: [1, 2]}


async def _stored(bus: Bus, reached: int) -> bool:
    """Whether the consumer will not look at those events again."""
    return [row["reached"] for row in await bus.follower.query("SELECT reached FROM lease")] == [reached]
