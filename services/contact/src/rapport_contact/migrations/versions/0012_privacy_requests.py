"""Privacy requests, and legal holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rapport_kit.migrations import secure

revision = "0012"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "legal_hold",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "kept", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("until_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_legal_hold")),
    )
    op.create_index(
        op.f("ix_legal_hold_tenant_create_time_id"), "legal_hold", ["tenant", "create_time", "id"], unique=False
    )
    op.create_index(
        op.f("ix_legal_hold_tenant_person_id_id"), "legal_hold", ["tenant", "person_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_legal_hold_tenant_until_time_id"), "legal_hold", ["tenant", "until_time", "id"], unique=False
    )
    op.create_index(
        op.f("ix_legal_hold_tenant_update_time_id"), "legal_hold", ["tenant", "update_time", "id"], unique=False
    )
    op.create_table(
        "privacy_request",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("create_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("update_time", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delete_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("right", sa.Text(collation="C"), nullable=False),
        sa.Column("receive_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("due_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("identity_proof", sa.Text(collation="C"), nullable=True),
        sa.Column("proof_reference", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("state", sa.Text(collation="C"), nullable=False),
        sa.Column("close_time", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "refusals", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_privacy_request")),
    )
    op.create_index(
        op.f("ix_privacy_request_tenant_close_time_id"), "privacy_request", ["tenant", "close_time", "id"], unique=False
    )
    op.create_index(
        op.f("ix_privacy_request_tenant_create_time_id"),
        "privacy_request",
        ["tenant", "create_time", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_privacy_request_tenant_due_time_id"), "privacy_request", ["tenant", "due_time", "id"], unique=False
    )
    op.create_index(
        op.f("ix_privacy_request_tenant_person_id_id"), "privacy_request", ["tenant", "person_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_privacy_request_tenant_receive_time_id"),
        "privacy_request",
        ["tenant", "receive_time", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_privacy_request_tenant_state_due_time_id"),
        "privacy_request",
        ["tenant", "state", "due_time", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_privacy_request_tenant_update_time_id"),
        "privacy_request",
        ["tenant", "update_time", "id"],
        unique=False,
    )
    secure(op, "legal_hold", "privacy_request")


def downgrade() -> None:
    op.drop_table("privacy_request")
    op.drop_table("legal_hold")
