"""What revisions call for tables whose rows are about customers: so that they follow what turns out to be another."""

from __future__ import annotations

from rapport_kit.migrations.databases import quoted
from rapport_kit.migrations.security import Op

FOLLOWED = {
    "person": ("person_id", "referrer_person_id", "to_person_id"),
    "organisation": ("organisation_id", "to_organisation_id", "parent_id"),
}
"""The columns by which rows follow, by what they name a row of."""
_FUNCTION = """
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    became uuid;
BEGIN
    IF NEW.{column} IS NULL THEN
        NEW.{told} := NULL;
        RETURN NEW;
    END IF;
    -- The lock waits for a merge that is under way, and then sees it; the foreign key would take it anyway.
    SELECT merged_into INTO became FROM {target} WHERE tenant = NEW.tenant AND id = NEW.{column} FOR KEY SHARE;
    -- Who was erased meanwhile may have left a row of the same id, for what is held: nothing is added to that unseen.
    IF NOT FOUND THEN  -- by itself: with the question beside it, each row would begin a query more
        IF EXISTS (SELECT FROM {target} WHERE tenant = NEW.tenant AND id = NEW.{column}) THEN
            RAISE foreign_key_violation
                USING MESSAGE = '{target} was replaced meanwhile', TABLE = TG_TABLE_NAME, COLUMN = '{name}';
        END IF;
    END IF;
    IF became IS NOT NULL AND current_setting('rapport.restoring', true) = 'on' THEN
        RETURN NEW;  -- as it was taken out, after it had followed
    END IF;
    IF became IS NOT NULL THEN
        IF TG_OP = 'INSERT' THEN
            NEW.{told} := NEW.{column};
        ELSIF NEW.{column} IS DISTINCT FROM OLD.{column} OR NEW.{told} IS NULL THEN
            NEW.{told} := NEW.{column};
        END IF;
        NEW.{column} := became;
    ELSIF TG_OP = 'UPDATE' THEN
        IF NEW.{column} IS DISTINCT FROM OLD.{column} THEN
            NEW.{told} := NULL;
        END IF;
    END IF;
    RETURN NEW;
END
$$"""


def define_following(op: Op, column: str, target: str = "person") -> None:
    """Make the function that has rows follow by the column `column`, which names a row of `target`; or renew it."""
    named = {"name": column, "column": quoted(column), "told": quoted(f"told_{column}"), "target": quoted(target)}
    op.execute(_FUNCTION.format(function=f"follow_{column}", **named))


def renew_following(op: Op) -> None:
    """Make all functions by which rows follow anew, after what they do has changed; triggers stay as they are."""
    for target, columns in FOLLOWED.items():
        for column in columns:
            define_following(op, column, target)


def forget_following(op: Op, column: str) -> None:
    """Undo `define_following`."""
    op.execute(f"DROP FUNCTION follow_{column}()")


def follow_merges(op: Op, table: str, column: str = "person_id") -> None:
    """Have rows of `table` follow: a column says of whom they told, and a trigger keeps both."""
    told = quoted(f"told_{column}")
    op.execute(f"ALTER TABLE {quoted(table)} ADD COLUMN {told} uuid")
    op.execute(
        f"CREATE TRIGGER follow_{column} BEFORE INSERT OR UPDATE OF {quoted(column)} ON {quoted(table)}"
        f" FOR EACH ROW WHEN (NEW.{quoted(column)} IS NOT NULL OR NEW.{told} IS NOT NULL)"
        f" EXECUTE FUNCTION follow_{column}()"
    )


def unfollow_merges(op: Op, table: str, column: str = "person_id") -> None:
    """Undo `follow_merges`."""
    op.execute(f"DROP TRIGGER follow_{column} ON {quoted(table)}")
    op.execute(f"ALTER TABLE {quoted(table)} DROP COLUMN {quoted(f'told_{column}')}")
