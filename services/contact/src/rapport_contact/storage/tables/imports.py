"""The tables of imports: jobs, what they wrote, what was wrong with the rows, and mappings that were used."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from rapport_contact.domain.import_job import ImportJob
from rapport_contact.storage.tables.schema import part_of, schema, stamped

import_job = schema.map(
    ImportJob,
    "import_job",
    *stamped(),
    sa.Index(None, "tenant", "owner_id", "id"),
)
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
    part_of("import_job"),
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
    part_of("import_job"),
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
