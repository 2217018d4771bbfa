"""What a person does not have costs it nothing when it is written: no trigger runs for it."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0012"

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


def downgrade() -> None:
    """The triggers stay: a database of 0012 does the same with them."""
