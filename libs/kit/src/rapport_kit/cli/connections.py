"""Databases of a service for the length of one command."""

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
    database = Database(ServiceSettings.of(service.name).required("system_database_url"), pool_size=2)
    try:
        yield database, service.unit_of_work.schema.frame
    finally:
        await database.close()


@asynccontextmanager
async def app_of(service: Service) -> AsyncIterator[Database]:
    """The service's database as its app role."""
    from rapport_kit.database import Database

    database = Database(ServiceSettings.of(service.name).required("database_url"), pool_size=2)
    try:
        yield database
    finally:
        await database.close()
