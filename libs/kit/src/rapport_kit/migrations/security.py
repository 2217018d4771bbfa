"""The wall that PostgreSQL puts between tenants: row-level security, and who may do what to a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext

from rapport_kit.migrations.databases import quoted
from rapport_kit.migrations.roles import Roles

CURRENT_TENANT = "nullif(current_setting('rapport.tenant', true), '')::uuid"
"""The tenant of the transaction, or NULL, which no row equals. The setting is '' after a SET LOCAL ended."""


class Op(Protocol):
    """What a revision knows as `op` (`from alembic import op`)."""

    def execute(self, sqltext: str, /) -> None: ...
    def get_context(self) -> MigrationContext: ...
    def get_bind(self) -> sa.Connection: ...


def roles_of(op: Op) -> Roles:
    """The roles of the database that is being migrated."""
    config = op.get_context().config
    assert config is not None, "revisions run through rapport_kit.migrations"
    roles: Roles = config.attributes["chain"].roles
    return roles


def secure(op: Op, *tables: str, delete: bool = False, search: bool = False) -> None:
    """Bind every role, the owner too, to one tenant in `tables`, and let app write and readonly read.

    `delete`: app may delete rows; meant for parts of aggregates, as roots are deleted softly.
    `search`: the table is read by a search function, which states the tenant itself.
    """
    roles = roles_of(op)
    for name in tables:
        table = quoted(name)
        bind_to_tenant(op, name)
        op.execute(f"GRANT SELECT, INSERT, UPDATE{', DELETE' if delete else ''} ON {table} TO {roles.app}")
        op.execute(f"GRANT SELECT ON {table} TO {roles.readonly}")
        if search:
            op.execute(f"CREATE POLICY search ON {table} FOR SELECT TO {roles.search} USING (true)")
            op.execute(f"GRANT SELECT ON {table} TO {roles.search}")


def secure_projection(op: Op, table: str, *, movable: Sequence[str] = ()) -> None:
    """Like `secure`, for a table that events alone make: app only adds rows, and the system role may empty it.

    `movable` are the columns that app may change, such as whom a row is about when two records become one.
    """
    roles, name = roles_of(op), quoted(table)
    bind_to_tenant(op, table)
    update = f", UPDATE ({', '.join(map(quoted, movable))})" if movable else ""
    op.execute(f"GRANT SELECT, INSERT{update} ON {name} TO {roles.app}")
    op.execute(f"GRANT SELECT ON {name} TO {roles.readonly}")
    op.execute(f"GRANT TRUNCATE ON {name} TO {roles.system}")


def bind_to_tenant(op: Op, table: str) -> None:
    """The policy alone, for every role and also for the owner; grants are the caller's to make."""
    op.execute(f"ALTER TABLE {quoted(table)} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {quoted(table)} FORCE ROW LEVEL SECURITY")
    matches = f"tenant = {CURRENT_TENANT}"
    op.execute(f"CREATE POLICY tenant ON {quoted(table)} USING ({matches}) WITH CHECK ({matches})")


def unsecure(op: Op, *tables: str) -> None:
    """Undo `secure`. Not needed before a table is dropped: its policies and grants go with it."""
    roles = roles_of(op)
    for name in tables:
        table = quoted(name)
        op.execute(f"REVOKE ALL ON {table} FROM {roles.app}, {roles.readonly}, {roles.search}")
        op.execute(f"DROP POLICY IF EXISTS search ON {table}")
        op.execute(f"DROP POLICY tenant ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def give_to_search(op: Op, signature: str) -> None:
    """Make a SECURITY DEFINER function, `name(types)`, run as the search role; only app may call it.

    The search role reads every tenant's rows of tables secured with `search=True`: what the function lets out is its
    own affair, and it sets its own `search_path`.
    """
    roles = roles_of(op)
    op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {roles.app}")
    # A new owner must be able to create in the schema, but only for this moment.
    op.execute(f"GRANT CREATE ON SCHEMA public TO {roles.search}")
    op.execute(f"ALTER FUNCTION {signature} OWNER TO {roles.search}")
    op.execute(f"REVOKE CREATE ON SCHEMA public FROM {roles.search}")


def each_tenant(op: Op, table: str) -> Iterator[UUID]:
    """Visit every tenant with rows in `table`, its policy in force; without a tenant a backfill changes nothing.

    Needs `secure(…, search=True)`, as only the search role may see which tenants there are.
    """
    connection, roles = op.get_bind(), roles_of(op)
    connection.execute(sa.text(f"SET LOCAL ROLE {roles.search}"))
    distinct = sa.select(sa.column("tenant", sa.Uuid)).distinct().select_from(sa.table(table))
    tenants: Sequence[UUID] = connection.scalars(distinct).all()
    connection.execute(sa.text(f"SET LOCAL ROLE {roles.migrator}"))
    for tenant in tenants:
        connection.execute(sa.text("SELECT set_config('rapport.tenant', :tenant, true)"), {"tenant": str(tenant)})
        yield tenant
    connection.execute(sa.text("SELECT set_config('rapport.tenant', '', true)"))
