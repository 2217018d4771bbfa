"""The frame's tables, and who was heard of."""

from __future__ import annotations

from alembic import op

from rapport_kit.migrations import frame, secure

revision = "0001"
down_revision = None


def upgrade() -> None:
    frame.create(op)
    op.execute(
        """
        CREATE TABLE arrival (
            tenant uuid NOT NULL,
            id uuid NOT NULL,
            CONSTRAINT pk_arrival PRIMARY KEY (tenant, id)
        )
        """
    )
    secure(op, "arrival")


def downgrade() -> None:
    op.execute("DROP TABLE arrival")
    frame.drop(op)
