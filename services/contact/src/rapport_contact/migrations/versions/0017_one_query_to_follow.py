"""A row that follows whom it is about asks one question of the database for it, not two."""

from __future__ import annotations

from alembic import op

from rapport_contact.migrations.following import renew_following

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    renew_following(op)


def downgrade() -> None:
    """The functions stay: they do what those of 0016 did."""
