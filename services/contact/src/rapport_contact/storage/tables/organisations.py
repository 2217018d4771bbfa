"""The tables of organisations."""

from __future__ import annotations

import sqlalchemy as sa

from rapport_contact.domain.organisation import Organisation
from rapport_contact.storage.documents import search_document
from rapport_contact.storage.tables.schema import EXTERNAL_ID, schema, stamped
from rapport_kit.schema.search import search_column
from rapport_kit.schema.unique_values import unique_values

organisation = schema.map(
    Organisation,
    "organisation",
    search_column(search_document),
    sa.Index(None, "search", postgresql_using="gin", postgresql_with={"gin_pending_list_limit": 1024}),
    sa.Index(None, "tenant", "display_name", "id"),
    sa.Index(None, "tenant", "industry", "id"),
    *stamped(),
    sa.Index(None, "tenant", "parent_id", "id"),
    sa.Index(None, "tenant", "owner_id", "id"),
    sa.Index(None, "tenant", "team_id", "id"),
)
unique_values(schema.metadata, "organisation_external_id", of="organisation", keys=EXTERNAL_ID)
