"""Follows another service: from the broker as events come, from the source's history where the broker lacks some.

The dense numbers tell what is missing: a hole that stays, a late start, a stream that was wiped or has aged are all
healed in the same way, by reading the history from `reached`.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any

import nats.errors
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.client import JetStreamContext
from nats.js.errors import NotFoundError

from rapport_kit.bus.backoff import Backoff
from rapport_kit.bus.cancellation import heed_cancellation
from rapport_kit.bus.consumer import IN_FLIGHT, Consumer
from rapport_kit.bus.delivery import Delivery
from rapport_kit.bus.envelope import Envelope, Malformed
from rapport_kit.bus.faults import describe
from rapport_kit.bus.gate import Outcome
from rapport_kit.bus.history import ReadEvents
from rapport_kit.bus.streams import stream_name
from rapport_kit.database import Database
from rapport_kit.lease import TTL

ACK_WAIT = 30.0
FETCH = 128
PAGE = 500
EARLY_DELAY = 0.5
"""Seconds after which the broker is to bring an event again that came before its predecessor."""
HEAD_START = 30.0
"""Seconds for which the history goes first; one event in it that must wait holds up no others for longer."""

log = structlog.get_logger(__name__)


class FilteredConsumer(Exception):
    """The durable consumer skips subjects: holes in the numbers would be taken for losses."""


class BrokerConsumer(Consumer):
    """Settles what the broker brings.

    `patience` is how long a hole may last before the history is read; `recheck` how often it is read anyway, since a
    lost tail leaves no hole.
    """

    def __init__(
        self,
        delivery: Delivery,
        system: Database,
        broker: Client,
        read_events: ReadEvents,
        *,
        patience: float = 1.0,
        recheck: float = 60.0,
        ttl: float = TTL,
    ) -> None:
        super().__init__(delivery, system, ttl=ttl)
        self._jetstream = broker.jetstream()
        self._read_events = read_events
        self._patience = patience
        self._recheck = recheck
        self._in_flight: set[int] = set()
        self._catching_up = asyncio.Lock()

    async def _take_in(self, tasks: asyncio.TaskGroup) -> None:
        self._in_flight.clear()
        # What comes from the broker before its history is settled would only be refused as early.
        await asyncio.wait({tasks.create_task(self._catch_up())}, timeout=HEAD_START)
        tasks.create_task(self._heal_forever())
        await self._take_forever(tasks)

    # From the broker ---------------------------------------------------------------------------------------------

    async def _take_forever(self, tasks: asyncio.TaskGroup) -> None:
        backoff = Backoff()
        while True:
            heed_cancellation()
            try:
                await self._take(tasks, backoff)
            except (nats.errors.Error, OSError, TimeoutError) as error:
                log.warning("broker interrupted", source=self.source, error=describe(error))
            await backoff.sleep()

    async def _take(self, tasks: asyncio.TaskGroup, backoff: Backoff) -> None:
        """Fetch until the broker fails; a durable consumer that is gone is made anew."""
        stream, durable = stream_name(self.source), self._delivery.durable
        await ensure_consumer(self._jetstream, stream, durable)
        subscription = await self._jetstream.pull_subscribe_bind(durable=durable, stream=stream)
        try:
            while True:
                try:
                    messages = await subscription.fetch(FETCH, timeout=5)
                except TimeoutError:  # nothing came, or the consumer is not there any more
                    await self._jetstream.consumer_info(stream, durable)
                    heed_cancellation()
                    continue
                heed_cancellation()
                backoff.reset()
                for message in messages:
                    if (number := self._number_for_others(message)) is not None:
                        self.watermark.settle(number)
                        await _answer(message.ack())
                    else:
                        await self._places.acquire()
                        tasks.create_task(self._deliver(message))
        finally:
            with contextlib.suppress(nats.errors.Error):
                await subscription.unsubscribe()

    def _number_for_others(self, message: Msg) -> int | None:
        """The number of an event of which nothing else is to be noted, as of most; None for one that is for us."""
        headers = message.headers or {}
        number = headers.get("ce-publishedseq", "")
        if not number.isdecimal() or self._delivery.is_for_us(headers.get("ce-type"), headers.get("ce-resource")):
            return None
        return int(number)

    async def _deliver(self, message: Msg) -> None:
        try:
            event = Envelope.of_message(message.headers, message.data)
        except Malformed:
            log.warning("foreign message", source=self.source, subject=message.subject)
            await _answer(message.term())
        else:
            await self._deliver_event(message, event)
        finally:
            self._places.release()

    async def _deliver_event(self, message: Msg, event: Envelope) -> None:
        number = event.published_seq
        self.watermark.saw(number)
        if number in self._in_flight:  # brought again because the first one takes long
            return
        self._in_flight.add(number)
        try:
            outcome = await self._settle(event, complete=False)
        finally:
            self._in_flight.discard(number)
        await _answer(message.nak(delay=EARLY_DELAY) if outcome is Outcome.EARLY else message.ack())

    # From the source's history -----------------------------------------------------------------------------------

    async def _heal_forever(self) -> None:
        """What is only slow is no hole: reading it again would make it slower."""
        checked = since = time.monotonic()
        hole: int | None = None
        while True:
            await asyncio.sleep(self._patience / 2)
            missing, now = self.watermark.missing(self._in_flight), time.monotonic()
            if missing != hole:
                hole, since = missing, now
            if (hole is not None and now - since > self._patience) or now - checked > self._recheck:
                await self._catch_up()
                checked = time.monotonic()

    async def _catch_up(self) -> None:
        """Settle everything the source has published after `reached`; a source that is away is asked again later."""
        async with self._catching_up:
            while True:
                try:
                    page = await self._read_events(self.watermark.reached, PAGE)
                except Exception as error:  # noqa: BLE001 - however it is wired, the broker still brings what is new
                    log.warning("history not read", source=self.source, error=describe(error))
                    return
                async with asyncio.TaskGroup() as tasks:
                    for event in page:
                        tasks.create_task(self._settle(event, complete=True))
                if page:
                    self.watermark.settle_through(page[-1].published_seq)
                if len(page) < PAGE:
                    return


async def ensure_consumer(broker: JetStreamContext, stream: str, durable: str) -> None:
    """Create the durable pull consumer over the whole stream.

    Raises:
        FilteredConsumer: it exists and has a filter.
    """
    try:
        found = (await broker.consumer_info(stream, durable)).config
    except NotFoundError:
        await broker.add_consumer(stream, _configuration(durable))
        return
    if found.filter_subject or found.filter_subjects:
        raise FilteredConsumer(f"{durable} on {stream}: {found.filter_subject or found.filter_subjects}")


def _configuration(durable: str) -> ConsumerConfig:
    return ConsumerConfig(
        durable_name=durable,
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT,
        max_deliver=-1,  # with a limit, JetStream forgets an event that nobody handled
        max_ack_pending=2 * IN_FLIGHT,
    )


async def _answer(reply: Any) -> None:
    """An answer that is lost only means that the event comes again."""
    with contextlib.suppress(nats.errors.Error, OSError):
        await reply
