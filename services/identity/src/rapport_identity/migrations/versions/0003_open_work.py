"""Whose unfinished work there is in other departments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from rapport_kit.migrations import secure

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "open_work",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_open_work")),
        comment="Unfinished records of other departments and who answers for them, from their events.",
    )
    op.create_index(op.f("ix_open_work_tenant_user_id_id"), "open_work", ["tenant", "user_id", "id"], unique=False)
    secure(op, "open_work", delete=True)


def downgrade() -> None:
    op.drop_table("open_work")
