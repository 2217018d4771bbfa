"""Subject keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from rapport_kit.migrations import secure
from rapport_kit.migrations.security import roles_of

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    # People are written meanwhile, so their table is not locked for the indexes. They commit what comes before them:
    # that comes first, and may be run again.
    for column in ("sensitive", "gender_blind", "birth_date_blind"):
        op.add_column("person", sa.Column(column, sa.LargeBinary(), nullable=True), if_not_exists=True)
    with op.get_context().autocommit_block():
        for column in ("gender_blind", "birth_date_blind"):
            op.create_index(
                op.f(f"ix_person_tenant_{column}_id"),
                "person",
                ["tenant", column, "id"],
                postgresql_concurrently=True,
                if_not_exists=True,
            )
    op.create_table(
        "subject_key",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("tenant_key_version", sa.BigInteger(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "subject", name=op.f("pk_subject_key")),
        comment="A key for each person; without it nothing that was sealed for that person can be read.",
    )
    op.create_index(
        op.f("ix_subject_key_tenant_tenant_key_version"), "subject_key", ["tenant", "tenant_key_version"], unique=False
    )
    op.create_table(
        "tenant_key",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("retire_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "version", name=op.f("pk_tenant_key")),
        comment="Wrap the keys of subjects; wrapped with a master key. Version 0 is the key of the blind indexes.",
    )
    op.create_table(
        "erasure",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("erase_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_erasure")),
        comment="People who were erased, with the receipt: it says nothing of who they were.",
    )
    secure(op, "erasure")
    secure(op, "subject_key", "tenant_key", delete=True)
    op.execute(f"GRANT DELETE ON person TO {roles_of(op).app}")
    op.execute(f"REVOKE ALL ON subject_key, tenant_key FROM {roles_of(op).readonly}")


def downgrade() -> None:
    for column in ("birth_date_blind", "gender_blind", "sensitive"):
        op.drop_column("person", column)
    op.execute(f"REVOKE DELETE ON person FROM {roles_of(op).app}")
    op.drop_table("erasure")
    op.drop_table("tenant_key")
    op.drop_table("subject_key")
