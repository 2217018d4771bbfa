"""Users by the person in contact whose account they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("user", sa.Column("person_id", sa.Uuid(), nullable=True), if_not_exists=True)
    with op.get_context().autocommit_block():
        op.create_index(
            op.f("ix_user_tenant_person_id"),
            "user",
            ["tenant", "person_id"],
            unique=False,
            postgresql_where=sa.text("person_id IS NOT NULL"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    op.drop_index(op.f("ix_user_tenant_person_id"), table_name="user")
    op.drop_column("user", "person_id")
