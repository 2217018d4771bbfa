"""The tables of people, and the keyed hashes under which one who is alike is looked for."""

from __future__ import annotations

import sqlalchemy as sa

from rapport.contact.v1 import people_pb2
from rapport_contact.domain.person import Person
from rapport_contact.storage.documents import search_document
from rapport_contact.storage.match_keys import keys_of_person
from rapport_contact.storage.tables.schema import EXTERNAL_ID, follows, part_of, schema, stamped
from rapport_kit.schema.search import search_column
from rapport_kit.schema.unique_values import unique_values

person = schema.map(
    Person,
    "person",
    search_column(search_document),
    sa.ForeignKeyConstraint(["tenant", "organisation_id"], ["organisation.tenant", "organisation.id"]),
    part_of("person", "merged_into"),
    sa.Index(None, "tenant", "merged_into", postgresql_where=sa.text("merged_into IS NOT NULL")),
    sa.Index(None, "search", postgresql_using="gin", postgresql_with={"gin_pending_list_limit": 1024}),
    sa.Index(None, "tenant", "display_name", "id"),
    sa.Index(None, "tenant", "given_name", "id"),
    sa.Index(None, "tenant", "family_name", "id"),
    sa.Index(None, "tenant", "lifecycle_stage", "id"),
    *stamped(),
    sa.Index(None, "tenant", "organisation_id", postgresql_where=sa.text("organisation_id IS NOT NULL")),
    sa.Index(None, "tenant", "owner_id", "id"),
    sa.Index(None, "tenant", "team_id", postgresql_where=sa.text("team_id IS NOT NULL")),
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
    part_of("person"),
    # Were the tenant first, the planner might take this index for a look-up by key: to it a new tenant has one row.
    sa.Index(None, "person_id", "tenant"),
    comment="Keyed hashes under which a person is looked for when another is like it.",
)
KEYED_BY = (
    *("given_name", "middle_name", "family_name", "display_name"),
    *("birth_date", "organisation_id", "channels", "merged_into", "delete_time"),
)
schema.derive_rows(Person, match_key, "key", keys_of_person, KEYED_BY)

follows(person, "organisation_id")
