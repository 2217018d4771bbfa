"""Databases of a service for one command: those of the environment, or of `rapport up` on this machine."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from rapport_kit.settings import ServiceSettings, variable

if TYPE_CHECKING:
    from rapport_kit.database import Database
    from rapport_kit.schema.frame import Frame
    from rapport_kit.service import Service
    from rapport_kit.uow import UnitOfWork


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


@asynccontextmanager
async def work_of(service: Service) -> AsyncIterator[type[UnitOfWork]]:
    """The service's unit of work as its processes have it: with the keys of the people whom events are about."""
    import nats

    from rapport_kit.privacy.remote import RemoteSubjectKeys, boxes_between_services, knowing
    from rapport_kit.rpc.tls import broker_context

    assert service.unit_of_work is not None, f"{service.name} has no database"
    settings = _as_its_processes(service)
    if service.keeps_subject_keys or settings.platform.page_token_keys is None:
        yield service.unit_of_work
        return
    boxes = boxes_between_services(settings.platform.shared_keys)
    servers = settings.platform.required("nats_url").split(",")
    options = {"name": "rapport dlq", "tls": broker_context(settings.platform), "allow_reconnect": False}
    broker = await nats.connect(servers, **options)  # an operator who waits is told that the broker is away
    try:
        yield knowing(service.unit_of_work, RemoteSubjectKeys(broker, boxes))
    finally:
        await broker.close()


def _as_its_processes(service: Service) -> ServiceSettings:
    """The service's settings; what they lack is what this machine's installation gives its processes."""
    settings = ServiceSettings.of(service.name)
    if settings.platform.page_token_keys is not None:
        return settings
    from rapport_kit.local.platform import Platform
    from rapport_kit.local.state import State

    state = State.locate(settings.platform.state_dir)
    if not state.directory.exists():
        return settings
    os.environ.setdefault("RAPPORT_NATS_URL", Platform(settings.platform, state).nats_url)
    os.environ["RAPPORT_PAGE_TOKEN_KEYS"] = state.secret("page-tokens")
    for field in service.secrets:
        os.environ.setdefault(variable(service.name, field), state.key(variable(service.name, field)))
    return ServiceSettings.of(service.name)


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
