"""Values inside a JSON list that no two records may share, such as the names that other systems give a record.

PostgreSQL cannot make part of a JSON value unique. A trigger writes each value as a row of a table that can, in the
same transaction and whoever the writer is; readers keep the list in the one row that they read
anyway. `rapport_kit.schema.unique_values` declares the table.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapport_kit.migrations.databases import quoted
from rapport_kit.migrations.security import Op


def keep_unique(op: Op, name: str, *, of: str, column: str, keys: Sequence[str]) -> None:
    """Let the table `name` follow the JSON list `column` of the table `of`.

    `name` is secured with `delete=True`; its trigger works with the writer's rights.
    """
    names = ", ".join(quoted(key) for key in keys)
    values = ", ".join(f"item ->> '{key}'" for key in keys)
    table, owner, changed = quoted(of), quoted(f"{of}_id"), quoted(column)
    op.execute(
        f"""
        CREATE FUNCTION {quoted(name)}() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                DELETE FROM {quoted(name)} WHERE tenant = NEW.tenant AND {owner} = NEW.id;
            END IF;
            INSERT INTO {quoted(name)} (tenant, {names}, {owner})
                 SELECT NEW.tenant, {values}, NEW.id FROM jsonb_array_elements(NEW.{changed}) AS item;
            RETURN NULL;
        END $$
        """  # noqa: S608 - identifiers, and quoted
    )
    op.execute(
        f"CREATE TRIGGER {quoted(f'{name}_insert')} AFTER INSERT ON {table} FOR EACH ROW"
        f" WHEN (NEW.{changed} <> '[]') EXECUTE FUNCTION {quoted(name)}()"
    )
    op.execute(
        f"CREATE TRIGGER {quoted(f'{name}_update')} AFTER UPDATE ON {table} FOR EACH ROW"
        f" WHEN (NEW.{changed} <> OLD.{changed}) EXECUTE FUNCTION {quoted(name)}()"
    )


def forget_unique(op: Op, name: str, *, of: str) -> None:
    """Undo `keep_unique`."""
    op.execute(f"DROP TRIGGER {quoted(f'{name}_insert')} ON {quoted(of)}")
    op.execute(f"DROP TRIGGER {quoted(f'{name}_update')} ON {quoted(of)}")
    op.execute(f"DROP FUNCTION {quoted(name)}()")
