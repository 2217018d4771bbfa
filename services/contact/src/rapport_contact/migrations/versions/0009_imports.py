"""Imports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rapport_kit.migrations import secure

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "import_job",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("file_name", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("file_format", sa.Text(collation="C"), nullable=False),
        sa.Column("file_size", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("encoding", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("delimiter", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "columns", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("resource", sa.Text(collation="C"), nullable=False),
        sa.Column("preset", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "mapping", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("policy", sa.Text(collation="C"), nullable=False),
        sa.Column("bad_values", sa.Text(collation="C"), nullable=False),
        sa.Column("date_order", sa.Text(collation="C"), nullable=False),
        sa.Column("state", sa.Text(collation="C"), nullable=False),
        sa.Column("failure", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("read_size", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("row_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("changed_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("skipped_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("refused_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("undone_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("left_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("start_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("end_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("file_key", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("first_byte", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_row", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("update_scope", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "reached_teams",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_import_job")),
    )
    op.create_index(
        op.f("ix_import_job_tenant_create_time_id"), "import_job", ["tenant", "create_time", "id"], unique=False
    )
    op.create_index(op.f("ix_import_job_tenant_owner_id_id"), "import_job", ["tenant", "owner_id", "id"], unique=False)
    op.create_index(
        op.f("ix_import_job_tenant_update_time_id"), "import_job", ["tenant", "update_time", "id"], unique=False
    )
    op.create_table(
        "import_mapping",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("signature", sa.Text(collation="C"), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "signature", name=op.f("pk_import_mapping")),
        comment="The mapping that was last used for files with the same columns.",
    )
    op.create_table(
        "import_fault",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("import_job_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("column", sa.Text(collation="C"), nullable=False),
        sa.Column("reason", sa.Text(collation="C"), nullable=False),
        sa.Column("message", sa.Text(collation="C"), nullable=False),
        sa.Column("notice", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "import_job_id"],
            ["import_job.tenant", "import_job.id"],
            name=op.f("fk_import_fault_tenant_import_job_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "import_job_id", "row", "place", name=op.f("pk_import_fault")),
        comment="What is wrong with the rows of a file; never a value of it.",
    )
    op.create_table(
        "imported_record",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("import_job_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("resource", sa.Text(collation="C"), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "import_job_id"],
            ["import_job.tenant", "import_job.id"],
            name=op.f("fk_imported_record_tenant_import_job_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "import_job_id", "record_id", name=op.f("pk_imported_record")),
        comment="What a job wrote: the version it left, and the sequence of the record before (0: it made the record).",
    )
    secure(op, "import_job")
    secure(op, "import_mapping")
    secure(op, "import_fault", delete=True)
    secure(op, "imported_record", delete=True)


def downgrade() -> None:
    op.drop_table("imported_record")
    op.drop_table("import_fault")
    op.drop_table("import_mapping")
    op.drop_table("import_job")
