"""What is known of people beside their records: consents, preferences, touches, moves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rapport_kit.migrations import secure
from rapport_kit.migrations.security import roles_of

revision = "0003"
down_revision = "0002"

APPEND_ONLY = ("consent", "acquisition", "lifecycle_move")


def upgrade() -> None:
    op.create_table(
        "preference_key",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("key", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("display_name", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("value_type", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "choices", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_preference_key")),
        sa.UniqueConstraint("tenant", "key", name=op.f("uq_preference_key_tenant_key")),
    )
    op.create_index(
        op.f("ix_preference_key_tenant_create_time_id"), "preference_key", ["tenant", "create_time", "id"], unique=False
    )
    op.create_index(
        op.f("ix_preference_key_tenant_display_name_id"),
        "preference_key",
        ["tenant", "display_name", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_preference_key_tenant_update_time_id"), "preference_key", ["tenant", "update_time", "id"], unique=False
    )
    op.create_table(
        "acquisition",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(collation="C"), nullable=False),
        sa.Column("medium", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=True),
        sa.Column("referrer_person_id", sa.Uuid(), nullable=True),
        sa.Column(
            "utm", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("landing_url", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("capture_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("first_touch", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_acquisition_tenant_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "referrer_person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_acquisition_tenant_referrer_person_id"),
            ondelete="SET NULL (referrer_person_id)",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_acquisition")),
    )
    op.create_index(
        op.f("ix_acquisition_tenant_capture_time_id"), "acquisition", ["tenant", "capture_time", "id"], unique=False
    )
    op.create_index(
        op.f("ix_acquisition_tenant_create_time_id"), "acquisition", ["tenant", "create_time", "id"], unique=False
    )
    op.create_index(
        op.f("ix_acquisition_tenant_person_id_capture_time_id"),
        "acquisition",
        ["tenant", "person_id", "capture_time", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_acquisition_tenant_referrer_person_id"), "acquisition", ["tenant", "referrer_person_id"], unique=False
    )
    op.create_index(
        op.f("ix_acquisition_tenant_update_time_id"), "acquisition", ["tenant", "update_time", "id"], unique=False
    )
    op.create_table(
        "channel_preference",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(collation="C"), nullable=True),
        sa.Column("channel", sa.Text(collation="C"), nullable=False),
        sa.Column("rank", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("quiet_hours", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("set_by", sa.Text(collation="C"), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("source", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_channel_preference_tenant_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_channel_preference")),
    )
    op.create_index(
        op.f("ix_channel_preference_tenant_create_time_id"),
        "channel_preference",
        ["tenant", "create_time", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_channel_preference_tenant_person_id_create_time_id"),
        "channel_preference",
        ["tenant", "person_id", "create_time", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_channel_preference_tenant_rank_id"), "channel_preference", ["tenant", "rank", "id"], unique=False
    )
    op.create_index(
        op.f("ix_channel_preference_tenant_update_time_id"),
        "channel_preference",
        ["tenant", "update_time", "id"],
        unique=False,
    )
    op.create_table(
        "consent",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(collation="C"), nullable=True),
        sa.Column("channel", sa.Text(collation="C"), nullable=True),
        sa.Column("state", sa.Text(collation="C"), nullable=False),
        sa.Column("basis", sa.Text(collation="C"), nullable=False),
        sa.Column("source", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("text_version", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("proof", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("effective_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("expire_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_consent_tenant_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_tenant_create_time_id"), "consent", ["tenant", "create_time", "id"], unique=False)
    op.create_index(
        op.f("ix_consent_tenant_effective_time_id"), "consent", ["tenant", "effective_time", "id"], unique=False
    )
    op.create_index(
        op.f("ix_consent_tenant_person_id_create_time_id"),
        "consent",
        ["tenant", "person_id", "create_time", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_consent_tenant_update_time_id"), "consent", ["tenant", "update_time", "id"], unique=False)
    op.create_table(
        "contact_attempt",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(collation="C"), nullable=False),
        sa.Column("purpose", sa.Text(collation="C"), nullable=True),
        sa.Column("source", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("attempt_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("respond_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_contact_attempt_tenant_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_contact_attempt")),
    )
    op.create_index(
        op.f("ix_contact_attempt_tenant_attempt_time_id"),
        "contact_attempt",
        ["tenant", "attempt_time", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_contact_attempt_tenant_create_time_id"),
        "contact_attempt",
        ["tenant", "create_time", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_contact_attempt_tenant_person_id_attempt_time_id"),
        "contact_attempt",
        ["tenant", "person_id", "attempt_time", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_contact_attempt_tenant_update_time_id"),
        "contact_attempt",
        ["tenant", "update_time", "id"],
        unique=False,
    )
    op.create_table(
        "lifecycle_move",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("from_stage", sa.Text(collation="C"), nullable=False),
        sa.Column("to_stage", sa.Text(collation="C"), nullable=False),
        sa.Column("outcome", sa.Text(collation="C"), nullable=False),
        sa.Column("cause", sa.Text(collation="C"), nullable=False),
        sa.Column("event", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("reason", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_lifecycle_move_tenant_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_lifecycle_move")),
    )
    op.create_index(
        op.f("ix_lifecycle_move_tenant_create_time_id"), "lifecycle_move", ["tenant", "create_time", "id"], unique=False
    )
    op.create_index(
        op.f("ix_lifecycle_move_tenant_person_id_create_time_id"),
        "lifecycle_move",
        ["tenant", "person_id", "create_time", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_lifecycle_move_tenant_update_time_id"), "lifecycle_move", ["tenant", "update_time", "id"], unique=False
    )
    op.create_table(
        "preference",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("value", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("scope", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("source", sa.Text(collation="C"), nullable=False),
        sa.Column("valid_from", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("valid_to", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "key"], ["preference_key.tenant", "preference_key.key"], name=op.f("fk_preference_tenant_key")
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_preference_tenant_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_preference")),
    )
    op.create_index(
        op.f("ix_preference_tenant_create_time_id"), "preference", ["tenant", "create_time", "id"], unique=False
    )
    op.create_index(op.f("ix_preference_tenant_key"), "preference", ["tenant", "key"], unique=False)
    op.create_index(
        op.f("ix_preference_tenant_person_id_create_time_id"),
        "preference",
        ["tenant", "person_id", "create_time", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_preference_tenant_update_time_id"), "preference", ["tenant", "update_time", "id"], unique=False
    )
    op.create_index(
        op.f("ix_preference_tenant_valid_from_id"), "preference", ["tenant", "valid_from", "id"], unique=False
    )
    op.add_column("person", sa.Column("kind", sa.Text(collation="C"), nullable=True))
    secure(op, "preference_key")
    secure(op, *APPEND_ONLY, "channel_preference", "contact_attempt", "preference", delete=True)
    for table in APPEND_ONLY:  # what was said stays said: only whose it is may change, when records are merged
        moving = "person_id, version, sequence, update_time"
        op.execute(f"REVOKE UPDATE ON {table} FROM {roles_of(op).app}")
        op.execute(f"GRANT UPDATE ({moving}) ON {table} TO {roles_of(op).app}")
    op.execute(f"GRANT UPDATE (referrer_person_id) ON acquisition TO {roles_of(op).app}")


def downgrade() -> None:
    op.drop_column("person", "kind")
    op.drop_table("preference")
    op.drop_table("lifecycle_move")
    op.drop_table("contact_attempt")
    op.drop_table("consent")
    op.drop_table("channel_preference")
    op.drop_table("acquisition")
    op.drop_table("preference_key")
