"""What a person does not have costs it nothing when it is written: no trigger runs for it, and no index holds it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from rapport_contact.migrations.following import put_trigger

revision = "0014"
down_revision = "0012"

SPARSE = ("organisation_id", "team_id", "gender_blind", "birth_date_blind")
TRIGGERS = """
SELECT relname, substr(tgname, length('follow_') + 1) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE NOT tgisinternal AND starts_with(tgname, 'follow_')
"""


def upgrade() -> None:
    for table, column in op.get_bind().execute(sa.text(TRIGGERS)).all():
        put_trigger(op, table, column)
    for column in SPARSE:
        _replace_index(column, postgresql_where=sa.text(f"{column} IS NOT NULL"))


def downgrade() -> None:
    for column in SPARSE:
        _replace_index(column)


def _replace_index(column: str, **options: Any) -> None:
    """Without locking people out; may be run again."""
    name = f"ix_person_tenant_{column}_id"
    with op.get_context().autocommit_block():
        op.drop_index(f"{name}_new", table_name="person", postgresql_concurrently=True, if_exists=True)
        op.create_index(f"{name}_new", "person", ["tenant", column, "id"], postgresql_concurrently=True, **options)
        op.drop_index(op.f(name), table_name="person", postgresql_concurrently=True, if_exists=True)
        op.execute(f"ALTER INDEX {name}_new RENAME TO {name}")
