"""Brings one event into effect: gate, handler and position in one transaction, with retries, then the dead letters."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import structlog
from google.protobuf.message import DecodeError, Message
from opentelemetry.trace import SpanKind

from rapport_kit.blobs import Blobs
from rapport_kit.bus.acting import service_principal
from rapport_kit.bus.backoff import Backoff
from rapport_kit.bus.envelope import Envelope
from rapport_kit.bus.faults import describe, passes
from rapport_kit.bus.gate import Gate, Outcome
from rapport_kit.cause import Cause
from rapport_kit.database import Database
from rapport_kit.privacy.classified import ends_subject
from rapport_kit.service import Following, Subscriber
from rapport_kit.telemetry import metrics, traces
from rapport_kit.uow import UnitOfWork

ATTEMPTS = 5
"""Failed attempts after which an event and its aggregate's tail are parked."""
WIDTH = 8
"""Events of different aggregates that are handled at a time; each takes a connection of the pool."""

log = structlog.get_logger(__name__)


class Delivery:
    """What `service`, or a projection of it, does about the events of `source`; `database` connects as the app role.

    `name` is what positions go by, `durable` the consumer's name at the broker.
    """

    def __init__(
        self,
        service: str,
        source: str,
        subscribers: Mapping[type[Message], Subscriber],
        database: Database,
        unit_of_work: type[UnitOfWork],
        *,
        projection: str = "",
        attempts: int = ATTEMPTS,
        width: int = WIDTH,
        retry_after: float = 0.2,
        committed: Callable[[UnitOfWork], None] = lambda uow: None,
        blobs: Blobs | None = None,
    ) -> None:
        self.service = service
        self.source = source
        self.database = database
        self.frame = unit_of_work.schema.frame
        self.name = Following(source, subscribers, projection).name
        self.durable = f"{service}-{projection}" if projection else service
        self.gate = Gate(self.frame, self.name)
        self._subscribers = {message.DESCRIPTOR.full_name: (message, do) for message, do in subscribers.items()}
        files = {message.DESCRIPTOR.file for message in subscribers}
        told = [message for file in files for message in file.message_types_by_name.values()]
        self._ends_subject = {message.full_name for message in told if ends_subject(message)}
        self._unit_of_work = unit_of_work
        self._attempts = attempts
        self._retry_after = retry_after
        self.committed = committed
        self._blobs = blobs
        self._slots = asyncio.Semaphore(width)

    async def settle(self, event: Envelope, *, complete: bool) -> Outcome:
        """Handle `event` or park it, however long that takes; only EARLY leaves it to another try by the caller."""
        if event.type in self._ends_subject:
            self._unit_of_work.subject_keys.forget(event.tenant, event.aggregate)
        backoff = Backoff(self._retry_after)
        while True:
            try:
                async with self._slots:
                    return await self._attempt(event, complete)
            except Exception as error:  # noqa: BLE001 - a subscriber may raise anything
                if await self._give_up(event, error, complete):
                    return Outcome.PARKED
            await backoff.sleep()

    def unit(self, event: Envelope) -> UnitOfWork:
        """The unit of work that handles `event`: ours, on behalf of who caused it, in the same trace."""
        principal = service_principal(self.service, event.tenant, event.on_behalf_of or event.actor)
        cause = Cause(job=f"{self.source}:{event.published_seq}", traceparent=traces.current_traceparent())
        uow = self._unit_of_work(self.database, principal, cause=cause, blobs=self._blobs)
        uow.event = event
        return uow

    async def handle(self, event: Envelope, uow: UnitOfWork) -> None:
        """Run the subscriber, if there is one for this type."""
        if event.type in self._subscribers:
            message, subscriber = self._subscribers[event.type]
            fact = message.FromString(event.payload)
            await uow.privacy.open(fact)
            await subscriber(fact, uow)

    async def _attempt(self, event: Envelope, complete: bool) -> Outcome:
        if event.type not in self._subscribers:
            async with self.database.transaction(event.tenant) as connection:
                return await self.gate.enter(connection, event, complete=complete)
        with traces.span(f"handle {event.type}", SpanKind.CONSUMER, traceparent=event.traceparent):
            async with self.unit(event) as uow:
                outcome = await self.gate.enter(uow.connection, event, complete=complete)
                if outcome is Outcome.HANDLED:
                    await self.handle(event, uow)
        metrics.EVENTS_HANDLED.labels(self.service, event.type, outcome.name.lower()).inc()
        self.committed(uow)
        return outcome

    async def _give_up(self, event: Envelope, error: Exception, complete: bool) -> bool:
        """Count the failure in a transaction of its own; true when that parked the event."""
        known = {"source": self.source, "type": event.type, "published_seq": event.published_seq}
        if passes(error, self.frame.event.metadata):
            log.warning("event waits", error=describe(error), **known)
            return False
        allowed = 1 if isinstance(error, DecodeError) else self._attempts
        try:
            async with self.database.transaction(event.tenant) as connection:
                outcome = await self.gate.fail(connection, event, describe(error), allowed=allowed, complete=complete)
        except Exception as failure:  # noqa: BLE001 - the event is tried again in any case
            log.warning("failure not counted", error=describe(failure), **known)
            return False
        log.error("event failed", error=describe(error), parked=outcome is Outcome.PARKED, **known)
        return outcome is Outcome.PARKED
