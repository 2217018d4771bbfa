"""The five roles of a service's database, and how they come to be.

migrator   owns the database and everything in it; the only one that changes its shape
app        what use cases run as: one tenant at a time, bound by row-level security
system     relay, consumers, timers: every tenant, but only in the frame's own tables
search     never logs in; owns the search functions, which must see past row-level security to use an index
readonly   for people with a SQL client: reads, one tenant at a time
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from rapport_kit.database_errors import driver_error
from rapport_kit.migrations.scram import scram_verifier

_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")


@dataclass(frozen=True)
class Roles:
    """The names of one service's roles. A service name is also part of identifiers, so it is checked here."""

    service: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.service):
            raise ValueError(f"service: {self.service!r} is not a name of lower-case letters, digits and underscores")

    @property
    def migrator(self) -> str:
        return f"{self.service}_migrator"

    @property
    def app(self) -> str:
        return f"{self.service}_app"

    @property
    def system(self) -> str:
        return f"{self.service}_system"

    @property
    def search(self) -> str:
        return f"{self.service}_search"

    @property
    def readonly(self) -> str:
        return f"{self.service}_readonly"

    @property
    def all(self) -> tuple[str, ...]:
        return (self.migrator, self.app, self.system, self.search, self.readonly)

    @property
    def settings(self) -> dict[str, dict[str, str]]:
        """What each role's sessions begin with: limits that end what a lost client left behind."""
        return {
            self.migrator: {},
            self.app: _limits("30s", "10s", "30s"),
            self.system: _limits("60s", "10s", "60s"),
            self.search: {},
            self.readonly: {"default_transaction_read_only": "on"} | _limits("60s", "1s", "5min"),
        }


def _limits(statement: str, lock: str, idle: str) -> dict[str, str]:
    return {
        "statement_timeout": statement,
        "lock_timeout": lock,
        "idle_in_transaction_session_timeout": idle,
    }


async def ensure_roles(admin: AsyncConnection, roles: Roles, passwords: Mapping[str, str]) -> None:
    """Create what is missing and correct what differs; `passwords` are by role name and always set anew.

    `admin` is an autocommit connection of a superuser, or of a role with CREATEROLE.
    """
    unknown = set(passwords) - set(roles.all)
    if unknown:
        raise ValueError(f"passwords: {', '.join(sorted(unknown))}: no such role of {roles.service}")
    known = await _known_roles(admin, roles)
    for role, settings in roles.settings.items():
        login = "NOLOGIN" if role == roles.search else "LOGIN"
        # The migrator hands functions over to the search role, and must not inherit what that role sees.
        attributes = f"{login} NOINHERIT" if role == roles.migrator else f"{login} INHERIT"
        if role not in known:
            await admin.exec_driver_sql(f"CREATE ROLE {role} {attributes}")
        elif known[role][0] != attributes:
            await admin.exec_driver_sql(f"ALTER ROLE {role} {attributes}")
        for name, value in settings.items():
            if f"{name}={value}" not in (known[role][1] if role in known else ()):
                await admin.exec_driver_sql(f"ALTER ROLE {role} SET {name} = '{value}'")
        if role in passwords:
            await _set_password(admin, role, passwords[role])
    await _grant_membership(admin, roles.search, roles.migrator)
    if not await admin.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")):
        await _grant_membership(admin, roles.migrator, "current_user")


async def _set_password(admin: AsyncConnection, role: str, password: str) -> None:
    """Let `role` sign in with `password`; a failure is the driver's, which does not tell the statement."""
    try:
        # The verifier, not the password: statements end up in logs.
        await admin.exec_driver_sql(f"ALTER ROLE {role} PASSWORD '{scram_verifier(password)}'")
    except DBAPIError as error:
        raise driver_error(error) from None


async def _known_roles(admin: AsyncConnection, roles: Roles) -> dict[str, tuple[str, frozenset[str]]]:
    rows = await admin.execute(
        text(
            "SELECT rolname, CASE WHEN rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END ||"
            " CASE WHEN rolinherit THEN ' INHERIT' ELSE ' NOINHERIT' END, coalesce(rolconfig, '{}')"
            " FROM pg_roles WHERE rolname = ANY(:names)"
        ),
        {"names": list(roles.all)},
    )
    return {name: (attributes, frozenset(settings)) for name, attributes, settings in rows}


async def _grant_membership(admin: AsyncConnection, role: str, member: str) -> None:
    """Let `member` become `role`. The creator of a role holds it since PostgreSQL 16, but may not become it."""
    version = await admin.scalar(text("SELECT current_setting('server_version_num')::int"))
    right = "SET" if version >= 160000 else "MEMBER"
    grantee = await admin.scalar(text("SELECT current_user")) if member == "current_user" else member
    if not await admin.scalar(
        text("SELECT pg_has_role(:member, :role, :right)"), {"member": grantee, "role": role, "right": right}
    ):
        await admin.exec_driver_sql(f"GRANT {role} TO {member}")
