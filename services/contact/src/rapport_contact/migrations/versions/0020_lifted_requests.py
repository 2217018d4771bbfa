"""A privacy request that bars contacts can be lifted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("privacy_request", sa.Column("lift_time", sa.TIMESTAMP(timezone=True), nullable=True))
    op.add_column(
        "privacy_request",
        sa.Column("lift_reason", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("privacy_request", "lift_reason")
    op.drop_column("privacy_request", "lift_time")
