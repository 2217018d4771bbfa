"""Carries committed events to the broker, in order, at least once.

One relay per database holds the lease. It numbers a batch of unsent events in a transaction that locks and checks the
lease, so a relay that was paused past its lease can number nothing; then it publishes; then it stores how far the
broker has acknowledged. The number is durable before the message exists: after a crash the next relay publishes the
same numbers again (`reached < number <= head`), one by one, and the broker or the consumer's gate drops what was there
already. What nobody has published yet goes together, when it is much.

The broker's memory is checked when the relay starts, after every failure or reconnection and on each acknowledgement;
what the broker has lost is published again simply by setting `reached` back.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import nats.errors
import sqlalchemy as sa
import structlog
from nats.aio.client import Client

from rapport_kit.bus.backoff import Backoff
from rapport_kit.bus.cancellation import heed_cancellation
from rapport_kit.bus.claim import next_lane, number
from rapport_kit.bus.envelope import Envelope
from rapport_kit.bus.faults import describe
from rapport_kit.bus.history import read_events
from rapport_kit.bus.publisher import ACK_TIMEOUT, MOST_TOGETHER, WORTHWHILE, Publisher
from rapport_kit.bus.streams import MAX_AGE, ensure_stream, last_published
from rapport_kit.cause import Lane
from rapport_kit.database import Database
from rapport_kit.database_errors import INTERRUPTIONS
from rapport_kit.lease import TTL, Fenced, Lease, Progress
from rapport_kit.schema.frame import Frame

LEASE = "relay"
BATCH = 256
BATCH_OF_A_SHARE = 32
POLL = 0.05
"""Seconds between looks at the table when nobody wakes the relay: other processes write too."""
LINGER = 0.15
"""Seconds to gather after a batch that was not full. A batch costs seven round trips here, and more where it is
consumed, whether it holds one event or two hundred: under load that would be one batch an event."""

log = structlog.get_logger(__name__)


class BrokerForgot(Exception):
    """The stream is shorter than what it has acknowledged."""


class Relay:
    """The relay of one source service; `system` connects as the system role.

    `share` says which part of the time the bulk lane may take at the moment.
    """

    def __init__(
        self,
        service: str,
        system: Database,
        frame: Frame,
        broker: Client,
        *,
        replicas: int = 1,
        poll: float = POLL,
        ttl: float = TTL,
        share: Callable[[], float] = lambda: 1.0,
    ) -> None:
        self.service = service
        self.lease = Lease(system, frame, LEASE, ttl=ttl)
        self._system = system
        self._frame = frame
        self._broker = broker
        self._jetstream = broker.jetstream(timeout=ACK_TIMEOUT)
        self._publisher = Publisher(service, broker)
        self._takes_batches = False
        self._replicas = replicas
        self._poll = poll
        self._share = share
        self._bulk: tuple[float, float] = (0.0, 0.0)
        """When the bulk lane was last given places, and for how long it had the relay then."""
        self.numbered: list[Callable[[], None]] = []
        """Called whenever events have got their numbers, which makes them history."""
        self._written = asyncio.Event()
        self._progress = Progress(0, 0, 0)
        self._stored = self._progress
        self._backoff = Backoff()
        self._reconnects = 0

    def wake(self) -> None:
        """Events were committed in this process: look now."""
        self._written.set()

    async def run(self) -> None:
        """Relay until cancelled. A broker or database that is away delays events and loses none."""
        while True:
            try:
                await self.lease.guard(self._lead)
            except Fenced:
                log.warning("relay fenced", service=self.service)
            except (*INTERRUPTIONS, nats.errors.Error, BrokerForgot) as error:
                log.warning("relay interrupted", service=self.service, error=describe(error))
            await self._backoff.sleep()

    async def _lead(self) -> None:
        await self._reconcile()
        while True:
            heed_cancellation()
            if self._broker.stats["reconnects"] != self._reconnects:
                await self._reconcile()  # the only way for a broker to come back without its memory
            began = time.monotonic()
            bulk = self._places_for_bulk(began)
            left_over = await self._left_over()
            if batch := left_over or await self._new(bulk):
                await self._publish(batch, fresh=not left_over)
                self._backoff.reset()
                if bulk:
                    self._bulk = (began, time.monotonic() - began)
                if len(batch) < BATCH:
                    await asyncio.sleep(LINGER)
            else:
                await self._store_progress()
                await self._wait()

    async def _left_over(self) -> Sequence[Envelope]:
        """What was numbered but never acknowledged."""
        progress = self._progress
        if progress.reached == progress.head:
            return ()
        async with self._system.transaction() as connection:
            numbered = await read_events(connection, self._frame, progress.reached, BATCH)
        if not numbered:  # out of retention
            self._progress = Progress(progress.head, progress.head, progress.stored)
        return numbered

    def _places_for_bulk(self, now: float) -> int:
        """How many events of the bulk lane may come along: few when it has but a share, lest live ones feel them."""
        (began, took), share = self._bulk, self._share()
        if now < began + took / share:
            return 0
        return BATCH if share == 1.0 else BATCH_OF_A_SHARE

    async def _new(self, bulk: int) -> Sequence[Envelope]:
        async with self._system.engine.connect() as connection:
            lane = await next_lane(connection, self._frame)
        if lane is None or (lane is Lane.BULK and not bulk):
            return ()
        return await self._number(bulk)

    async def _number(self, bulk: int) -> Sequence[Envelope]:
        async with self._system.transaction() as connection:
            await self.lease.verify(connection)
            batch = await number(connection, self._frame, self._progress.head, BATCH, bulk)
            if not batch:
                return ()
            numbered = Progress(batch[-1].published_seq, self._progress.reached, self._progress.stored)
            await self.lease.advance(connection, numbered)
        self._progress = self._stored = numbered
        for told in self.numbered:
            told()
        return batch

    async def _publish(self, batch: Sequence[Envelope], *, fresh: bool) -> None:
        """Publish in order and wait until the broker has stored all of it; `fresh` when none of it can be there.

        Raises:
            Fenced: the lease may have expired meanwhile.
            BrokerForgot: the broker numbers from lower than it did.
        """
        if not self.lease.current:
            raise Fenced(self.lease.name)
        before, publisher = self._progress.stored, self._publisher
        together = fresh and self._takes_batches and WORTHWHILE <= len(batch) <= MOST_TOGETHER
        stored = await (publisher.publish_together if together else publisher.publish_each)(batch)
        if stored.first is not None and stored.first <= before:
            raise BrokerForgot
        self._progress = Progress(self._progress.head, batch[-1].published_seq, max(before, stored.last))

    async def _reconcile(self) -> None:
        """Compare the broker's memory with ours, and set `reached` back to what it still has."""
        self._reconnects = self._broker.stats["reconnects"]
        async with self._system.transaction() as connection:
            progress = await self.lease.verify(connection)
        info = await ensure_stream(self._jetstream, self.service, replicas=self._replicas)
        self._takes_batches = bool(info.config.allow_atomic)  # of a broker before 2.12 it says nothing
        if info.state.last_seq < progress.stored:
            kept = await last_published(self._jetstream, self.service, info)
            # A number above `reached` was published into a stream that had been wiped before.
            kept = 0 if kept > progress.reached else kept
            log.warning("broker lost events", service=self.service, kept=kept, reached=progress.reached)
            reached = max(kept, await self._horizon(progress.reached))
            progress = Progress(progress.head, reached, info.state.last_seq)
        self._progress = progress
        await self._store_progress()

    async def _horizon(self, reached: int) -> int:
        """The number before the oldest event that the stream would still hold, at most `reached`."""
        event = self._frame.event
        oldest = sa.select(sa.func.min(event.c.published_seq)).where(event.c.recorded >= datetime.now(UTC) - MAX_AGE)
        async with self._system.transaction() as connection:
            found = await connection.scalar(oldest)
        return reached if found is None else min(int(found) - 1, reached)

    async def _store_progress(self) -> None:
        if self._progress != self._stored:
            async with self._system.transaction() as connection:
                await self.lease.advance(connection, self._progress)
            self._stored = self._progress

    async def _wait(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._poll):
                await self._written.wait()
        self._written.clear()
