"""Duplicates: keys of people, pairs, the policy, and the timers of tenants that are there already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rapport_kit.migrations import secure

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "duplicate_scan",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("running", sa.Boolean(), nullable=False),
        sa.Column("after", sa.Uuid(), nullable=True),
        sa.Column("scanned", sa.BigInteger(), nullable=False),
        sa.Column("skipped_keys", sa.BigInteger(), nullable=False),
        sa.Column("start_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("end_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("followed_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("followed_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_duplicate_scan")),
        comment="How far the search for duplicates is: through all people, and through those that changed since.",
    )
    op.create_table(
        "match_policy",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("mode", sa.Text(collation="C"), nullable=False),
        sa.Column("review_score", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("block_score", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "weights", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_match_policy")),
    )
    op.create_table(
        "duplicate_candidate",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("other_person_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "reasons", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("state", sa.Text(collation="C"), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decide_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("compared", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "other_person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_duplicate_candidate_tenant_other_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_duplicate_candidate_tenant_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_duplicate_candidate")),
        sa.UniqueConstraint(
            "tenant",
            "person_id",
            "other_person_id",
            name=op.f("uq_duplicate_candidate_tenant_person_id_other_person_id"),
        ),
    )
    op.create_index(
        op.f("ix_duplicate_candidate_tenant_create_time_id"),
        "duplicate_candidate",
        ["tenant", "create_time", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_duplicate_candidate_tenant_other_person_id"),
        "duplicate_candidate",
        ["tenant", "other_person_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_duplicate_candidate_tenant_score_id"), "duplicate_candidate", ["tenant", "score", "id"], unique=False
    )
    op.create_table(
        "match_key",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(collation="C"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_match_key_tenant_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "key", "person_id", name=op.f("pk_match_key")),
        comment="Keyed hashes under which a person is looked for when another is like it.",
    )
    op.create_index(op.f("ix_match_key_tenant_person_id"), "match_key", ["tenant", "person_id"], unique=False)
    secure(op, "duplicate_scan", "match_policy")
    secure(op, "duplicate_candidate", "match_key", delete=True)
    _follow_known_tenants()


def _follow_known_tenants() -> None:
    """Let the job that follows a tenant's people begin where nobody else will: new tenants are heard of by event.

    It begins with the first person, and so also writes the keys of all who are stored.
    """
    for table in ("tenant_profile", "timer"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "INSERT INTO timer (tenant, kind, key, due_at, try_at, every)"
        " SELECT tenant, 'contact.duplicates.follow', '', now(), now(), interval '30 seconds' FROM tenant_profile"
    )
    for table in ("tenant_profile", "timer"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.execute("ALTER TABLE timer NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM timer WHERE kind LIKE 'contact.duplicates.%'")
    op.execute("ALTER TABLE timer FORCE ROW LEVEL SECURITY")
    op.drop_table("match_key")
    op.drop_table("duplicate_candidate")
    op.drop_table("match_policy")
    op.drop_table("duplicate_scan")
