"""Organisations that may be one, and merges of those that are, whose people and records follow."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rapport_contact.migrations.following import define_following, follow_merges, forget_following, unfollow_merges
from rapport_kit.migrations import secure

revision = "0013"
down_revision = "0011"

PAIR = ("organisation_id", "other_organisation_id")
REFERENCES = {"parent_id": "", "merged_into": " ON DELETE CASCADE"}
COLUMNS = ("organisation_id", "to_organisation_id", "parent_id")
FOLLOWING = (
    ("activity", "organisation_id"),
    ("favourite", "organisation_id"),
    ("file", "organisation_id"),
    ("membership", "organisation_id"),
    ("note", "organisation_id"),
    ("organisation", "parent_id"),
    ("person", "organisation_id"),
    ("relation", "to_organisation_id"),
    ("task", "organisation_id"),
    ("timeline_entry", "organisation_id"),
)


def upgrade() -> None:
    _refer()
    op.create_table(
        "organisation_match_key",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(collation="C"), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "organisation_id"],
            ["organisation.tenant", "organisation.id"],
            name=op.f("fk_organisation_match_key_tenant_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "key", "organisation_id", name=op.f("pk_organisation_match_key")),
        comment="Keyed hashes under which an organisation is looked for when another is like it.",
    )
    op.create_index(
        op.f("ix_organisation_match_key_tenant_organisation_id"),
        "organisation_match_key",
        ["tenant", "organisation_id"],
        unique=False,
    )
    secure(op, "organisation_match_key", delete=True)
    op.create_table(
        "duplicate_organisation",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("score", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "reasons", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("state", sa.Text(collation="C"), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decide_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("compared", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("other_organisation_id", sa.Uuid(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["tenant", column],
                ["organisation.tenant", "organisation.id"],
                name=op.f(f"fk_duplicate_organisation_tenant_{column}"),
                ondelete="CASCADE",
            )
            for column in PAIR
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_duplicate_organisation")),
        sa.UniqueConstraint("tenant", *PAIR, name="uq_duplicate_organisation_pair"),
    )
    for columns in (("create_time", "id"), ("other_organisation_id",), ("score", "id")):
        op.create_index(
            op.f(f"ix_duplicate_organisation_tenant_{'_'.join(columns)}"),
            "duplicate_organisation",
            ["tenant", *columns],
            unique=False,
        )
    secure(op, "duplicate_organisation", delete=True)
    op.create_table_comment(
        "duplicate_scan",
        "How far the search for duplicates is, for each kind: through all records, and through those that changed.",
    )
    op.create_table(
        "organisation_merge",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("survivor_id", sa.Uuid(), nullable=False),
        sa.Column(
            "merged_ids", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("state", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "field_choices",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "fields", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column(
            "channels", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column(
            "external_ids",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("unmerge_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("unmerged_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "survivor_id"],
            ["organisation.tenant", "organisation.id"],
            name=op.f("fk_organisation_merge_tenant_survivor_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_organisation_merge")),
    )
    op.create_index(
        op.f("ix_organisation_merge_tenant_create_time_id"),
        "organisation_merge",
        ["tenant", "create_time", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_organisation_merge_tenant_survivor_id"), "organisation_merge", ["tenant", "survivor_id"], unique=False
    )
    op.create_index(
        op.f("ix_organisation_merge_tenant_update_time_id"),
        "organisation_merge",
        ["tenant", "update_time", "id"],
        unique=False,
    )
    secure(op, "organisation_merge", delete=True)
    for column in COLUMNS:
        define_following(op, column, "organisation")
    for table, column in FOLLOWING:
        follow_merges(op, table, column)
    _timers(
        "UPDATE timer SET key = 'people' WHERE kind LIKE 'contact.duplicates.%'",
        "INSERT INTO timer (tenant, kind, key, due_at, try_at, every)"
        " SELECT tenant, kind, 'organisations', now(), now(), every"
        " FROM timer WHERE kind = 'contact.duplicates.follow'",
    )


def _refer() -> None:
    """Have organisations refer to one another: each step commits, comes first, and may be run again."""
    op.add_column("organisation", sa.Column("merged_into", sa.Uuid(), nullable=True), if_not_exists=True)
    for column, rule in REFERENCES.items():
        op.execute(
            f"""
            DO $$ BEGIN
                ALTER TABLE organisation ADD CONSTRAINT fk_organisation_tenant_{column} FOREIGN KEY (tenant, {column})
                REFERENCES organisation (tenant, id){rule} NOT VALID;
            EXCEPTION WHEN duplicate_object THEN NULL;
            END $$
            """
        )
    with op.get_context().autocommit_block():
        op.create_index(
            op.f("ix_organisation_tenant_merged_into"),
            "organisation",
            ["tenant", "merged_into"],
            postgresql_where=sa.text("merged_into IS NOT NULL"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )
    for column in REFERENCES:
        op.execute(f"ALTER TABLE organisation VALIDATE CONSTRAINT fk_organisation_tenant_{column}")


def _timers(*statements: str) -> None:
    """Change the timers of all tenants."""
    op.execute("ALTER TABLE timer NO FORCE ROW LEVEL SECURITY")
    for statement in statements:
        op.execute(statement)
    op.execute("ALTER TABLE timer FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    _timers(
        "DELETE FROM timer WHERE kind LIKE 'contact.duplicates.%' AND key = 'organisations'",
        "UPDATE timer SET key = '' WHERE kind LIKE 'contact.duplicates.%'",
    )
    op.create_table_comment(
        "duplicate_scan",
        "How far the search for duplicates is: through all people, and through those that changed since.",
    )
    for table, column in FOLLOWING:
        unfollow_merges(op, table, column)
    for column in COLUMNS:
        forget_following(op, column)
    op.drop_table("organisation_merge")
    for column in REFERENCES:
        op.drop_constraint(op.f(f"fk_organisation_tenant_{column}"), "organisation", type_="foreignkey")
    op.drop_index(
        op.f("ix_organisation_tenant_merged_into"),
        table_name="organisation",
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    op.drop_column("organisation", "merged_into")
    op.drop_table("duplicate_organisation")
    op.drop_table("organisation_match_key")
