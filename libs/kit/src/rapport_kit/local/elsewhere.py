"""What an installation has on servers that are not its own, where nothing of it may be deleted unasked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapport_kit.bus.streams import stream_name
from rapport_kit.local.state import State
from rapport_kit.migrations.chain import Chain
from rapport_kit.migrations.databases import hosts
from rapport_kit.service import Service
from rapport_kit.settings import PlatformSettings

POSTGRES, NATS = "PostgreSQL", "NATS"


def remember(state: State, settings: PlatformSettings) -> None:
    """Note the servers that the settings name, for the day when nothing names them any more."""
    for kind, url in _named(settings):
        state.remember_server(kind, hosts(url))


def elsewhere(state: State, settings: PlatformSettings, services: Sequence[Service]) -> list[str]:
    """A line for each server that the settings name or that was used before: where it is, and what is there of us."""
    servers = set(state.servers()) | {(kind, hosts(url)) for kind, url in _named(settings)}
    of_us = {POSTGRES: _in_postgres, NATS: _in_nats}
    return [f"{kind} at {host}: {of_us[kind](services)}" for kind, host in sorted(servers, reverse=True)]


def _named(settings: PlatformSettings) -> Iterator[tuple[str, str]]:
    if settings.database_url is not None:
        yield POSTGRES, settings.database_url
    if settings.nats_url is not None:
        yield NATS, settings.nats_url


def _in_postgres(services: Sequence[Service]) -> str:
    chains = [Chain.of(service) for service in services if service.migrations]
    roles = ", ".join(role for chain in chains for role in chain.roles.all)
    return f"databases {', '.join(chain.service for chain in chains)}; roles {roles}"


def _in_nats(services: Sequence[Service]) -> str:
    return f"streams {', '.join(stream_name(service.name) for service in services if service.migrations)}"
