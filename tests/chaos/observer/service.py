"""The observer's manifest, tables and subscribers; once more under another name, for one that comes late."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from rapport.contact.v1 import events_pb2
from rapport_kit.schema import Schema
from rapport_kit.service import Service, Subscriber
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
fact = sa.Table(
    "fact",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("number", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("subject", sa.Uuid, nullable=False),
    comment="Every event that took effect and is no change of a record.",
    implicit_returning=False,
)
record = sa.Table(
    "record",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("plural", sa.Text, nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    comment="What the last event said of each record.",
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


def changes(plural: str, field: str) -> Subscriber:
    """The subscriber of an event that has a record in a field."""

    async def changed(event: Any, uow: ObserverUnitOfWork) -> None:
        await note(plural, getattr(event, field), uow)

    return changed


def facts(subject: str) -> Subscriber:
    """The subscriber of an event that says in a field which record it is about."""

    async def told(event: Any, uow: ObserverUnitOfWork) -> None:
        values = {"tenant": uow.tenant, "name": event.DESCRIPTOR.name, "subject": UUID(getattr(event, subject))}
        await uow.connection.execute(sa.insert(fact).values(values))

    return told


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


SUBSCRIBERS = {
    events_pb2.PersonChanged: changes("people", "person"),
    events_pb2.OrganisationChanged: changes("organisations", "organisation"),
    events_pb2.ActivityChanged: changes("activities", "activity"),
    events_pb2.NoteChanged: changes("notes", "note"),
    events_pb2.TaskChanged: changes("tasks", "task"),
    events_pb2.MergeChanged: changes("merges", "merge"),
    events_pb2.ImportJobChanged: changes("importJobs", "import_job"),
    events_pb2.TaskCompleted: facts("task_id"),
    events_pb2.PeopleMerged: facts("merge_id"),
    events_pb2.PeopleUnmerged: facts("merge_id"),
    events_pb2.ImportCompleted: facts("import_job_id"),
}


def _named(name: str) -> Service:
    return Service(name, ObserverUnitOfWork, subscribers=SUBSCRIBERS, migrations=f"{__package__}.migrations")


observer = _named("observer")
latecomer = _named("latecomer")
