"""The manifest of the noting service, and its one subscriber."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from rapport.contact.v1.events_pb2 import PersonChanged
from rapport_kit.schema import Schema
from rapport_kit.service import Service
from rapport_kit.uow import UnitOfWork

schema = Schema("bench")

arrival = sa.Table(
    "arrival",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
)


class BenchUnitOfWork(UnitOfWork):
    """One transaction of the noting service."""

    schema = schema


async def person_changed(event: PersonChanged, uow: BenchUnitOfWork) -> None:
    """Note that the person's creation was heard of; when, the server knows of its own (`track_commit_timestamp`)."""
    await uow.connection.execute(sa.insert(arrival).values(tenant=uow.tenant, id=UUID(event.person.id)))


service = Service(
    "bench",
    BenchUnitOfWork,
    subscribers={PersonChanged: person_changed},
    migrations=f"{__package__}.migrations",
)
