"""People and organisations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rapport_kit.migrations import (
    Parent,
    create_search_function,
    drop_search_function,
    forget_unique,
    frame,
    keep_unique,
    secure,
)

revision = "0001"
down_revision = None


def upgrade() -> None:
    frame.create(op)
    op.create_table(
        "colleague",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_colleague")),
        comment="Identity's users: who can own a record, and which team that makes it.",
    )
    op.create_table(
        "organisation",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("display_name", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "external_ids",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "annotations",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("legal_name", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "domains", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("industry", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("size_band", sa.Text(collation="C"), nullable=True),
        sa.Column("annual_revenue_minor", sa.BigInteger(), nullable=True),
        sa.Column("annual_revenue_currency", sa.Text(collation="C"), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column(
            "tax_ids", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("search", postgresql.TSVECTOR(), server_default=sa.text("''::tsvector"), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_organisation")),
    )
    op.create_index(
        op.f("ix_organisation_search"),
        "organisation",
        ["search"],
        unique=False,
        postgresql_using="gin",
        postgresql_with={"gin_pending_list_limit": 1024},
    )
    op.create_index(
        op.f("ix_organisation_tenant_create_time_id"), "organisation", ["tenant", "create_time", "id"], unique=False
    )
    op.create_index(
        op.f("ix_organisation_tenant_display_name_id"), "organisation", ["tenant", "display_name", "id"], unique=False
    )
    op.create_index(
        op.f("ix_organisation_tenant_industry_id"), "organisation", ["tenant", "industry", "id"], unique=False
    )
    op.create_index(
        op.f("ix_organisation_tenant_owner_id_id"), "organisation", ["tenant", "owner_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_organisation_tenant_parent_id_id"), "organisation", ["tenant", "parent_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_organisation_tenant_team_id_id"), "organisation", ["tenant", "team_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_organisation_tenant_update_time_id"), "organisation", ["tenant", "update_time", "id"], unique=False
    )
    op.create_table(
        "person",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("display_name", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "external_ids",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "annotations",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("given_name", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("family_name", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("middle_name", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("name_prefix", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("name_suffix", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("locale", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("time_zone", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("lifecycle_stage", sa.Text(collation="C"), nullable=False),
        sa.Column("job_title", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("search", postgresql.TSVECTOR(), server_default=sa.text("''::tsvector"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "organisation_id"],
            ["organisation.tenant", "organisation.id"],
            name=op.f("fk_person_tenant_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_person")),
    )
    op.create_index(
        op.f("ix_person_search"),
        "person",
        ["search"],
        unique=False,
        postgresql_using="gin",
        postgresql_with={"gin_pending_list_limit": 1024},
    )
    op.create_index(op.f("ix_person_tenant_create_time_id"), "person", ["tenant", "create_time", "id"], unique=False)
    op.create_index(op.f("ix_person_tenant_display_name_id"), "person", ["tenant", "display_name", "id"], unique=False)
    op.create_index(op.f("ix_person_tenant_family_name_id"), "person", ["tenant", "family_name", "id"], unique=False)
    op.create_index(op.f("ix_person_tenant_given_name_id"), "person", ["tenant", "given_name", "id"], unique=False)
    op.create_index(
        op.f("ix_person_tenant_lifecycle_stage_id"), "person", ["tenant", "lifecycle_stage", "id"], unique=False
    )
    op.create_index(
        op.f("ix_person_tenant_organisation_id_id"), "person", ["tenant", "organisation_id", "id"], unique=False
    )
    op.create_index(op.f("ix_person_tenant_owner_id_id"), "person", ["tenant", "owner_id", "id"], unique=False)
    op.create_index(op.f("ix_person_tenant_team_id_id"), "person", ["tenant", "team_id", "id"], unique=False)
    op.create_index(op.f("ix_person_tenant_update_time_id"), "person", ["tenant", "update_time", "id"], unique=False)
    op.create_table(
        "tenant_profile",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_tenant_profile")),
        comment="What contact knows of the tenant itself; id repeats tenant.",
    )
    op.create_table(
        "organisation_channel",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("label", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("primary", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("normalized", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("verified_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("bounced_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("opted_out", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("valid_from", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("valid_to", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("source", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "organisation_id"],
            ["organisation.tenant", "organisation.id"],
            name=op.f("fk_organisation_channel_tenant_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_organisation_channel")),
    )
    op.create_index(
        op.f("ix_organisation_channel_tenant_organisation_id_position"),
        "organisation_channel",
        ["tenant", "organisation_id", "position"],
        unique=False,
    )
    op.create_table(
        "organisation_external_id",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("system", sa.Text(collation="C"), nullable=False),
        sa.Column("value", sa.Text(collation="C"), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "organisation_id"],
            ["organisation.tenant", "organisation.id"],
            name=op.f("fk_organisation_external_id_tenant_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "system", "value", name=op.f("pk_organisation_external_id")),
    )
    op.create_index(
        op.f("ix_organisation_external_id_tenant_organisation_id"),
        "organisation_external_id",
        ["tenant", "organisation_id"],
        unique=False,
    )
    op.create_table(
        "person_channel",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("label", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("primary", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("normalized", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("verified_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("bounced_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("opted_out", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("valid_from", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("valid_to", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("source", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_person_channel_tenant_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_person_channel")),
    )
    op.create_index(
        op.f("ix_person_channel_tenant_normalized"), "person_channel", ["tenant", "normalized"], unique=False
    )
    op.create_index(
        op.f("ix_person_channel_tenant_person_id_position"),
        "person_channel",
        ["tenant", "person_id", "position"],
        unique=False,
    )
    op.create_table(
        "person_external_id",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("system", sa.Text(collation="C"), nullable=False),
        sa.Column("value", sa.Text(collation="C"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_person_external_id_tenant_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "system", "value", name=op.f("pk_person_external_id")),
    )
    op.create_index(
        op.f("ix_person_external_id_tenant_person_id"), "person_external_id", ["tenant", "person_id"], unique=False
    )
    secure(op, "colleague", "tenant_profile")
    secure(op, "person", "organisation", search=True)
    secure(op, "person_channel", "organisation_channel", delete=True)
    secure(op, "person_external_id", "organisation_external_id", delete=True)
    for table in ("person", "organisation"):
        keep_unique(op, f"{table}_external_id", of=table, column="external_ids", keys=("system", "value"))
    create_search_function(op, "person_search", table="person", parent=Parent("organisation_id", "organisation"))


def downgrade() -> None:
    drop_search_function(op, "person_search")
    for table in ("person", "organisation"):
        forget_unique(op, f"{table}_external_id", of=table)
    op.drop_table("person_external_id")
    op.drop_table("person_channel")
    op.drop_table("organisation_external_id")
    op.drop_table("organisation_channel")
    op.drop_table("tenant_profile")
    op.drop_table("person")
    op.drop_table("organisation")
    op.drop_table("colleague")
    frame.drop(op)
