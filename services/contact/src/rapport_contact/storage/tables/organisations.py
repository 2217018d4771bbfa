"""The tables of organisations, and the keyed hashes under which one that is alike is looked for."""

from __future__ import annotations

import sqlalchemy as sa

from rapport_contact.domain.organisation import Organisation
from rapport_contact.storage.documents import search_document
from rapport_contact.storage.match_keys import keys_of_organisation
from rapport_contact.storage.tables.schema import EXTERNAL_ID, follows, part_of, schema, stamped
from rapport_kit.schema.search import search_column
from rapport_kit.schema.unique_values import unique_values

organisation = schema.map(
    Organisation,
    "organisation",
    search_column(search_document),
    sa.ForeignKeyConstraint(["tenant", "parent_id"], ["organisation.tenant", "organisation.id"]),
    part_of("organisation", "merged_into"),
    sa.Index(None, "tenant", "merged_into", postgresql_where=sa.text("merged_into IS NOT NULL")),
    sa.Index(None, "search", postgresql_using="gin", postgresql_with={"gin_pending_list_limit": 1024}),
    sa.Index(None, "tenant", "display_name", "id"),
    sa.Index(None, "tenant", "industry", "id"),
    *stamped(),
    sa.Index(None, "tenant", "parent_id", "id"),
    sa.Index(None, "tenant", "owner_id", "id"),
    sa.Index(None, "tenant", "team_id", "id"),
)
unique_values(schema.metadata, "organisation_external_id", of="organisation", keys=EXTERNAL_ID)
organisation_channel = schema.child_tables(Organisation)["channels"]

organisation_match_key = sa.Table(
    "organisation_match_key",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, nullable=False),
    sa.Column("key", sa.Text(collation="C"), nullable=False),
    sa.Column("organisation_id", sa.Uuid, nullable=False),
    sa.PrimaryKeyConstraint("tenant", "key", "organisation_id"),
    part_of("organisation"),
    sa.Index(None, "tenant", "organisation_id"),
    comment="Keyed hashes under which an organisation is looked for when another is like it.",
)
KEYED_BY = ("display_name", "legal_name", "domains", "tax_ids", "channels", "merged_into", "delete_time")
schema.derive_rows(Organisation, organisation_match_key, "key", keys_of_organisation, KEYED_BY)

follows(organisation, "parent_id")
