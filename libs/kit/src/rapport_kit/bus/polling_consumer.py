"""Follows the service that it belongs to, from the table in which that service's events are (EIP: Polling Consumer).

What is in one's own database need not come back from the broker. The history is complete up to its last event, in
order, and cannot be lost, so nothing is acknowledged here and no hole is to be healed.
"""

from __future__ import annotations

import asyncio
import contextlib

import sqlalchemy as sa
import structlog

from rapport_kit.bus.backoff import Backoff
from rapport_kit.bus.cancellation import heed_cancellation
from rapport_kit.bus.consumer import Consumer
from rapport_kit.bus.delivery import Delivery
from rapport_kit.bus.envelope import Envelope
from rapport_kit.bus.faults import describe
from rapport_kit.bus.history import ReadEvents
from rapport_kit.bus.relay import LEASE
from rapport_kit.database import Database
from rapport_kit.database_errors import INTERRUPTIONS
from rapport_kit.lease import TTL

PAGE = 256
POLL = 0.25
"""Seconds between looks at the table when nobody wakes the consumer: the relay may be in another process."""

log = structlog.get_logger(__name__)


class PollingConsumer(Consumer):
    """Settles what `read_events` finds."""

    def __init__(
        self, delivery: Delivery, system: Database, read_events: ReadEvents, *, poll: float = POLL, ttl: float = TTL
    ) -> None:
        super().__init__(delivery, system, ttl=ttl)
        self._read_events = read_events
        self._poll = poll
        self._numbered = asyncio.Event()

    def wake(self) -> None:
        """Events were numbered in this process: look now."""
        self._numbered.set()

    async def _take_in(self, tasks: asyncio.TaskGroup) -> None:
        after, backoff = self.watermark.reached, Backoff()
        while True:
            heed_cancellation()
            try:
                page = await self._read_events(after, PAGE)
            except INTERRUPTIONS as error:
                log.warning("history not read", source=self.source, error=describe(error))
                await backoff.sleep()
                continue
            backoff.reset()
            for event in page:
                self._pass_over(after, event.published_seq)
                await self._places.acquire()
                tasks.create_task(self._bring(event))
                after = event.published_seq
            if len(page) < PAGE:
                await self._wait()
            else:
                await self._see_the_end()

    async def _see_the_end(self) -> None:
        """There is more than was read: how far behind this is shows in the watermark."""
        lease = self._delivery.frame.lease
        newest = sa.select(lease.c.head).where(lease.c.name == LEASE)
        with contextlib.suppress(*INTERRUPTIONS):
            async with self._system.transaction() as connection:
                self.watermark.saw(int(await connection.scalar(newest) or 0))

    def _pass_over(self, after: int, number: int) -> None:
        """What is missing between two events of the history is out of retention."""
        if after == self.watermark.reached:  # in one step: it may be years
            self.watermark.settle_through(number - 1)
        for missing in range(max(after, self.watermark.reached) + 1, number):
            self.watermark.settle(missing)

    async def _bring(self, event: Envelope) -> None:
        self.watermark.saw(event.published_seq)
        try:
            await self._settle(event, complete=True)
        finally:
            self._places.release()

    async def _wait(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._poll):
                await self._numbered.wait()
        self._numbered.clear()
