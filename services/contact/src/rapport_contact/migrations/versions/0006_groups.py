"""Relations, tags and lists, milestones, hand-over, data quality."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rapport_kit.migrations import secure

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "contact_settings",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("leap_day", sa.Text(collation="C"), nullable=False),
        sa.Column("successor_id", sa.Uuid(), nullable=True),
        sa.Column(
            "person_quality_weights",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "organisation_quality_weights",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("stale_months", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_contact_settings")),
    )
    op.create_table(
        "hand_over",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("from_user_id", sa.Uuid(), nullable=True),
        sa.Column("to_user_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("state", sa.Text(collation="C"), nullable=False),
        sa.Column("person_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("organisation_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("end_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_hand_over")),
    )
    op.create_index(
        op.f("ix_hand_over_tenant_create_time_id"), "hand_over", ["tenant", "create_time", "id"], unique=False
    )
    op.create_index(
        op.f("ix_hand_over_tenant_from_user_id_id"), "hand_over", ["tenant", "from_user_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_hand_over_tenant_update_time_id"), "hand_over", ["tenant", "update_time", "id"], unique=False
    )
    op.create_table(
        "saved_view",
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
        sa.Column("resource_type", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("filter", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("order_by", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "columns", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("sharing", sa.Text(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_saved_view")),
    )
    op.create_index(
        op.f("ix_saved_view_tenant_create_time_id"), "saved_view", ["tenant", "create_time", "id"], unique=False
    )
    op.create_index(
        op.f("ix_saved_view_tenant_display_name_id"), "saved_view", ["tenant", "display_name", "id"], unique=False
    )
    op.create_index(op.f("ix_saved_view_tenant_owner_id_id"), "saved_view", ["tenant", "owner_id", "id"], unique=False)
    op.create_index(op.f("ix_saved_view_tenant_team_id_id"), "saved_view", ["tenant", "team_id", "id"], unique=False)
    op.create_index(
        op.f("ix_saved_view_tenant_update_time_id"), "saved_view", ["tenant", "update_time", "id"], unique=False
    )
    op.create_table(
        "static_list",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("display_name", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("description", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_static_list")),
    )
    op.create_index(
        op.f("ix_static_list_tenant_create_time_id"), "static_list", ["tenant", "create_time", "id"], unique=False
    )
    op.create_index(
        op.f("ix_static_list_tenant_display_name_id"), "static_list", ["tenant", "display_name", "id"], unique=False
    )
    op.create_index(
        op.f("ix_static_list_tenant_owner_id_id"), "static_list", ["tenant", "owner_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_static_list_tenant_update_time_id"), "static_list", ["tenant", "update_time", "id"], unique=False
    )
    op.create_table(
        "tag",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("display_name", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("colour", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("scope", sa.Text(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_tag")),
        sa.UniqueConstraint("tenant", "display_name", name=op.f("uq_tag_tenant_display_name")),
    )
    op.create_index(op.f("ix_tag_tenant_create_time_id"), "tag", ["tenant", "create_time", "id"], unique=False)
    op.create_index(op.f("ix_tag_tenant_display_name_id"), "tag", ["tenant", "display_name", "id"], unique=False)
    op.create_index(op.f("ix_tag_tenant_update_time_id"), "tag", ["tenant", "update_time", "id"], unique=False)
    op.create_table(
        "bulk_change",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(collation="C"), nullable=False),
        sa.Column("tag_id", sa.Uuid(), nullable=True),
        sa.Column("static_list_id", sa.Uuid(), nullable=True),
        sa.Column("resource", sa.Text(collation="C"), nullable=False),
        sa.Column("filter", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "list_ids", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("operation", sa.Text(collation="C"), nullable=False),
        sa.Column("reason", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("state", sa.Text(collation="C"), nullable=False),
        sa.Column("total_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("processed_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("matched_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("changed_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("end_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("cursor", sa.Uuid(), nullable=True),
        sa.Column(
            "reach", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "static_list_id"],
            ["static_list.tenant", "static_list.id"],
            name=op.f("fk_bulk_change_tenant_static_list_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "tag_id"],
            ["tag.tenant", "tag.id"],
            name=op.f("fk_bulk_change_tenant_tag_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_bulk_change")),
    )
    op.create_index(
        op.f("ix_bulk_change_tenant_create_time_id"), "bulk_change", ["tenant", "create_time", "id"], unique=False
    )
    op.create_index(
        op.f("ix_bulk_change_tenant_owner_id_id"), "bulk_change", ["tenant", "owner_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_bulk_change_tenant_static_list_id"), "bulk_change", ["tenant", "static_list_id"], unique=False
    )
    op.create_index(op.f("ix_bulk_change_tenant_tag_id"), "bulk_change", ["tenant", "tag_id"], unique=False)
    op.create_index(
        op.f("ix_bulk_change_tenant_update_time_id"), "bulk_change", ["tenant", "update_time", "id"], unique=False
    )
    op.create_table(
        "data_quality",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("dimensions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("issues", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reasons", sa.ARRAY(sa.Text(collation="C")), nullable=False),
        sa.Column("evaluation_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "organisation_id"],
            ["organisation.tenant", "organisation.id"],
            name=op.f("fk_data_quality_tenant_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_data_quality_tenant_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_data_quality")),
        comment="How good the data on a customer was when it was last looked at, to sort by; id is the customer's.",
    )
    op.create_index(
        op.f("ix_data_quality_tenant_evaluation_time_id"),
        "data_quality",
        ["tenant", "evaluation_time", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_data_quality_tenant_organisation_id"),
        "data_quality",
        ["tenant", "organisation_id"],
        unique=False,
        postgresql_where=sa.text("organisation_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_data_quality_tenant_person_id"),
        "data_quality",
        ["tenant", "person_id"],
        unique=False,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_data_quality_tenant_score_id"), "data_quality", ["tenant", "score", "id"], unique=False)
    op.create_table(
        "family_member",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sensitive", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_family_member_tenant_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_family_member")),
    )
    op.create_index(
        op.f("ix_family_member_tenant_create_time_id"), "family_member", ["tenant", "create_time", "id"], unique=False
    )
    op.create_index(
        op.f("ix_family_member_tenant_person_id_id"), "family_member", ["tenant", "person_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_family_member_tenant_update_time_id"), "family_member", ["tenant", "update_time", "id"], unique=False
    )
    op.create_table(
        "favourite",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "organisation_id"],
            ["organisation.tenant", "organisation.id"],
            name=op.f("fk_favourite_tenant_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_favourite_tenant_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_favourite")),
    )
    op.create_index(
        op.f("ix_favourite_tenant_create_time_id"), "favourite", ["tenant", "create_time", "id"], unique=False
    )
    op.create_index(
        op.f("ix_favourite_tenant_organisation_id"), "favourite", ["tenant", "organisation_id"], unique=False
    )
    op.create_index(op.f("ix_favourite_tenant_owner_id_id"), "favourite", ["tenant", "owner_id", "id"], unique=False)
    op.create_index(op.f("ix_favourite_tenant_person_id"), "favourite", ["tenant", "person_id"], unique=False)
    op.create_index(
        op.f("ix_favourite_tenant_update_time_id"), "favourite", ["tenant", "update_time", "id"], unique=False
    )
    op.create_table(
        "membership",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("tag_id", sa.Uuid(), nullable=True),
        sa.Column("static_list_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("set_id", sa.Uuid(), sa.Computed("COALESCE(tag_id, static_list_id)", persisted=True), nullable=True),
        sa.Column(
            "member_id", sa.Uuid(), sa.Computed("COALESCE(person_id, organisation_id)", persisted=True), nullable=True
        ),
        sa.Column("add_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(collation="C"), nullable=False),
        sa.Column("added_in", sa.Uuid(), nullable=True),
        sa.Column("remove_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("remover_id", sa.Uuid(), nullable=True),
        sa.Column("removed_in", sa.Uuid(), nullable=True),
        sa.CheckConstraint("num_nonnulls(person_id, organisation_id) = 1", name=op.f("ck_membership_one_member")),
        sa.CheckConstraint("num_nonnulls(tag_id, static_list_id) = 1", name=op.f("ck_membership_one_set")),
        sa.ForeignKeyConstraint(
            ["tenant", "organisation_id"],
            ["organisation.tenant", "organisation.id"],
            name=op.f("fk_membership_tenant_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_membership_tenant_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "static_list_id"],
            ["static_list.tenant", "static_list.id"],
            name=op.f("fk_membership_tenant_static_list_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "tag_id"], ["tag.tenant", "tag.id"], name=op.f("fk_membership_tenant_tag_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_membership")),
        comment="Who has a tag or is on a list, and who was; added_in and removed_in name bulk changes.",
    )
    op.create_index(
        op.f("ix_membership_tenant_added_in_member_id"),
        "membership",
        ["tenant", "added_in", "member_id"],
        unique=False,
        postgresql_where=sa.text("added_in IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_membership_tenant_organisation_id_member_id"),
        "membership",
        ["tenant", "organisation_id", "member_id"],
        unique=False,
        postgresql_where=sa.text("organisation_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_membership_tenant_person_id_member_id"),
        "membership",
        ["tenant", "person_id", "member_id"],
        unique=False,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_membership_tenant_removed_in_member_id"),
        "membership",
        ["tenant", "removed_in", "member_id"],
        unique=False,
        postgresql_where=sa.text("removed_in IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_membership_tenant_set_id_member_id"), "membership", ["tenant", "set_id", "member_id"], unique=False
    )
    op.create_table(
        "milestone",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "remind_days_before",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("sensitive", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_milestone_tenant_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_milestone")),
    )
    op.create_index(
        op.f("ix_milestone_tenant_create_time_id"), "milestone", ["tenant", "create_time", "id"], unique=False
    )
    op.create_index(op.f("ix_milestone_tenant_person_id_id"), "milestone", ["tenant", "person_id", "id"], unique=False)
    op.create_index(
        op.f("ix_milestone_tenant_update_time_id"), "milestone", ["tenant", "update_time", "id"], unique=False
    )
    op.create_table(
        "relation",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("to_person_id", sa.Uuid(), nullable=True),
        sa.Column("to_organisation_id", sa.Uuid(), nullable=True),
        sa.Column("type", sa.Text(collation="C"), nullable=False),
        sa.Column("title", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("strength", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("note", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_relation_tenant_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "to_organisation_id"],
            ["organisation.tenant", "organisation.id"],
            name=op.f("fk_relation_tenant_to_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "to_person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_relation_tenant_to_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_relation")),
    )
    op.create_index(
        op.f("ix_relation_tenant_create_time_id"), "relation", ["tenant", "create_time", "id"], unique=False
    )
    op.create_index(op.f("ix_relation_tenant_person_id_id"), "relation", ["tenant", "person_id", "id"], unique=False)
    op.create_index(
        op.f("ix_relation_tenant_to_organisation_id_id"),
        "relation",
        ["tenant", "to_organisation_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_relation_tenant_to_person_id_id"), "relation", ["tenant", "to_person_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_relation_tenant_update_time_id"), "relation", ["tenant", "update_time", "id"], unique=False
    )
    op.create_table(
        "milestone_notice",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("milestone_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("days_before", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "milestone_id"],
            ["milestone.tenant", "milestone.id"],
            name=op.f("fk_milestone_notice_tenant_milestone_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "milestone_id", "year", "days_before", name=op.f("pk_milestone_notice")),
        comment="What was told of a milestone: in each year once that it has come, and once for each reminder.",
    )
    op.add_column("tenant_profile", sa.Column("time_zone", sa.Text(), server_default="", nullable=False))
    secure(op, "bulk_change", "contact_settings", "hand_over", "milestone_notice", "saved_view", "static_list", "tag")
    secure(op, "data_quality", "family_member", "favourite", "membership", "milestone", "relation", delete=True)


def downgrade() -> None:
    op.drop_column("tenant_profile", "time_zone")
    op.drop_table("milestone_notice")
    op.drop_table("relation")
    op.drop_table("milestone")
    op.drop_table("membership")
    op.drop_table("favourite")
    op.drop_table("family_member")
    op.drop_table("data_quality")
    op.drop_table("bulk_change")
    op.drop_table("tag")
    op.drop_table("static_list")
    op.drop_table("saved_view")
    op.drop_table("hand_over")
    op.drop_table("contact_settings")
