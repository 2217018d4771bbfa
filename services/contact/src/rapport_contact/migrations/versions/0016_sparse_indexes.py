"""No index holds what a person does not have."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

SPARSE = ("organisation_id", "team_id", "gender_blind", "birth_date_blind")


def upgrade() -> None:
    with op.get_context().autocommit_block():  # without locking people out; may be run again
        for column in SPARSE:
            op.create_index(
                op.f(f"ix_person_tenant_{column}"),
                "person",
                ["tenant", column],
                postgresql_where=sa.text(f"{column} IS NOT NULL"),
                postgresql_concurrently=True,
                if_not_exists=True,
            )
            former = op.f(f"ix_person_tenant_{column}_id")
            op.drop_index(former, table_name="person", postgresql_concurrently=True, if_exists=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for column in SPARSE:
            former = op.f(f"ix_person_tenant_{column}_id")
            columns = ["tenant", column, "id"]
            op.create_index(former, "person", columns, postgresql_concurrently=True, if_not_exists=True)
            sparse = op.f(f"ix_person_tenant_{column}")
            op.drop_index(sparse, table_name="person", postgresql_concurrently=True, if_exists=True)
