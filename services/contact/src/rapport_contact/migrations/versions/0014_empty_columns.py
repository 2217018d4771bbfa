"""What a person does not have costs it nothing when it is written: no trigger runs for it, and no index holds it."""

from __future__ import annotations

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
