"""Databases of a service for one command: those of the environment, or of `rapport up` on this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from rapport_kit.settings import ServiceSettings

if TYPE_CHECKING:
    from rapport_kit.database import Database
    from rapport_kit.schema.frame import Frame
    from rapport_kit.service import Service


@asynccontextmanager
async def system_of(service: Service) -> AsyncIterator[tuple[Database, Frame]]:
    """The service's database as its system role, and its frame."""
    from rapport_kit.database import Database

    assert service.unit_of_work is not None, f"{service.name} has no database"
    database = Database(_url(service, "system_database_url"), pool_size=2)
    try:
        yield database, service.unit_of_work.schema.frame
    finally:
        await database.close()


@asynccontextmanager
async def app_of(service: Service) -> AsyncIterator[Database]:
    """The service's database as its app role."""
    from rapport_kit.database import Database

    database = Database(_url(service, "database_url"), pool_size=2)
    try:
        yield database
    finally:
        await database.close()


def _url(service: Service, field: str) -> str:
    """The URL in the service's variable, or the one that this machine's installation would give the service.

    Raises:
        SettingsError: there is neither.
    """
    settings = ServiceSettings.of(service.name)
    if getattr(settings, field) is not None:
        return settings.required(field)
    from rapport_kit.local.databases import local_url
    from rapport_kit.local.platform import Platform
    from rapport_kit.local.state import State

    platform = Platform(settings.platform, State.locate(settings.platform.state_dir))
    return local_url(platform, service, field) or settings.required(field)
