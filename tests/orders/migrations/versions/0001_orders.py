"""The frame's tables, and what customers ordered."""

from __future__ import annotations

from alembic import op

from rapport_kit.migrations import frame, secure

revision = "0001"
down_revision = None


def upgrade() -> None:
    frame.create(op)
    op.execute(
        """
        CREATE TABLE ordered (
            tenant uuid NOT NULL,
            customer_id uuid NOT NULL,
            article text NOT NULL,
            delay double precision NOT NULL,
            as_of timestamptz,
            CONSTRAINT pk_ordered PRIMARY KEY (tenant, customer_id)
        )
        """
    )
    secure(op, "ordered")


def downgrade() -> None:
    op.execute("DROP TABLE ordered")
    frame.drop(op)
