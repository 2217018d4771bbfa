"""The pytest plugin: real PostgreSQL and NATS for every test session, with no network and no set-up."""

from __future__ import annotations

from rapport_kit.testing.databases import DatabaseFactory, database_factory, empty_database
from rapport_kit.testing.servers import nats_factory, nats_url, postgres, servers_directory, servers_given

__all__ = [
    "DatabaseFactory",
    "database_factory",
    "empty_database",
    "nats_factory",
    "nats_url",
    "postgres",
    "servers_directory",
    "servers_given",
]
