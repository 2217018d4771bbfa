"""The tables of contact: one line per aggregate, and plain tables for what is known of other services' records.

Each field that a list can be sorted by has an index that ends in `id`, which lists break ties by. What is in the trash
is in the indexes too: it is little, and may be listed as well.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from rapport.contact.v1 import merges_pb2, people_pb2
from rapport_contact.domain.acquisition import Acquisition
from rapport_contact.domain.activity import Activity
from rapport_contact.domain.channel_preference import ChannelPreference
from rapport_contact.domain.consent import Consent
from rapport_contact.domain.contact_attempt import ContactAttempt
from rapport_contact.domain.duplicate import DuplicateCandidate
from rapport_contact.domain.file import File
from rapport_contact.domain.import_job import ImportJob
from rapport_contact.domain.lifecycle import LifecycleMove
from rapport_contact.domain.match_policy import MatchPolicy
from rapport_contact.domain.merge import Merge
from rapport_contact.domain.note import Note
from rapport_contact.domain.organisation import Organisation
from rapport_contact.domain.person import Person
from rapport_contact.domain.preference import Preference, PreferenceKey
from rapport_contact.domain.task import Task
from rapport_contact.storage.documents import search_document
from rapport_contact.storage.keys import follows
from rapport_contact.storage.match_keys import keys_of
from rapport_contact.storage.readers import readers_of_note
from rapport_kit.auth.permissions import restrict
from rapport_kit.schema import Schema
from rapport_kit.schema.search import search_column
from rapport_kit.schema.types import text
from rapport_kit.schema.unique_values import unique_values

EXTERNAL_ID = ("system", "value")

schema = Schema("contact")

person = schema.map(
    Person,
    "person",
    search_column(search_document),
    sa.ForeignKeyConstraint(["tenant", "organisation_id"], ["organisation.tenant", "organisation.id"]),
    sa.ForeignKeyConstraint(["tenant", "merged_into"], ["person.tenant", "person.id"], ondelete="CASCADE"),
    sa.Index(None, "tenant", "merged_into", postgresql_where=sa.text("merged_into IS NOT NULL")),
    sa.Index(None, "search", postgresql_using="gin", postgresql_with={"gin_pending_list_limit": 1024}),
    sa.Index(None, "tenant", "display_name", "id"),
    sa.Index(None, "tenant", "given_name", "id"),
    sa.Index(None, "tenant", "family_name", "id"),
    sa.Index(None, "tenant", "lifecycle_stage", "id"),
    sa.Index(None, "tenant", "create_time", "id"),
    sa.Index(None, "tenant", "update_time", "id"),
    sa.Index(None, "tenant", "organisation_id", "id"),
    sa.Index(None, "tenant", "owner_id", "id"),
    sa.Index(None, "tenant", "team_id", "id"),
    contract=people_pb2.Person,
)
person_channel = schema.child_tables(Person)["channels"]
sa.Index(None, person_channel.c.tenant, person_channel.c.normalized)
unique_values(schema.metadata, "person_external_id", of="person", keys=EXTERNAL_ID)

match_key = sa.Table(
    "match_key",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, nullable=False),
    sa.Column("key", sa.Text(collation="C"), nullable=False),
    sa.Column("person_id", sa.Uuid, nullable=False),
    sa.PrimaryKeyConstraint("tenant", "key", "person_id"),
    sa.ForeignKeyConstraint(["tenant", "person_id"], ["person.tenant", "person.id"], ondelete="CASCADE"),
    sa.Index(None, "tenant", "person_id"),
    comment="Keyed hashes under which a person is looked for when another is like it.",
)
KEYED_BY = (
    *("given_name", "middle_name", "family_name", "display_name"),
    *("birth_date", "organisation_id", "channels", "merged_into"),
)
schema.derive_rows(Person, match_key, "key", keys_of, KEYED_BY)

organisation = schema.map(
    Organisation,
    "organisation",
    search_column(search_document),
    sa.Index(None, "search", postgresql_using="gin", postgresql_with={"gin_pending_list_limit": 1024}),
    sa.Index(None, "tenant", "display_name", "id"),
    sa.Index(None, "tenant", "industry", "id"),
    sa.Index(None, "tenant", "create_time", "id"),
    sa.Index(None, "tenant", "update_time", "id"),
    sa.Index(None, "tenant", "parent_id", "id"),
    sa.Index(None, "tenant", "owner_id", "id"),
    sa.Index(None, "tenant", "team_id", "id"),
)
unique_values(schema.metadata, "organisation_external_id", of="organisation", keys=EXTERNAL_ID)


def _about_person() -> sa.ForeignKeyConstraint:
    """What is about a person goes with the person: erasure and merging follow these keys."""
    return sa.ForeignKeyConstraint(["tenant", "person_id"], ["person.tenant", "person.id"], ondelete="CASCADE")


consent = schema.map(
    Consent,
    "consent",
    _about_person(),
    sa.Index(None, "tenant", "person_id", "create_time", "id"),
    sa.Index(None, "tenant", "effective_time", "id"),
    sa.Index(None, "tenant", "create_time", "id"),
    sa.Index(None, "tenant", "update_time", "id"),
)
channel_preference = schema.map(
    ChannelPreference,
    "channel_preference",
    _about_person(),
    sa.Index(None, "tenant", "person_id", "create_time", "id"),
    sa.Index(None, "tenant", "rank", "id"),
    sa.Index(None, "tenant", "create_time", "id"),
    sa.Index(None, "tenant", "update_time", "id"),
)
contact_attempt = schema.map(
    ContactAttempt,
    "contact_attempt",
    _about_person(),
    sa.Index(None, "tenant", "person_id", "attempt_time", "id"),
    sa.Index(None, "tenant", "attempt_time", "id"),
    sa.Index(None, "tenant", "create_time", "id"),
    sa.Index(None, "tenant", "update_time", "id"),
)
lifecycle_move = schema.map(
    LifecycleMove,
    "lifecycle_move",
    _about_person(),
    sa.Index(None, "tenant", "person_id", "create_time", "id"),
    sa.Index(None, "tenant", "create_time", "id"),
    sa.Index(None, "tenant", "update_time", "id"),
)
acquisition = schema.map(
    Acquisition,
    "acquisition",
    _about_person(),
    sa.ForeignKeyConstraint(
        ["tenant", "referrer_person_id"],
        ["person.tenant", "person.id"],
        ondelete="SET NULL (referrer_person_id)",
    ),
    sa.Index(None, "tenant", "person_id", "capture_time", "id"),
    sa.Index(None, "tenant", "referrer_person_id"),
    sa.Index(None, "tenant", "capture_time", "id"),
    sa.Index(None, "tenant", "create_time", "id"),
    sa.Index(None, "tenant", "update_time", "id"),
)
preference_key = schema.map(
    PreferenceKey,
    "preference_key",
    sa.UniqueConstraint("tenant", "key"),
    sa.Index(None, "tenant", "display_name", "id"),
    sa.Index(None, "tenant", "create_time", "id"),
    sa.Index(None, "tenant", "update_time", "id"),
)
preference = schema.map(
    Preference,
    "preference",
    _about_person(),
    sa.ForeignKeyConstraint(["tenant", "key"], ["preference_key.tenant", "preference_key.key"]),
    sa.Index(None, "tenant", "person_id", "create_time", "id"),
    sa.Index(None, "tenant", "key"),
    sa.Index(None, "tenant", "valid_from", "id"),
    sa.Index(None, "tenant", "create_time", "id"),
    sa.Index(None, "tenant", "update_time", "id"),
)


def about_customer() -> tuple[sa.ForeignKeyConstraint, ...]:
    """What goes with the person, or the organisation, that it is about."""
    return tuple(
        sa.ForeignKeyConstraint(["tenant", f"{of}_id"], [f"{of}.tenant", f"{of}.id"], ondelete="CASCADE")
        for of in ("person", "organisation")
    )


activity = schema.map(
    Activity,
    "activity",
    *about_customer(),
    sa.Index(None, "tenant", "person_id", "id"),
    sa.Index(None, "tenant", "organisation_id", "id"),
    sa.Index(None, "tenant", "owner_id", "id"),
    sa.Index(None, "tenant", "team_id", "id"),
    sa.Index(None, "tenant", "type", "id"),
    sa.Index(None, "tenant", "subject", "id"),
    sa.Index(None, "tenant", "start_time", "id"),
    sa.Index(None, "tenant", "create_time", "id"),
    sa.Index(None, "tenant", "update_time", "id"),
)
activity_participant = schema.child_tables(Activity)["participants"]
activity_participant.append_constraint(
    sa.ForeignKeyConstraint(["tenant", "person_id"], ["person.tenant", "person.id"], ondelete="CASCADE")
)
sa.Index(None, activity_participant.c.tenant, activity_participant.c.person_id)

note = schema.map(
    Note,
    "note",
    *about_customer(),
    sa.Index(None, "tenant", "person_id", "id"),
    sa.Index(None, "tenant", "organisation_id", "id"),
    sa.Index(None, "tenant", "owner_id", "id"),
    sa.Index(None, "tenant", "team_id", "id"),
    sa.Index(None, "tenant", "create_time", "id"),
    sa.Index(None, "tenant", "update_time", "id"),
)
restrict(note, readers_of_note)

task = schema.map(
    Task,
    "task",
    *about_customer(),
    sa.Index(None, "tenant", "person_id", "id"),
    sa.Index(None, "tenant", "organisation_id", "id"),
    sa.Index(None, "tenant", "owner_id", "due_time", "id"),
    sa.Index(None, "tenant", "team_id", "id"),
    sa.Index(None, "tenant", "title", "id"),
    sa.Index(None, "tenant", "due_time", "id"),
    sa.Index(None, "tenant", "priority", "id"),
    sa.Index(None, "tenant", "state", "id"),
    sa.Index(None, "tenant", "complete_time", "id"),
    sa.Index(None, "tenant", "create_time", "id"),
    sa.Index(None, "tenant", "update_time", "id"),
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
    *about_customer(),
    sa.CheckConstraint("person_id IS NOT NULL OR organisation_id IS NOT NULL", name="customer"),
    sa.UniqueConstraint("tenant", "source", "aggregate", "sequence", "place"),
    sa.Index(None, "tenant", "person_id", "occurred", "id", postgresql_where=sa.text("person_id IS NOT NULL")),
    sa.Index(
        None, "tenant", "organisation_id", "occurred", "id", postgresql_where=sa.text("organisation_id IS NOT NULL")
    ),
    sa.Index(None, "tenant", "corrects", postgresql_where=sa.text("corrects IS NOT NULL")),
    comment="What happened with customers, from the events of every service; nothing is ever changed here.",
)

colleague = sa.Table(
    "colleague",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("team_id", sa.Uuid),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("time_zone", sa.Text, nullable=False, server_default=""),
    comment="Identity's users: who can own a record, and which team that makes it.",
)

tenant_profile = sa.Table(
    "tenant_profile",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("region", sa.Text, nullable=False),
    sa.Column("time_zone", sa.Text, nullable=False, server_default=""),
    comment="What contact knows of the tenant itself; id repeats tenant.",
)

import_job = schema.map(
    ImportJob,
    "import_job",
    sa.Index(None, "tenant", "create_time", "id"),
    sa.Index(None, "tenant", "update_time", "id"),
    sa.Index(None, "tenant", "owner_id", "id"),
)
_OF_A_JOB = (["tenant", "import_job_id"], ["import_job.tenant", "import_job.id"])

imported_record = sa.Table(
    "imported_record",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("import_job_id", sa.Uuid, primary_key=True),
    sa.Column("record_id", sa.Uuid, primary_key=True),
    sa.Column("resource", sa.Text(collation="C"), nullable=False),
    sa.Column("row", sa.BigInteger, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("before", sa.BigInteger, nullable=False),
    sa.ForeignKeyConstraint(*_OF_A_JOB, ondelete="CASCADE"),
    comment="What a job wrote: the version it left, and the sequence of the record before (0: it made the record).",
)

import_fault = sa.Table(
    "import_fault",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("import_job_id", sa.Uuid, primary_key=True),
    sa.Column("row", sa.BigInteger, primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("column", sa.Text(collation="C"), nullable=False),
    sa.Column("reason", sa.Text(collation="C"), nullable=False),
    sa.Column("message", sa.Text(collation="C"), nullable=False),
    sa.Column("notice", sa.Boolean, nullable=False),
    sa.ForeignKeyConstraint(*_OF_A_JOB, ondelete="CASCADE"),
    comment="What is wrong with the rows of a file; never a value of it.",
)

import_mapping = sa.Table(
    "import_mapping",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("signature", sa.Text(collation="C"), primary_key=True),
    sa.Column("mapping", JSONB, nullable=False),
    sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
    comment="The mapping that was last used for files with the same columns.",
)

file = schema.map(
    File,
    "file",
    *about_customer(),
    sa.Index(None, "tenant", "file_name", "id"),
    sa.Index(None, "tenant", "create_time", "id"),
    sa.Index(None, "tenant", "update_time", "id"),
    sa.Index(None, "tenant", "person_id", "id"),
    sa.Index(None, "tenant", "organisation_id", "id"),
    sa.Index(None, "tenant", "sha256", "id"),
    sa.Index(None, "tenant", "owner_id", "id"),
    sa.Index(None, "tenant", "team_id", "id"),
)

blob = sa.Table(
    "blob",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("sha256", sa.Text(collation="C"), primary_key=True),
    sa.Column("key", sa.Text(collation="C"), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("references", sa.BigInteger, nullable=False),
    sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
    comment="Contents of files, each stored once for a tenant; references counts the files that are not deleted.",
)

duplicate_candidate = schema.map(
    DuplicateCandidate,
    "duplicate_candidate",
    sa.ForeignKeyConstraint(["tenant", "person_id"], ["person.tenant", "person.id"], ondelete="CASCADE"),
    sa.ForeignKeyConstraint(["tenant", "other_person_id"], ["person.tenant", "person.id"], ondelete="CASCADE"),
    sa.UniqueConstraint("tenant", "person_id", "other_person_id"),
    sa.Index(None, "tenant", "other_person_id"),
    sa.Index(None, "tenant", "score", "id"),
    sa.Index(None, "tenant", "create_time", "id"),
)
match_policy = schema.map(MatchPolicy, "match_policy")

duplicate_scan = sa.Table(
    "duplicate_scan",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("running", sa.Boolean, nullable=False),
    sa.Column("after", sa.Uuid),
    sa.Column("scanned", sa.BigInteger, nullable=False),
    sa.Column("skipped_keys", sa.BigInteger, nullable=False),
    sa.Column("start_time", sa.TIMESTAMP(timezone=True)),
    sa.Column("end_time", sa.TIMESTAMP(timezone=True)),
    sa.Column("followed_time", sa.TIMESTAMP(timezone=True)),
    sa.Column("followed_id", sa.Uuid),
    comment="How far the search for duplicates is: through all people, and through those that changed since.",
)

tenant_key = sa.Table(
    "tenant_key",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("version", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
    sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
    sa.Column("retire_time", sa.TIMESTAMP(timezone=True)),
    comment="Wrap the keys of subjects; wrapped with a master key. Version 0 is the key of the blind indexes.",
)

# No foreign keys: checking them would lock the one row of a tenant in every creation. A version is kept for an hour
# after nothing is wrapped with it, and a subject's key goes with the person, by name, when the person is erased.
subject_key = sa.Table(
    "subject_key",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("subject", sa.Uuid, primary_key=True),
    sa.Column("tenant_key_version", sa.BigInteger, nullable=False),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
    sa.Index(None, "tenant", "tenant_key_version"),
    comment="A key for each person; without it nothing that was sealed for that person can be read.",
)

erasure = sa.Table(
    "erasure",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("erase_time", sa.TIMESTAMP(timezone=True), nullable=False),
    sa.Column("receipt", sa.Text, nullable=False),
    comment="People who were erased, with the receipt: it says nothing of who they were.",
)

merge = schema.map(
    Merge,
    "merge",
    sa.ForeignKeyConstraint(["tenant", "survivor_id"], ["person.tenant", "person.id"], ondelete="CASCADE"),
    sa.Index(None, "tenant", "survivor_id"),
    sa.Index(None, "tenant", "create_time", "id"),
    sa.Index(None, "tenant", "update_time", "id"),
    contract=merges_pb2.Merge,
)


follows(acquisition, "person_id", "referrer_person_id")
follows(activity, "person_id")
follows(activity_participant, "person_id")
follows(channel_preference, "person_id")
follows(consent, "person_id")
follows(contact_attempt, "person_id")
follows(file, "person_id")
follows(note, "person_id")
follows(preference, "person_id")
follows(task, "person_id")
follows(timeline_entry, "person_id")
