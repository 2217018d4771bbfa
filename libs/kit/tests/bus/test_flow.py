"""From many writers over the relay and the broker into a projection: everything once and in order."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

import pytest
from nats.js.errors import NotFoundError

from rapport.contact.v1.events_pb2 import PersonChanged, PersonErased, TaskChanged, TaskCompleted
from rapport_kit.bus.acting import service_principal
from rapport_kit.bus.broker_consumer import BrokerConsumer
from rapport_kit.bus.dead_letters import Replayed, replay
from rapport_kit.bus.delivery import Delivery
from rapport_kit.bus.envelope import Envelope
from rapport_kit.bus.gate import Outcome
from rapport_kit.bus.history import history
from rapport_kit.bus.interest import resources_told_of
from rapport_kit.bus.streams import stream_name
from rapport_kit.cause import Lane
from rapport_kit.privacy.keys import NoSubjectKeys
from rapport_kit.service import Together, Told
from rapport_kit.uow import UnitOfWork

from .conftest import TENANT, Bus, BusUnitOfWork, aggregates, eventually, reflect, schema


async def test_sixteen_writers_over_fifty_hot_aggregates_keep_every_order(bus: Bus) -> None:
    async with bus.running(bus.relay(), bus.consumer()):
        await bus.write(aggregates(50), 480, writers=16)
        assert await bus.settled() == await bus.shop.counted()


async def test_published_numbers_are_dense_and_agree_with_every_sequence(bus: Bus) -> None:
    async with bus.running(bus.relay()):
        await asyncio.gather(
            bus.write(keys := aggregates(8), 120, writers=8), bus.write(keys, 120, writers=8, lane=Lane.BULK)
        )
        published = await bus.numbered(240)
    assert [event.published_seq for event in published] == list(range(1, 241))
    for key in keys:
        own = [event.sequence for event in published if event.aggregate == key]
        assert own == list(range(1, len(own) + 1))


async def test_events_brought_again_change_nothing(bus: Bus) -> None:
    async with bus.running(bus.relay(), bus.consumer()):
        await bus.write(aggregates(5), 60)
        before = await bus.settled()
    delivery = bus.delivery()
    for event in random.Random(7).sample(await bus.shop.published(), 60):
        assert await delivery.settle(event, complete=False) is Outcome.SEEN
    assert await bus.follower.mirrored() == before


async def test_an_event_before_its_turn_is_left_to_come_again(bus: Bus) -> None:
    await bus.count(key := uuid4(), times=3)
    async with bus.running(bus.relay()):
        first, second, third = await bus.numbered(3)
    delivery = bus.delivery()
    assert await delivery.settle(third, complete=False) is Outcome.EARLY
    assert await delivery.settle(first, complete=False) is Outcome.HANDLED
    assert await delivery.settle(third, complete=False) is Outcome.EARLY
    assert await delivery.settle(second, complete=False) is Outcome.HANDLED
    assert await delivery.settle(third, complete=False) is Outcome.HANDLED
    assert await bus.follower.mirrored() == {key: [1, 2, 3]}


async def test_two_deliveries_of_one_event_at_a_time_have_one_effect(bus: Bus) -> None:
    await bus.count(key := uuid4())
    async with bus.running(bus.relay()):
        (event,) = await bus.numbered(1)
    outcomes = await asyncio.gather(*(bus.delivery().settle(event, complete=False) for _ in range(8)))
    assert sorted(outcome.name for outcome in outcomes) == ["HANDLED"] + ["SEEN"] * 7
    assert await bus.follower.mirrored() == {key: [1]}


async def test_types_without_a_subscriber_are_passed_over(bus: Bus) -> None:
    key = uuid4()
    async with bus.running(bus.relay(), bus.consumer()):
        await bus.count(key)
        await bus.count(key, kind=f"rapport.{bus.source}.v1.Renamed", payload=b"\xff")
        await bus.count(key)

        async def third_seen() -> bool:
            return 3 in (await bus.follower.mirrored()).get(key, [])

        await eventually(third_seen)
    assert await bus.follower.mirrored() == {key: [1, 3]}


async def test_what_no_subscriber_is_told_of_takes_no_position(bus: Bus) -> None:
    seen: list[tuple[str, int]] = []

    async def note(fact: Any, uow: UnitOfWork) -> None:
        assert uow.event is not None
        seen.append((uow.event.resource, uow.event.sequence))

    delivery = Delivery("mirror", bus.source, {TaskChanged: note}, bus.follower.app, BusUnitOfWork)
    for resource in ("contact.rapport/Task", "contact.rapport/Person"):
        for kind in ("TaskChanged", "TaskCompleted"):
            await bus.count(aggregate_of(resource), resource=resource, kind=f"rapport.contact.v1.{kind}", payload=b"")
    async with bus.running(bus.relay()):
        for event in await bus.numbered(4):
            assert await delivery.settle(event, complete=False) is Outcome.HANDLED
    positions = await bus.follower.query("SELECT aggregate, sequence FROM position")
    assert seen == [("contact.rapport/Task", 1)]
    assert [tuple(row) for row in positions] == [(aggregate_of("contact.rapport/Task"), 2)]


async def test_what_no_subscriber_is_told_of_is_done_with_when_it_has_come(bus: Bus) -> None:
    async def note(fact: Any, uow: UnitOfWork) -> None: ...

    delivery = Delivery("mirror", bus.source, {TaskChanged: note}, bus.follower.app, BusUnitOfWork)
    consumer = BrokerConsumer(delivery, bus.follower.system, bus.broker, history(bus.shop.system, schema.frame))
    async with bus.running(bus.relay(), consumer):
        for resource in ("contact.rapport/Person", "contact.rapport/Task", "contact.rapport/Person"):
            await bus.count(uuid4(), resource=resource)

        async def settled() -> bool:
            with suppress(NotFoundError):
                waiting = await bus.broker.jetstream().consumer_info(stream_name(bus.source), delivery.durable)
                return consumer.watermark.reached == 3 and waiting.num_ack_pending == 0 == waiting.num_pending
            return False

        await eventually(settled)
    assert len(await bus.follower.query("SELECT FROM position")) == 1


def aggregate_of(resource: str) -> UUID:
    return uuid5(NAMESPACE_OID, resource)


def test_what_one_is_told_of_is_known_of_change_events_and_of_those_that_say_it() -> None:
    assert resources_told_of([TaskChanged, PersonChanged]) == {"contact.rapport/Task", "contact.rapport/Person"}
    assert resources_told_of([TaskChanged, PersonErased]) == {"contact.rapport/Task", "contact.rapport/Person"}
    assert resources_told_of([TaskChanged, TaskCompleted]) == frozenset()


async def test_no_resource_tells_what_is_anothers_to_tell(bus: Bus) -> None:
    async with BusUnitOfWork(bus.shop.app, service_principal("shop", TENANT)) as uow:
        with pytest.raises(TypeError, match="PersonErased is told by contact"):
            await uow.publish("contact.rapport/Task", uuid4(), PersonErased())
        await uow.publish("contact.rapport/Person", uuid4(), PersonErased())


async def test_each_tenant_gets_its_own_events(bus: Bus) -> None:
    other = uuid4()
    async with bus.running(bus.relay(), bus.consumer()):
        await bus.count(ours := uuid4())
        await bus.count(theirs := uuid4(), tenant=other)

        async def both_seen() -> bool:
            return bool(await bus.follower.mirrored(TENANT)) and bool(await bus.follower.mirrored(other))

        await eventually(both_seen)
    assert await bus.follower.mirrored(TENANT) == {ours: [1]}
    assert await bus.follower.mirrored(other) == {theirs: [1]}


async def test_live_events_overtake_an_import_which_still_moves(bus: Bus) -> None:
    imported = aggregates(1)[0]
    await bus.count(imported, times=1000, lane=Lane.BULK)
    live = aggregates(300)
    await bus.write(live, 300, writers=8)
    async with bus.running(bus.relay()):
        published = await bus.numbered(1300)
    numbers: dict[Lane, list[int]] = {lane: [] for lane in Lane}
    for event in published:
        numbers[Lane.BULK if event.aggregate == imported else Lane.LIVE].append(event.published_seq)
    assert max(numbers[Lane.LIVE]) < 600
    assert min(numbers[Lane.BULK]) <= 256


async def test_an_import_keeps_to_its_share_of_the_time_which_live_events_do_not_wait_for(bus: Bus) -> None:
    share = 1e-6
    await bus.count(uuid4(), times=600, lane=Lane.BULK)
    async with bus.running(bus.relay(share=lambda: share)):
        first = await bus.numbered(32)
        await bus.write(aggregates(5), 40)
        both = await bus.numbered(len(first) + 40)
        await asyncio.sleep(0.3)
        assert len(await bus.shop.published()) == len(both) == len(first) + 40 < 600


async def test_the_rest_of_an_import_follows_when_its_share_grows(bus: Bus) -> None:
    share = 1e-6
    await bus.count(uuid4(), times=600, lane=Lane.BULK)
    async with bus.running(bus.relay(share=lambda: share)):
        await bus.numbered(32)
        await asyncio.sleep(0.3)
        assert len(await bus.shop.published()) == 32
        share = 1.0
        assert len(await bus.numbered(600)) == 600


async def test_a_live_event_takes_along_what_precedes_it_of_an_import_that_waits(bus: Bus) -> None:
    await bus.count(uuid4(), times=300, lane=Lane.BULK)
    await bus.count(key := uuid4(), times=3, lane=Lane.BULK)
    async with bus.running(bus.relay(share=lambda: 1e-6)):
        before = await bus.numbered(32)
        await bus.count(key)
        await bus.numbered(len(before) + 4)
        await asyncio.sleep(0.3)
        published = await bus.shop.published()
    assert [event.sequence for event in published if event.aggregate == key] == [1, 2, 3, 4]
    assert len(published) == len(before) + 4


async def test_a_live_event_takes_the_imported_ones_before_it_along(bus: Bus) -> None:
    await bus.count(key := uuid4(), times=300, lane=Lane.BULK)
    await bus.count(key)
    async with bus.running(bus.relay()):
        published = await bus.numbered(301)
    assert [event.sequence for event in published] == list(range(1, 302))


async def test_a_handler_acts_for_its_service_on_behalf_of_the_actor_and_in_the_same_trace(bus: Bus) -> None:
    seen: list[UnitOfWork] = []

    async def remember(event: Any, uow: UnitOfWork) -> None:
        seen.append(uow)
        await reflect(event, uow)

    bus.handler = remember
    await bus.count(uuid4())
    async with bus.running(bus.relay(), bus.consumer()):
        await bus.settled()
    (event,) = await bus.shop.published()
    assert seen[0].principal.on_behalf_of == event.actor
    assert seen[0].tenant == event.tenant
    assert seen[0].cause.job == f"{bus.source}:1"


class Known(NoSubjectKeys):
    """Takes down whose keys are known no more."""

    def __init__(self) -> None:
        self.forgotten: list[tuple[UUID, UUID]] = []

    def forget(self, tenant: UUID, subject: UUID) -> None:
        self.forgotten.append((tenant, subject))


async def test_a_key_is_known_no_more_when_an_event_says_that_it_was_destroyed(bus: Bus) -> None:
    known = Known()
    work = type("KnowingUnitOfWork", (BusUnitOfWork,), {"subject_keys": known})
    delivery = Delivery("mirror", "contact", {PersonChanged: reflect}, bus.follower.app, work)
    ada = uuid4()
    assert await delivery.settle(envelope(ada, PersonErased.DESCRIPTOR.full_name), complete=True) is Outcome.HANDLED
    await delivery.settle(envelope(uuid4(), PersonChanged.DESCRIPTOR.full_name, sequence=2), complete=False)
    assert known.forgotten == [(TENANT, ada)]


def test_an_envelope_survives_its_headers() -> None:
    event = envelope(UUID(int=3), "rapport.shop.v1.Counted", sequence=4)
    headers = event.headers("shop")
    assert all(value.isascii() and value.isprintable() for value in headers.values())
    assert Envelope.of_message(headers, event.payload) == event


async def test_events_that_wait_together_share_transactions(bus: Bus) -> None:
    keys = aggregates(60)
    await bus.write(keys, 60)
    async with bus.running(bus.relay()):
        events = await bus.numbered(60)
    delivery = bus.delivery(width=1)
    outcomes = await asyncio.gather(*(delivery.settle(event, complete=False) for event in events))
    assert outcomes == [Outcome.HANDLED] * 60
    ((transactions,),) = await bus.follower.query("SELECT count(DISTINCT xmin::text) FROM mirror")
    assert transactions <= 3


async def test_one_that_fails_is_parked_alone(bus: Bus) -> None:
    keys = aggregates(20)
    await bus.write(keys, 20)
    async with bus.running(bus.relay()):
        events = await bus.numbered(20)
    bad = str(events[7].aggregate)

    async def choosy(event: Any, uow: UnitOfWork) -> None:
        await reflect(event, uow)
        if event.counter == bad:
            raise ValueError

    bus.handler = choosy
    delivery = bus.delivery(width=1)
    outcomes = await asyncio.gather(*(delivery.settle(event, complete=False) for event in events))
    assert outcomes.count(Outcome.HANDLED) == 19
    assert outcomes[7] is Outcome.PARKED
    assert await bus.follower.mirrored() == {key: [1] for key in keys if str(key) != bad}


async def test_who_takes_events_together_is_given_all_that_share_a_transaction(bus: Bus) -> None:
    keys = aggregates(60)
    await bus.write(keys, 60)
    async with bus.running(bus.relay()):
        events = await bus.numbered(60)
    bad, taken = events[7], list[int]()

    async def choosy(told: Sequence[Told], uow: UnitOfWork) -> None:
        taken.append(len(told))
        for fact, event in told:
            assert fact.counter == str(event.aggregate)
            await reflect(fact, uow)
        if any(event == bad for _, event in told):
            raise ValueError

    bus.handler = Together(choosy)
    delivery = bus.delivery(width=1)
    await asyncio.gather(*(delivery.settle(event, complete=False) for event in events if event != bad))
    assert taken == [59]
    assert await delivery.settle(bad, complete=False) is Outcome.PARKED
    assert await bus.follower.mirrored() == {key: [1] for key in keys if key != bad.aggregate}
    bad = events[0]
    assert await replay(delivery, TENANT, events[7].aggregate) == Replayed(1)
    assert await bus.follower.mirrored() == {key: [1] for key in keys}


def envelope(aggregate: UUID, kind: str, *, sequence: int = 1) -> Envelope:
    """An event as a relay brings it."""
    now = datetime.now(UTC)
    return Envelope(
        id=5,
        tenant=TENANT,
        resource="shop.rapport/Counter",
        aggregate=aggregate,
        sequence=sequence,
        type=kind,
        payload=b"\x00\xff",
        occurred=now,
        recorded=now,
        actor=UUID(int=1),
        on_behalf_of=UUID(int=2),
        job="import 100 % März\r\nX: y",
        request_id="",
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        published_seq=9,
    )
