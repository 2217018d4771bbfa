"""What a person does not have costs it nothing when it is written: no trigger runs for it, and no index holds it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0012"

SPARSE = ("organisation_id", "team_id", "gender_blind", "birth_date_blind")
FOLLOWING = """
DO $$
DECLARE
    following record;
BEGIN
    FOR following IN
        SELECT tgrelid::regclass AS owner, tgname AS name, substr(tgname, length('follow_') + 1) AS followed
        FROM pg_trigger WHERE NOT tgisinternal AND starts_with(tgname, 'follow_')
    LOOP
        EXECUTE format(
            'CREATE OR REPLACE TRIGGER %1$I BEFORE INSERT OR UPDATE OF %2$I ON %3$s FOR EACH ROW'
            ' WHEN (NEW.%2$I IS NOT NULL OR NEW.%4$I IS NOT NULL) EXECUTE FUNCTION %1$I()',
            following.name, following.followed, following.owner, 'told_' || following.followed
        );
    END LOOP;
END
$$
"""


def upgrade() -> None:
    op.execute(FOLLOWING)
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
