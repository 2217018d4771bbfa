"""Merges, and whatever is about people follows them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rapport_contact.migrations.following import define_following, follow_merges, forget_following, unfollow_merges
from rapport_kit.migrations import secure

revision = "0008"
down_revision = "0007"

INTO = "fk_person_tenant_merged_into"
COLUMNS = ("person_id", "referrer_person_id", "to_person_id")
FOLLOWING = (
    ("acquisition", "person_id"),
    ("acquisition", "referrer_person_id"),
    ("activity", "person_id"),
    ("activity_participant", "person_id"),
    ("channel_preference", "person_id"),
    ("consent", "person_id"),
    ("contact_attempt", "person_id"),
    ("family_member", "person_id"),
    ("favourite", "person_id"),
    ("file", "person_id"),
    ("membership", "person_id"),
    ("milestone", "person_id"),
    ("note", "person_id"),
    ("preference", "person_id"),
    ("relation", "person_id"),
    ("relation", "to_person_id"),
    ("task", "person_id"),
    ("timeline_entry", "person_id"),
)


def upgrade() -> None:
    # People are written meanwhile, so their table is not locked for the index and the key. Each of these commits: they
    # come first, and may be run again.
    op.add_column("person", sa.Column("merged_into", sa.Uuid(), nullable=True), if_not_exists=True)
    op.execute(
        f"""
        DO $$ BEGIN
            ALTER TABLE person ADD CONSTRAINT {INTO} FOREIGN KEY (tenant, merged_into)
            REFERENCES person (tenant, id) ON DELETE CASCADE NOT VALID;
        EXCEPTION WHEN duplicate_object THEN NULL;
        END $$
        """
    )
    with op.get_context().autocommit_block():
        op.create_index(
            op.f("ix_person_tenant_merged_into"),
            "person",
            ["tenant", "merged_into"],
            postgresql_where=sa.text("merged_into IS NOT NULL"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )
    op.execute(f"ALTER TABLE person VALIDATE CONSTRAINT {INTO}")
    op.create_table(
        "merge",
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
        sa.Column("sensitive", sa.LargeBinary(), nullable=True),
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
            ["person.tenant", "person.id"],
            name=op.f("fk_merge_tenant_survivor_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_merge")),
    )
    op.create_index(op.f("ix_merge_tenant_create_time_id"), "merge", ["tenant", "create_time", "id"], unique=False)
    op.create_index(op.f("ix_merge_tenant_survivor_id"), "merge", ["tenant", "survivor_id"], unique=False)
    op.create_index(op.f("ix_merge_tenant_update_time_id"), "merge", ["tenant", "update_time", "id"], unique=False)
    secure(op, "merge", delete=True)
    for column in COLUMNS:
        define_following(op, column)
    for table, column in FOLLOWING:
        follow_merges(op, table, column)


def downgrade() -> None:
    for table, column in FOLLOWING:
        unfollow_merges(op, table, column)
    for column in COLUMNS:
        forget_following(op, column)
    op.drop_constraint(op.f(INTO), "person", type_="foreignkey")
    op.drop_index(
        op.f("ix_person_tenant_merged_into"), table_name="person", postgresql_where=sa.text("merged_into IS NOT NULL")
    )
    op.drop_column("person", "merged_into")
    op.drop_table("merge")
