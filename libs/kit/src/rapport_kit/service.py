"""A service's manifest: everything the frame must know to run it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any

from google.protobuf.message import Message

from rapport_kit.settings import ServiceSettings, SettingsError, variable

if TYPE_CHECKING:
    from rapport_kit.auth.keyring import Fetch
    from rapport_kit.bus.envelope import Envelope
    from rapport_kit.database import Database
    from rapport_kit.uow import UnitOfWork

Subscriber = Callable[[Any, Any], Awaitable[None]]
"""`(event, uow) -> None`"""
Told = tuple[Any, "Envelope"]
"""A fact, and the event that told it."""
Job = Callable[[Any, Any], Awaitable[None]]
"""`(tick, uow) -> None`"""
Serve = Callable[[ServiceSettings, asyncio.Event], Awaitable[None]]


@dataclass(frozen=True)
class Together:
    """A subscriber of a projection to all that share a transaction, of whatever types: `(told, uow) -> None`.

    Each is another aggregate's. Nobody is acted for: the unit of work is the service's own.
    """

    take: Callable[[Sequence[Told], Any], Awaitable[None]]

    async def __call__(self, fact: Any, uow: UnitOfWork) -> None:
        """Take one that is alone."""
        assert uow.event is not None
        await self.take([(fact, uow.event)], uow)


@dataclass(frozen=True)
class Projection:
    """Tables that follow from events alone: they can be emptied and built again while everything else goes on.

    Its subscribers write to `tables` and nowhere else, set no timers and record no facts. They may follow any service,
    also their own.
    """

    subscribers: Mapping[type[Message], Subscriber]
    tables: tuple[str, ...]


@dataclass(frozen=True)
class Following:
    """One consumer: what a service, or one of its projections, does about the events of one source."""

    source: str
    subscribers: Mapping[type[Message], Subscriber]
    projection: str = ""

    @property
    def name(self) -> str:
        """What its positions and its lease go by: `identity`, or `identity/timeline`."""
        return f"{self.source}/{self.projection}" if self.projection else self.source


@dataclass(frozen=True)
class Service:
    """One service. A process that serves no gRPC of its own, as the gateway, gives only `serve`.

    `handlers` are instances, one per proto service. `subscribers` says what is done about other services' events;
    `projections` names tables that events alone make; `jobs` what is done when a timer of a kind is due. `migrations`
    is the package of the revisions.
    """

    name: str
    unit_of_work: type[UnitOfWork] | None = None
    handlers: tuple[object, ...] = ()
    subscribers: Mapping[type[Message], Subscriber] = field(default_factory=dict)
    projections: Mapping[str, Projection] = field(default_factory=dict)
    jobs: Mapping[str, Job] = field(default_factory=dict)
    migrations: str = ""
    serve: Serve | None = None
    settings: type[ServiceSettings] = ServiceSettings
    """What it is told from outside."""
    secrets: tuple[str, ...] = ()
    """Fields of its settings that hold 32 random bytes in base64, without which it does not start; `rapport up` makes
    them up and keeps them."""
    prepare: Callable[[Database], Awaitable[None]] | None = None
    """What is done in its database before anything goes on there and anybody can ask it anything."""
    fetch_keys: Callable[[Database], Fetch] | None = None
    """How this service learns keys and revocations when not by asking identity: only identity itself sets it."""

    def __post_init__(self) -> None:
        """Raises TypeError when a handler's resource is stored otherwise than its contract demands.

        Or when a secret is no field of the settings.
        """
        if unknown := set(self.secrets) - {each.name for each in fields(self.settings)}:
            raise TypeError(f"{self.settings.__name__} has no {', '.join(sorted(unknown))}")
        for handler in self.handlers:
            resource = getattr(handler, "resource", None)
            if self.unit_of_work is not None and resource is not None:
                self.unit_of_work.schema.check(resource.entity, resource.message)

    @property
    def needs(self) -> tuple[str, ...]:
        """The fields of its settings without which it does not start."""
        databases = ("database_url", "system_database_url") if self.unit_of_work is not None else ()
        return (*databases, "listen", *self.secrets)

    def configured(self) -> ServiceSettings:
        """Its settings, with everything that it needs.

        Raises:
            SettingsError: names each variable that is wrong, or is needed and not set.
        """
        settings = self.settings.of(self.name)
        missing = [field for field in self.needs if getattr(settings, field) is None]
        if missing:
            raise SettingsError("\n".join(f"{variable(self.name, field)}: is not set" for field in missing))
        return settings

    @property
    def keeps_subject_keys(self) -> bool:
        """Whether the keys of subjects are in its database: then other services ask it for them."""
        return self.unit_of_work is not None and self.unit_of_work.keeps_subject_keys()

    def following(self) -> dict[str, Following]:
        """Every consumer of the service, by name: one for each source, and one more for each projection of it."""
        found = [*_by_source(self.subscribers, "")]
        for name, projection in self.projections.items():
            found += _by_source(projection.subscribers, name)
        return {each.name: each for each in found}


def _by_source(subscribers: Mapping[type[Message], Subscriber], projection: str) -> list[Following]:
    found: dict[str, dict[type[Message], Subscriber]] = {}
    for message, subscriber in subscribers.items():
        found.setdefault(message.DESCRIPTOR.full_name.split(".")[1], {})[message] = subscriber
    return [Following(source, handled, projection) for source, handled in found.items()]


def installed() -> dict[str, Service]:
    """Every service of this installation, by name, from the entry points `rapport.services`."""
    return {name: point.load() for name, point in _entry_points().items()}


def chosen(names: Sequence[str]) -> list[Service]:
    """The services called `names`; `all` is every one.

    Raises:
        SettingsError: a name that is not installed.
    """
    known = _entry_points()
    return [known[name].load() for name in known_names(names)]


def known_names(names: Sequence[str]) -> list[str]:
    """`names`, or those of every service for `all`, without loading any.

    Raises:
        SettingsError: a name that is not installed.
    """
    known = _entry_points()
    unknown = sorted(set(names) - {"all", *known})
    if unknown:
        raise SettingsError(f"no such service: {', '.join(unknown)}; installed are {', '.join(known)}")
    return list(known) if "all" in names else list(names)


def _entry_points() -> dict[str, EntryPoint]:
    return {point.name: point for point in sorted(entry_points(group="rapport.services"), key=lambda one: one.name)}
