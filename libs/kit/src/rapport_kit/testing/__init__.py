"""The pytest plugin: real PostgreSQL and NATS for every test session, with no network and no set-up."""

from __future__ import annotations

from rapport_kit.testing.databases import DatabaseFactory, database_factory, empty_database
from rapport_kit.testing.servers import given, nats_factory, nats_url, postgres, servers_directory

__all__ = [
    "DatabaseFactory",
    "database_factory",
    "empty_database",
    "given",
    "nats_factory",
    "nats_url",
    "postgres",
    "servers_directory",
]
