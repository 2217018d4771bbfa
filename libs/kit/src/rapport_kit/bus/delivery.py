"""Brings events into effect: gate, handler and position in one transaction, with retries, then the dead letters.

Events of one tenant that wait at the same time share a transaction, and with it BEGIN, gate and COMMIT. If any of them
fails, each is settled alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from google.protobuf.message import DecodeError, Message
from opentelemetry.trace import Span, SpanKind
from sqlalchemy.ext.asyncio import AsyncConnection

from rapport_kit.blobs import Blobs
from rapport_kit.bus.acting import service_principal
from rapport_kit.bus.backoff import Backoff
from rapport_kit.bus.envelope import Envelope
from rapport_kit.bus.faults import describe, passes
from rapport_kit.bus.gate import Gate, Outcome
from rapport_kit.bus.interest import resources_told_of
from rapport_kit.cause import Cause
from rapport_kit.database import Database
from rapport_kit.privacy.classified import ends_subject
from rapport_kit.service import Following, Subscriber, Together, Told
from rapport_kit.telemetry import metrics, traces
from rapport_kit.uow import UnitOfWork

ATTEMPTS = 5
"""Failed attempts after which an event and its aggregate's tail are parked."""
WIDTH = 8
"""Transactions at a time; each takes a connection of the pool."""
TOGETHER = 128
"""Events of different aggregates that share a transaction at most."""

log = structlog.get_logger(__name__)


