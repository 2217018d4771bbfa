"""A row that is restored names whom it named when it was taken out, also who had become another by then."""

from __future__ import annotations

from alembic import op

from rapport_contact.migrations.following import renew_following

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    renew_following(op)


def downgrade() -> None:
    """The functions stay: without the setting they do what those of 0017 did."""
