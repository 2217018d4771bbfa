"""Follows one source service: brings each of its events into effect, once and in the order of its aggregate.

One consumer per service and source holds a lease; the gate keeps it right even while two believe they hold it. It
takes everything the source publishes, so that it can tell by the dense numbers how far it has come.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod

import structlog

from rapport_kit.bus.backoff import Backoff
from rapport_kit.bus.delivery import Delivery
from rapport_kit.bus.envelope import Envelope
from rapport_kit.bus.faults import describe
from rapport_kit.bus.gate import Outcome
from rapport_kit.bus.lanes import Lanes
from rapport_kit.bus.watermark import Watermark
from rapport_kit.database import Database
from rapport_kit.database_errors import INTERRUPTIONS
from rapport_kit.lease import TTL, Fenced, Lease, Progress

IN_FLIGHT = 512
"""Events taken and not yet settled."""

log = structlog.get_logger(__name__)


class Consumer(ABC):
    """Runs `delivery` on everything its source publishes; `system` connects as the system role."""

    def __init__(self, delivery: Delivery, system: Database, *, ttl: float = TTL) -> None:
        self.source = delivery.source
        self.watermark = Watermark()
        self.lease = Lease(system, delivery.frame, lease_name(delivery.name), ttl=ttl)
        self._delivery = delivery
        self._system = system
        self._lanes = Lanes()
        self._places = asyncio.Semaphore(IN_FLIGHT)
        self._stored = Progress(0, 0, 0)

    async def run(self) -> None:
        """Consume until cancelled; whatever is away is waited for."""
        backoff = Backoff()
        while True:
            try:
                await self.lease.guard(self._follow)
            except* Fenced:
                log.warning("consumer fenced", source=self.source)
            except* INTERRUPTIONS as errors:
                log.warning("consumer interrupted", source=self.source, error=describe(errors))
            await backoff.sleep()

    @abstractmethod
    async def _take_in(self, tasks: asyncio.TaskGroup) -> None:
        """Settle events as they come, from the first that is not settled, for ever: here or in `tasks`."""

    async def _follow(self) -> None:
        async with self._system.transaction() as connection:
            self._stored = await self.lease.verify(connection)
        self.watermark = Watermark(self._stored.reached)
        self._places = asyncio.Semaphore(IN_FLIGHT)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._store_forever())
            await self._take_in(tasks)

    async def _settle(self, event: Envelope, *, complete: bool) -> Outcome:
        """In the line of its aggregate; tasks ask for their turn in the order in which they were made."""
        async with self._lanes.turn((event.tenant, event.aggregate)):
            if self.watermark.is_settled(event.published_seq):
                return Outcome.SEEN
            outcome = await self._delivery.settle(event, complete=complete)
        if outcome is not Outcome.EARLY:
            self.watermark.settle(event.published_seq)
        return outcome

    async def _store_forever(self) -> None:
        """Store the watermark now and then: a lost one only means to ask the gate once more."""
        while True:
            await asyncio.sleep(1)
            progress = Progress(self.watermark.head, self.watermark.reached, 0)
            if progress != self._stored:
                async with self._system.transaction() as connection:
                    await self.lease.advance(connection, progress)
                self._stored = progress


def lease_name(following: str) -> str:
    """The lease of one consumer: under which a service, or one of its projections, follows a source."""
    return f"consume:{following}"
