"""The tables of what was done with customers, is to be done, and is worth knowing; and of their timelines."""

from __future__ import annotations

import sqlalchemy as sa

from rapport_contact.domain.activity import Activity
from rapport_contact.domain.note import Note
from rapport_contact.domain.task import Task
from rapport_contact.storage.readers import readers_of_note
from rapport_contact.storage.tables.schema import follows, part_of, part_of_customer, schema, stamped
from rapport_kit.auth.permissions import restrict
from rapport_kit.schema.types import text

activity = schema.map(
    Activity,
    "activity",
    *part_of_customer(),
    sa.Index(None, "tenant", "person_id", "id"),
    sa.Index(None, "tenant", "organisation_id", "id"),
    sa.Index(None, "tenant", "owner_id", "id"),
    sa.Index(None, "tenant", "team_id", "id"),
    sa.Index(None, "tenant", "type", "id"),
    sa.Index(None, "tenant", "subject", "id"),
    sa.Index(None, "tenant", "start_time", "id"),
    *stamped(),
)
activity_participant = schema.child_tables(Activity)["participants"]
activity_participant.append_constraint(part_of("person"))
sa.Index(None, activity_participant.c.tenant, activity_participant.c.person_id)

note = schema.map(
    Note,
    "note",
    *part_of_customer(),
    sa.Index(None, "tenant", "person_id", "id"),
    sa.Index(None, "tenant", "organisation_id", "id"),
    sa.Index(None, "tenant", "owner_id", "id"),
    sa.Index(None, "tenant", "team_id", "id"),
    *stamped(),
)
restrict(note, readers_of_note)

task = schema.map(
    Task,
    "task",
    *part_of_customer(),
    sa.Index(None, "tenant", "person_id", "id"),
    sa.Index(None, "tenant", "organisation_id", "id"),
    sa.Index(None, "tenant", "owner_id", "due_time", "id"),
    sa.Index(None, "tenant", "team_id", "id"),
    sa.Index(None, "tenant", "title", "id"),
    sa.Index(None, "tenant", "due_time", "id"),
    sa.Index(None, "tenant", "priority", "id"),
    sa.Index(None, "tenant", "state", "id"),
    sa.Index(None, "tenant", "complete_time", "id"),
    *stamped(),
)

# Not partitioned: a page reads one customer's entries of all months, which is one walk down one index, and nothing is
# dropped by age.
timeline_entry = sa.Table(
    "timeline_entry",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.Uuid),
    sa.Column("organisation_id", sa.Uuid),
    sa.Column("occurred", sa.TIMESTAMP(timezone=True), nullable=False),
    sa.Column("recorded", sa.TIMESTAMP(timezone=True), nullable=False),
    sa.Column("kind", text(), nullable=False),
    sa.Column("channel", text(), nullable=False),
    sa.Column("direction", text(), nullable=False),
    sa.Column("actor", sa.Uuid, nullable=False),
    sa.Column("summary", text(), nullable=False),
    sa.Column("resource", text(), nullable=False),
    sa.Column("record_id", sa.Uuid, nullable=False),
    sa.Column("corrects", sa.Uuid),
    sa.Column("retracted", sa.Boolean, nullable=False),
    sa.Column("source", text(), nullable=False),
    sa.Column("aggregate", sa.Uuid, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("place", sa.SmallInteger, nullable=False),
    *part_of_customer(),
    sa.CheckConstraint("person_id IS NOT NULL OR organisation_id IS NOT NULL", name="customer"),
    sa.UniqueConstraint("tenant", "source", "aggregate", "sequence", "place"),
    sa.Index(None, "tenant", "person_id", "occurred", "id", postgresql_where=sa.text("person_id IS NOT NULL")),
    sa.Index(
        None, "tenant", "organisation_id", "occurred", "id", postgresql_where=sa.text("organisation_id IS NOT NULL")
    ),
    sa.Index(None, "tenant", "corrects", postgresql_where=sa.text("corrects IS NOT NULL")),
    comment="What happened with customers, from the events of every service; nothing is ever changed here.",
)

follows(activity, "person_id", "organisation_id")
follows(activity_participant, "person_id")
follows(note, "person_id", "organisation_id")
follows(task, "person_id", "organisation_id")
follows(timeline_entry, "person_id", "organisation_id")
