"""What an operator does about parked events: list them, look at them, replay them in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from rapport_kit.bus.delivery import Delivery
from rapport_kit.bus.envelope import Envelope
from rapport_kit.bus.faults import describe
from rapport_kit.schema.frame import Frame


@dataclass(frozen=True, slots=True)
class ParkedAggregate:
    """The unit of parking and replay: a failed event and the tail behind it."""

    tenant: UUID
    source: str
    aggregate: UUID
    resource: str
    type: str
    error: str
    since: datetime
    letters: int


@dataclass(frozen=True, slots=True)
class Letter:
    """One parked event; `error` is empty for one that waits behind another."""

    event: Envelope
    error: str
    parked_at: datetime


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many events a replay handled; `error` says what stopped it, empty when nothing is left."""

    handled: int
    error: str = ""


async def parked(system: AsyncConnection, frame: Frame, *, limit: int = 100) -> list[ParkedAggregate]:
    """The parked aggregates of every tenant, those that wait longest first."""
    letter = frame.dead_letter
    key = (letter.c.tenant, letter.c.source, letter.c.aggregate)
    numbered = sa.select(
        *key,
        letter.c.headers,
        letter.c.error,
        sa.func.row_number().over(partition_by=key, order_by=letter.c.sequence).label("place"),
        sa.func.count().over(partition_by=key).label("letters"),
        sa.func.min(letter.c.parked_at).over(partition_by=key).label("since"),
    ).subquery()
    first = sa.select(numbered).where(numbered.c.place == 1).order_by(numbered.c.since).limit(limit)
    return [
        ParkedAggregate(
            tenant=row.tenant,
            source=row.source,
            aggregate=row.aggregate,
            resource=row.headers["ce-resource"],
            type=row.headers["ce-type"],
            error=row.error,
            since=row.since,
            letters=row.letters,
        )
        for row in await system.execute(first)
    ]


async def letters(connection: AsyncConnection, frame: Frame, source: str, aggregate: UUID) -> list[Letter]:
    """The parked events of one aggregate, in order."""
    letter = frame.dead_letter
    statement = (
        sa.select(letter.c.headers, letter.c.payload, letter.c.error, letter.c.parked_at)
        .where(letter.c.source == source, letter.c.aggregate == aggregate)
        .order_by(letter.c.sequence)
    )
    return [
        Letter(Envelope.of_message(row.headers, row.payload), row.error, row.parked_at)
        for row in await connection.execute(statement)
    ]


async def replay(delivery: Delivery, tenant: UUID, aggregate: UUID) -> Replayed:
    """Handle the parked events of one aggregate in order, each in its own transaction; then let the aggregate go on.

    Stops at the first that fails again, which stays parked with its tail. May run any number of times, also beside
    itself and beside the consumer: the position's row lock keeps them in line.
    """
    handled = 0
    while True:
        async with delivery.database.transaction(tenant) as connection:
            waiting = await letters(connection, delivery.frame, delivery.name, aggregate)
        if not waiting:
            return Replayed(handled)
        for letter in waiting:
            try:
                handled += await _replay_one(delivery, letter.event)
            except Gap:
                return Replayed(handled, f"the event before sequence {letter.event.sequence} has not arrived")
            except Exception as error:  # noqa: BLE001 - a subscriber may raise anything
                return Replayed(handled, describe(error))


class Gap(Exception):
    """The predecessor of a parked event is missing."""


async def _replay_one(delivery: Delivery, event: Envelope) -> bool:
    """Handle one parked event and take it out; false when somebody else has."""
    position, letter = delivery.frame.position, delivery.frame.dead_letter
    this = (position.c.tenant == event.tenant, position.c.source == delivery.name)
    that = (letter.c.tenant == event.tenant, letter.c.source == delivery.name, letter.c.aggregate == event.aggregate)
    here = sa.and_(*this, position.c.aggregate == event.aggregate)
    async with delivery.unit(event) as uow:
        reached = await uow.connection.scalar(sa.select(position.c.sequence).where(here).with_for_update())
        due = reached == event.sequence - 1
        if reached is None or reached < event.sequence - 1:
            raise Gap
        if due:
            await uow.connection.execute(sa.update(position).where(here).values(sequence=event.sequence, failures=0))
            await delivery.handle(event, uow)
        await uow.connection.execute(sa.delete(letter).where(*that, letter.c.sequence == event.sequence))
        left = await uow.connection.scalar(sa.select(sa.func.count()).select_from(letter).where(*that))
        if not left:
            await uow.connection.execute(sa.update(position).where(here).values(parked=False))
    delivery.committed(uow)
    return due
