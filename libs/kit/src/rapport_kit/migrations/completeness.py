"""Whether a service's revisions lead to what its code expects, with every wall in place, and back again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.ext.asyncio import AsyncConnection

from rapport_kit.migrations.authoring import scratch_database
from rapport_kit.migrations.chain import Chain
from rapport_kit.migrations.comparison import comparable
from rapport_kit.migrations.databases import connect
from rapport_kit.migrations.runner import run
from rapport_kit.schema.frame import APP_MAY, SYSTEM_MAY, WITHOUT_TENANT

_TABLES = """
    SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,
           c.relispartition OR EXISTS (
               SELECT FROM pg_policy AS p
                WHERE p.polrelid = c.oid AND p.polname = 'tenant' AND p.polcmd = '*' AND p.polroles = '{0}'
                  AND pg_get_expr(p.polqual, c.oid) = pg_get_expr(p.polwithcheck, c.oid)
                  AND pg_get_expr(p.polqual, c.oid) LIKE '(tenant = (NULLIF(current_setting(''rapport.tenant''%')
      FROM pg_class AS c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'alembic_version'
     ORDER BY c.relname
"""
_REMAINS = """
    SELECT relname FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND left(relname, 15) <> 'alembic_version'
     UNION ALL
    SELECT proname || '()' FROM pg_proc WHERE pronamespace = 'public'::regnamespace
     ORDER BY 1
"""


async def incompleteness(admin_url: str, chain: Chain) -> list[str]:
    """Everything that is wrong, one sentence each; needs a server, where it makes and drops a database.

    Runs all revisions up, down and up again.
    """
    async with scratch_database(admin_url, chain) as database, connect(admin_url, database) as owner:
        problems = await examine(owner, chain)
        await run(owner, chain, lambda config: command.downgrade(config, "base"))
        remains = [f"{name}: is left over when all revisions are undone" for name in await _remains(owner)]
        if not remains:
            await run(owner, chain, lambda config: command.upgrade(config, "head"))
            remains = [problem for problem in await examine(owner, chain) if problem not in problems]
        problems += remains
    return [f"{chain.service}: {problem}" for problem in problems]


async def examine(connection: AsyncConnection, chain: Chain) -> list[str]:
    """What is wrong with one database that should be at the newest revision; changes nothing."""
    problems = [
        *await connection.run_sync(_differences, chain.metadata),
        *await _walls(connection),
        *await _owners(connection, chain),
        *await _powers(connection, chain),
        *await _privileges(connection, chain.roles.app, APP_MAY),
        *await _privileges(connection, chain.roles.system, SYSTEM_MAY),
    ]
    await connection.rollback()
    return problems


def _differences(connection: sa.Connection, metadata: sa.MetaData) -> list[str]:
    context = MigrationContext.configure(connection, opts={"include_name": comparable(connection)})
    return [f"no revision for {_described(difference)}" for difference in compare_metadata(context, metadata)]


def _described(difference: object) -> str:
    """Alembic's tuples, or a list of them for one column, in short."""
    if isinstance(difference, list):
        return "; ".join(_described(part) for part in difference)
    assert isinstance(difference, tuple)
    return " ".join(str(getattr(part, "name", part)) for part in difference if part is not None)


async def _walls(connection: AsyncConnection) -> list[str]:
    """Partitions are not asked for a tenant policy: nobody but their owner may read them past their table."""
    problems = []
    for name, walled, has_policy in await connection.execute(sa.text(_TABLES)):
        if not walled:
            problems.append(f"table {name}: row-level security is not enabled and forced; call secure()")
        if not has_policy and name not in WITHOUT_TENANT:
            problems.append(f"table {name}: has no policy for the tenant; call secure()")
    return problems


async def _owners(connection: AsyncConnection, chain: Chain) -> list[str]:
    rows = await connection.execute(
        sa.text(
            "SELECT c.relname, c.relowner::regrole::text FROM pg_class AS c"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relowner::regrole::text <> :migrator"
        ),
        {"migrator": chain.roles.migrator},
    )
    return [f"{name}: is owned by {owner}, not by {chain.roles.migrator}" for name, owner in rows]


async def _powers(connection: AsyncConnection, chain: Chain) -> list[str]:
    rows = await connection.scalars(
        sa.text(
            "SELECT rolname FROM pg_roles WHERE rolname = ANY (:names)"
            " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)"
        ),
        {"names": list(chain.roles.all)},
    )
    return [f"role {name}: has rights over the server" for name in rows]


async def _privileges(connection: AsyncConnection, role: str, expected: Mapping[str, str]) -> list[str]:
    """The frame's tables: what the code counts on, no less and no more."""
    problems = []
    for table in sorted(SYSTEM_MAY):
        wanted = _kinds(expected.get(table, "").split(","))
        rows = await connection.scalars(
            sa.text(
                "SELECT kind FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS kind"
                " WHERE has_table_privilege(:role, to_regclass(:table), kind)"
                " OR has_any_column_privilege(:role, to_regclass(:table), nullif(kind, 'DELETE'))"
            ),
            {"role": role, "table": table},
        )
        held = _kinds(rows)
        if held != wanted:
            problems.append(f"table {table}: {role} may {held or 'nothing'}, but should {wanted or 'nothing'}")
    return problems


def _kinds(privileges: Iterable[str]) -> str:
    return ", ".join(sorted({privilege.split("(")[0].strip() for privilege in privileges} - {""}))


async def _remains(connection: AsyncConnection) -> list[str]:
    return list(await connection.scalars(sa.text(_REMAINS)))
