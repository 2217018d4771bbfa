"""What is written of a person while the person is erased under a legal hold is refused, as after any erasure."""

from __future__ import annotations

from alembic import op

from rapport_contact.migrations.following import define_following

revision = "0015"
down_revision = "0014"

FOLLOWED = {
    "person": ("person_id", "referrer_person_id", "to_person_id"),
    "organisation": ("organisation_id", "to_organisation_id", "parent_id"),
}


def upgrade() -> None:
    for target, columns in FOLLOWED.items():
        for column in columns:
            define_following(op, column, target)


def downgrade() -> None:
    """The functions stay: with their check a database of 0014 does what it did."""