@dataclass(eq=False, slots=True)
class Waiting:
    """An event that waits for its turn, and what became of it in company; None when it is to be tried again alone."""

    event: Envelope
    complete: bool
    outcome: asyncio.Future[Outcome | None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


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
        self._resources = resources_told_of(subscribers)
        self._unit_of_work = unit_of_work
        self._attempts = attempts
        self._retry_after = retry_after
        self.committed = committed
        self._blobs = blobs
        self._slots = asyncio.Semaphore(width)
        self._waiting: dict[Waiting, None] = {}

    def is_for_us(self, type: str | None, resource: str | None) -> bool:  # noqa: A002 - the attribute's name
        """Whether anything is done about events of this type, of aggregates of this resource."""
        return type in self._ends_subject or self._follows(resource)

    def _follows(self, resource: str | None) -> bool:
        """False when no event of such an aggregate will ever be anything to us: it needs no position."""
        return not self._resources or resource in self._resources

    async def settle(self, event: Envelope, *, complete: bool) -> Outcome:
        """Handle `event` or park it, however long that takes; only EARLY leaves it to another try by the caller."""
        if event.type in self._ends_subject:
            self._unit_of_work.subject_keys.forget(event.tenant, event.aggregate)
        if not self._follows(event.resource):
            return Outcome.HANDLED
        backoff, attempt = Backoff(self._retry_after), self._in_company
        while True:
            try:
                outcome = await attempt(event, complete)
            except Exception as error:  # noqa: BLE001 - a subscriber may raise anything
                if await self._give_up(event, error, complete):
                    return Outcome.PARKED
                await backoff.sleep()
            else:
                if outcome is not None:
                    return outcome
            attempt = self._alone

    async def _in_company(self, event: Envelope, complete: bool) -> Outcome | None:
        """Try `event` with all that wait beside it; None when any of several failed."""
        waiting = Waiting(event, complete)
        self._waiting[waiting] = None
        try:
            await asyncio.sleep(0)  # what was brought together goes together
            if waiting in self._waiting:
                async with self._slots:
                    if waiting in self._waiting:
                        await self._try_company(self._company(waiting))
        finally:
            self._waiting.pop(waiting, None)
        return await waiting.outcome

    async def _alone(self, event: Envelope, complete: bool) -> Outcome | None:
        async with self._slots:
            return (await self._attempt([event], complete))[event.aggregate]

    def _company(self, first: Waiting) -> list[Waiting]:
        """Take those who wait and can share a transaction with `first`, one for each aggregate."""
        company: dict[UUID, Waiting] = {first.event.aggregate: first}
        for each in self._waiting:
            if len(company) == TOGETHER:
                break
            if (each.event.tenant, each.complete) == (first.event.tenant, first.complete):
                company.setdefault(each.event.aggregate, each)
        for each in company.values():
            self._waiting.pop(each, None)
        return list(company.values())

    async def _try_company(self, company: Sequence[Waiting]) -> None:
        outcomes: Mapping[UUID, Outcome] = {}
        try:
            outcomes = await self._attempt([each.event for each in company], company[0].complete)
        except Exception as error:
            if len(company) == 1:
                raise
            log.info("events part", source=self.source, events=len(company), error=describe(error))
        finally:
            for each in company:
                if not each.outcome.done():  # it is when whoever waited was cancelled
                    each.outcome.set_result(outcomes.get(each.event.aggregate))

    def unit(self, event: Envelope, *, within: AsyncConnection | None = None) -> UnitOfWork:
        """The unit of work that handles `event`: ours, on behalf of who caused it, in the same trace."""
        principal = service_principal(self.service, event.tenant, event.on_behalf_of or event.actor)
        cause = Cause(job=f"{self.source}:{event.published_seq}", traceparent=traces.current_traceparent())
        uow = self._unit_of_work(self.database, principal, cause=cause, by_key=True, blobs=self._blobs, within=within)
        uow.event = event
        return uow

    def _shared_unit(self, event: Envelope, connection: AsyncConnection) -> UnitOfWork:
        """A unit of work of our own, for what is done once for `event` and those that share its transaction."""
        principal = service_principal(self.service, event.tenant)
        return self._unit_of_work(self.database, principal, by_key=True, within=connection)

    async def handle(self, event: Envelope, uow: UnitOfWork) -> None:
        """Run the subscriber, if there is one for this type."""
        if event.type in self._subscribers:
            fact = self._fact(event)
            await uow.privacy.open(fact)
            await self._subscribers[event.type][1](fact, uow)

    def _fact(self, event: Envelope) -> Message:
        return self._subscribers[event.type][0].FromString(event.payload)

    async def _attempt(self, events: Sequence[Envelope], complete: bool) -> Mapping[UUID, Outcome]:
        """Settle events of different aggregates of a tenant in one transaction: what became of each aggregate's."""
        async with self.database.transaction(events[0].tenant, by_key=True) as connection:
            turns = await self.gate.move(connection, events, complete=complete)
            others = [event for event in events if event.aggregate not in turns]
            outcomes = dict.fromkeys(turns, Outcome.HANDLED) | await self.gate.turned_away(connection, others)
            units = await self._handle([event for event in events if event.aggregate in turns], connection)
        for event in events:
            if event.type in self._subscribers:
                outcome = outcomes[event.aggregate].name.lower()
                metrics.EVENTS_HANDLED.labels(self.service, event.type, outcome).inc()
        for uow in units:
            self.committed(uow)
        return outcomes

    async def _handle(self, events: Sequence[Envelope], connection: AsyncConnection) -> list[UnitOfWork]:
        """Run the subscribers of events whose turn it is; returns the units of work of those that have one each."""
        told = [(self._fact(event), event) for event in events if event.type in self._subscribers]
        if not told:
            return []
        await self._shared_unit(told[0][1], connection).privacy.open(*(fact for fact, _ in told))  # with one question
        by_subscriber: dict[Subscriber, list[Told]] = {}
        for fact, event in told:
            by_subscriber.setdefault(self._subscribers[event.type][1], []).append((fact, event))
        units = []
        for subscriber, theirs in by_subscriber.items():
            if isinstance(subscriber, Together):
                await self._handle_together(subscriber, theirs, connection)
            else:
                units += [await self._handle_one(subscriber, fact, event, connection) for fact, event in theirs]
        return units

    async def _handle_one(
        self, subscriber: Subscriber, fact: Message, event: Envelope, connection: AsyncConnection
    ) -> UnitOfWork:
        with self._span(event):
            async with self.unit(event, within=connection) as uow:
                await subscriber(fact, uow)
        return uow

    async def _handle_together(self, subscriber: Together, told: Sequence[Told], connection: AsyncConnection) -> None:
        with ExitStack() as spans:
            for _, event in told:
                if traces.is_recorded(event.traceparent):
                    spans.enter_context(self._span(event))
            async with self._shared_unit(told[0][1], connection) as uow:
                await subscriber.take(told, uow)

    def _span(self, event: Envelope) -> AbstractContextManager[Span]:
        return traces.span(f"handle {event.type}", SpanKind.CONSUMER, traceparent=event.traceparent)

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
