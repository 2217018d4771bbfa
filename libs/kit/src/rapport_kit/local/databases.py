"""Brings every service's database up to date and hands its roles' passwords to the service."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from rapport_kit.local.failure import PlatformError
from rapport_kit.local.platform import Platform
from rapport_kit.migrations import Chain, MigrationError, migrate_service
from rapport_kit.service import Service
from rapport_kit.settings import variable


async def migrate(platform: Platform, services: Sequence[Service]) -> dict[str, dict[str, str]]:
    """The variables with each service's database URLs, by service; one without a database has none."""
    return {service.name: await _migrate(platform, Chain.of(service)) for service in services if service.migrations}


def local_url(platform: Platform, service: Service, field: str) -> str | None:
    """The URL of a service's database, as its variable `field` has it; None before the first `rapport up`."""
    role = _roles(Chain.of(service))[field]
    password = platform.state.kept(role)
    return None if password is None else role_url(platform.database_url, role, password, service.name)


def _roles(chain: Chain) -> dict[str, str]:
    """The role that each variable of a service connects as."""
    return {"database_url": chain.roles.app, "system_database_url": chain.roles.system}


async def _migrate(platform: Platform, chain: Chain) -> dict[str, str]:
    roles = _roles(chain)
    passwords = {role: platform.state.secret(role) for role in roles.values()}
    try:
        await migrate_service(platform.database_url, chain, passwords=passwords)
    except MigrationError as error:
        raise PlatformError(str(error)) from error
    return {
        variable(chain.service, field): role_url(platform.database_url, role, passwords[role], chain.service)
        for field, role in roles.items()
    }


def role_url(admin_url: str, role: str, password: str, database: str) -> str:
    """The administrator's URL with another role and database; host, port and parameters stay."""
    parts = urlsplit(admin_url)
    server = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{role}:{quote(password, safe='')}@{server}", path=f"/{database}").geturl()
