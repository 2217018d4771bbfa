"""A row that follows whom it is about asks one question of the database for it, not two."""

from __future__ import annotations

from alembic import op

from rapport_contact.migrations.following import define_following

revision = "0017"
down_revision = "0016"

FOLLOWED = {
    "person": ("person_id", "referrer_person_id", "to_person_id"),
    "organisation": ("organisation_id", "to_organisation_id", "parent_id"),
}


def upgrade() -> None:
    for target, columns in FOLLOWED.items():
        for column in columns:
            define_following(op, column, target)


def downgrade() -> None:
    """The functions stay: they do what those of 0016 did."""
