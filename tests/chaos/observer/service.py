"""The observer's manifest, tables and subscribers; once more under another name, for one that comes late."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from rapport.contact.v1.events_pb2 import OrganisationChanged, PersonChanged
from rapport_kit.schema import Schema
from rapport_kit.service import Service
from rapport_kit.uow import UnitOfWork

schema = Schema("observer")

effect = sa.Table(
    "effect",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("number", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("aggregate", sa.Uuid, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    comment="Every event that took effect, in the order in which it did; an aggregate's row lock orders its own.",
    implicit_returning=False,
)
record = sa.Table(
    "record",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("plural", sa.Text, nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    comment="What the last event said of each person and organisation.",
)
poison = sa.Table(
    "poison",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    comment="Records whose events fail here for as long as they are named.",
)


class Poisoned(Exception):
    """The events of a record that `poison` names fail."""


class ObserverUnitOfWork(UnitOfWork):
    """One transaction of the observer."""

    schema = schema


async def person_changed(event: PersonChanged, uow: ObserverUnitOfWork) -> None:
    """See `note`."""
    await note("people", event.person, uow)


async def organisation_changed(event: OrganisationChanged, uow: ObserverUnitOfWork) -> None:
    """See `note`."""
    await note("organisations", event.organisation, uow)


async def note(plural: str, message: Any, uow: ObserverUnitOfWork) -> None:
    """Append to the effects, then keep the state.

    Raises:
        Poisoned: the record is named in `poison`.
    """
    here, id_ = uow.connection, UUID(message.id)
    if await here.scalar(sa.select(poison.c.id).where(poison.c.tenant == uow.tenant, poison.c.id == id_)):
        raise Poisoned
    version = int(message.etag.strip('"'))
    taken = {"tenant": uow.tenant, "aggregate": id_, "version": version, "event": uow.cause.job}
    await here.execute(sa.insert(effect).values(taken))
    state = {"plural": plural, "payload": message.SerializeToString(deterministic=True)}
    keep = insert(record).values(tenant=uow.tenant, id=id_, **state)
    await here.execute(keep.on_conflict_do_update(index_elements=["tenant", "id"], set_=state))


def _named(name: str) -> Service:
    return Service(
        name,
        ObserverUnitOfWork,
        subscribers={PersonChanged: person_changed, OrganisationChanged: organisation_changed},
        migrations=f"{__package__}.migrations",
    )


observer = _named("observer")
latecomer = _named("latecomer")
