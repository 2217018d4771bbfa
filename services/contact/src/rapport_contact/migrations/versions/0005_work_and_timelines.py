"""Activities, notes, tasks and timelines."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rapport_kit.migrations import secure, secure_projection

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "activity",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("type", sa.Text(collation="C"), nullable=False),
        sa.Column("subject", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("start_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("body", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("end_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("duration", sa.BigInteger(), nullable=True),
        sa.Column("direction", sa.Text(collation="C"), nullable=True),
        sa.Column("call_outcome", sa.Text(collation="C"), nullable=True),
        sa.Column("outcome", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "related", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("recording_uri", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "organisation_id"],
            ["organisation.tenant", "organisation.id"],
            name=op.f("fk_activity_tenant_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_activity_tenant_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_activity")),
    )
    op.create_index(
        op.f("ix_activity_tenant_create_time_id"), "activity", ["tenant", "create_time", "id"], unique=False
    )
    op.create_index(
        op.f("ix_activity_tenant_organisation_id_id"), "activity", ["tenant", "organisation_id", "id"], unique=False
    )
    op.create_index(op.f("ix_activity_tenant_owner_id_id"), "activity", ["tenant", "owner_id", "id"], unique=False)
    op.create_index(op.f("ix_activity_tenant_person_id_id"), "activity", ["tenant", "person_id", "id"], unique=False)
    op.create_index(op.f("ix_activity_tenant_start_time_id"), "activity", ["tenant", "start_time", "id"], unique=False)
    op.create_index(op.f("ix_activity_tenant_subject_id"), "activity", ["tenant", "subject", "id"], unique=False)
    op.create_index(op.f("ix_activity_tenant_team_id_id"), "activity", ["tenant", "team_id", "id"], unique=False)
    op.create_index(op.f("ix_activity_tenant_type_id"), "activity", ["tenant", "type", "id"], unique=False)
    op.create_index(
        op.f("ix_activity_tenant_update_time_id"), "activity", ["tenant", "update_time", "id"], unique=False
    )
    op.create_table(
        "note",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("body", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "mentions", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("visibility", sa.Text(collation="C"), nullable=False),
        sa.Column("pinned", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "organisation_id"],
            ["organisation.tenant", "organisation.id"],
            name=op.f("fk_note_tenant_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_note_tenant_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_note")),
    )
    op.create_index(op.f("ix_note_tenant_create_time_id"), "note", ["tenant", "create_time", "id"], unique=False)
    op.create_index(
        op.f("ix_note_tenant_organisation_id_id"), "note", ["tenant", "organisation_id", "id"], unique=False
    )
    op.create_index(op.f("ix_note_tenant_owner_id_id"), "note", ["tenant", "owner_id", "id"], unique=False)
    op.create_index(op.f("ix_note_tenant_person_id_id"), "note", ["tenant", "person_id", "id"], unique=False)
    op.create_index(op.f("ix_note_tenant_team_id_id"), "note", ["tenant", "team_id", "id"], unique=False)
    op.create_index(op.f("ix_note_tenant_update_time_id"), "note", ["tenant", "update_time", "id"], unique=False)
    op.create_table(
        "task",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("description", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("due_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column(
            "reminders", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("priority", sa.Text(collation="C"), nullable=False),
        sa.Column("state", sa.Text(collation="C"), nullable=False),
        sa.Column("recurrence", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("source", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "related", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("complete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("next_task_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "organisation_id"],
            ["organisation.tenant", "organisation.id"],
            name=op.f("fk_task_tenant_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_task_tenant_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_task")),
    )
    op.create_index(op.f("ix_task_tenant_complete_time_id"), "task", ["tenant", "complete_time", "id"], unique=False)
    op.create_index(op.f("ix_task_tenant_create_time_id"), "task", ["tenant", "create_time", "id"], unique=False)
    op.create_index(op.f("ix_task_tenant_due_time_id"), "task", ["tenant", "due_time", "id"], unique=False)
    op.create_index(
        op.f("ix_task_tenant_organisation_id_id"), "task", ["tenant", "organisation_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_task_tenant_owner_id_due_time_id"), "task", ["tenant", "owner_id", "due_time", "id"], unique=False
    )
    op.create_index(op.f("ix_task_tenant_person_id_id"), "task", ["tenant", "person_id", "id"], unique=False)
    op.create_index(op.f("ix_task_tenant_priority_id"), "task", ["tenant", "priority", "id"], unique=False)
    op.create_index(op.f("ix_task_tenant_state_id"), "task", ["tenant", "state", "id"], unique=False)
    op.create_index(op.f("ix_task_tenant_team_id_id"), "task", ["tenant", "team_id", "id"], unique=False)
    op.create_index(op.f("ix_task_tenant_title_id"), "task", ["tenant", "title", "id"], unique=False)
    op.create_index(op.f("ix_task_tenant_update_time_id"), "task", ["tenant", "update_time", "id"], unique=False)
    op.create_table(
        "activity_participant",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("role", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "activity_id"],
            ["activity.tenant", "activity.id"],
            name=op.f("fk_activity_participant_tenant_activity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_activity_participant_tenant_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_activity_participant")),
    )
    op.create_index(
        op.f("ix_activity_participant_tenant_activity_id_position"),
        "activity_participant",
        ["tenant", "activity_id", "position"],
        unique=False,
    )
    op.create_index(
        op.f("ix_activity_participant_tenant_person_id"), "activity_participant", ["tenant", "person_id"], unique=False
    )
    op.create_table(
        "timeline_entry",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("occurred", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("recorded", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(collation="C"), nullable=False),
        sa.Column("channel", sa.Text(collation="C"), nullable=False),
        sa.Column("direction", sa.Text(collation="C"), nullable=False),
        sa.Column("actor", sa.Uuid(), nullable=False),
        sa.Column("summary", sa.Text(collation="C"), nullable=False),
        sa.Column("resource", sa.Text(collation="C"), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        sa.Column("retracted", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(collation="C"), nullable=False),
        sa.Column("aggregate", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint(
            "person_id IS NOT NULL OR organisation_id IS NOT NULL", name=op.f("ck_timeline_entry_customer")
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "organisation_id"],
            ["organisation.tenant", "organisation.id"],
            name=op.f("fk_timeline_entry_tenant_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "person_id"],
            ["person.tenant", "person.id"],
            name=op.f("fk_timeline_entry_tenant_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_timeline_entry")),
        sa.UniqueConstraint(
            "tenant",
            "source",
            "aggregate",
            "sequence",
            "place",
            name=op.f("uq_timeline_entry_tenant_source_aggregate_sequence_place"),
        ),
        comment="What happened with customers, from the events of every service; nothing is ever changed here.",
    )
    op.create_index(
        op.f("ix_timeline_entry_tenant_corrects"),
        "timeline_entry",
        ["tenant", "corrects"],
        unique=False,
        postgresql_where=sa.text("corrects IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_timeline_entry_tenant_organisation_id_occurred_id"),
        "timeline_entry",
        ["tenant", "organisation_id", "occurred", "id"],
        unique=False,
        postgresql_where=sa.text("organisation_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_timeline_entry_tenant_person_id_occurred_id"),
        "timeline_entry",
        ["tenant", "person_id", "occurred", "id"],
        unique=False,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.add_column("colleague", sa.Column("time_zone", sa.Text(), server_default="", nullable=False))
    secure(op, "activity", "note", "task")
    secure(op, "activity_participant", delete=True)
    secure_projection(op, "timeline_entry", movable=("person_id", "organisation_id"))


def downgrade() -> None:
    op.drop_table("timeline_entry")
    op.drop_column("colleague", "time_zone")
    op.drop_table("activity_participant")
    op.drop_table("task")
    op.drop_table("note")
    op.drop_table("activity")
