"""Interests and their topics; groups and who belongs to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rapport_contact.migrations.following import follow_merges
from rapport_kit.migrations import secure

revision = "0010"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "interest_topic",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("display_name", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "parent_id"],
            ["interest_topic.tenant", "interest_topic.id"],
            name=op.f("fk_interest_topic_tenant_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_interest_topic")),
        sa.UniqueConstraint("tenant", "display_name", name=op.f("uq_interest_topic_tenant_display_name")),
    )
    op.create_index(
        op.f("ix_interest_topic_tenant_create_time_id"), "interest_topic", ["tenant", "create_time", "id"], unique=False
    )
    op.create_index(
        op.f("ix_interest_topic_tenant_display_name_id"),
        "interest_topic",
        ["tenant", "display_name", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_interest_topic_tenant_parent_id_id"), "interest_topic", ["tenant", "parent_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_interest_topic_tenant_update_time_id"), "interest_topic", ["tenant", "update_time", "id"], unique=False
    )
    op.create_table(
        "interest",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("interest_topic_id", sa.Uuid(), nullable=False),
        sa.Column("strength", sa.Double(), nullable=True),
        sa.Column("source", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "evidence", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("evidence_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "interest_topic_id"],
            ["interest_topic.tenant", "interest_topic.id"],
            name=op.f("fk_interest_tenant_interest_topic_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_interest_tenant_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_interest")),
    )
    op.create_index(
        op.f("ix_interest_tenant_create_time_id"), "interest", ["tenant", "create_time", "id"], unique=False
    )
    op.create_index(
        op.f("ix_interest_tenant_interest_topic_id_id"), "interest", ["tenant", "interest_topic_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_interest_tenant_person_id_interest_topic_id_id"),
        "interest",
        ["tenant", "person_id", "interest_topic_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_interest_tenant_update_time_id"), "interest", ["tenant", "update_time", "id"], unique=False
    )
    secure(op, "interest_topic")
    secure(op, "interest", delete=True)
    follow_merges(op, "interest")
    op.create_table(
        "customer_group",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("display_name", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("kind", sa.Text(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_customer_group")),
    )
    op.create_index(
        op.f("ix_customer_group_tenant_create_time_id"), "customer_group", ["tenant", "create_time", "id"], unique=False
    )
    op.create_index(
        op.f("ix_customer_group_tenant_display_name_id"),
        "customer_group",
        ["tenant", "display_name", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_customer_group_tenant_update_time_id"), "customer_group", ["tenant", "update_time", "id"], unique=False
    )
    op.create_table(
        "group_membership",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "group_id"],
            ["customer_group.tenant", "customer_group.id"],
            name=op.f("fk_group_membership_tenant_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "organisation_id"],
            ["organisation.tenant", "organisation.id"],
            name=op.f("fk_group_membership_tenant_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_group_membership_tenant_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_group_membership")),
    )
    op.create_index(
        op.f("ix_group_membership_tenant_create_time_id"),
        "group_membership",
        ["tenant", "create_time", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_group_membership_tenant_group_id_person_id"),
        "group_membership",
        ["tenant", "group_id", "person_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_group_membership_tenant_organisation_id_id"),
        "group_membership",
        ["tenant", "organisation_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_group_membership_tenant_person_id_id"), "group_membership", ["tenant", "person_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_group_membership_tenant_update_time_id"),
        "group_membership",
        ["tenant", "update_time", "id"],
        unique=False,
    )
    secure(op, "customer_group")
    secure(op, "group_membership", delete=True)
    follow_merges(op, "group_membership")
    follow_merges(op, "group_membership", "organisation_id")


def downgrade() -> None:
    op.drop_table("group_membership")
    op.drop_table("customer_group")
    op.drop_table("interest")
    op.drop_table("interest_topic")
