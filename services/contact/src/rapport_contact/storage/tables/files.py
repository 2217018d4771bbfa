"""The tables of files and their contents."""

from __future__ import annotations

import sqlalchemy as sa

from rapport_contact.domain.file import File
from rapport_contact.storage.tables.schema import follows, part_of_customer, schema, stamped

file = schema.map(
    File,
    "file",
    *part_of_customer(),
    sa.Index(None, "tenant", "file_name", "id"),
    *stamped(),
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

follows(file, "person_id", "organisation_id")
