"""One service that has a database: from its connections to its listener, with all that goes on in the background."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from google.protobuf.descriptor import MethodDescriptor
from nats.aio.client import Client as Broker

from rapport_kit.app.broker import connected
from rapport_kit.app.collection import spare_what_is_loaded
from rapport_kit.app.traffic import Traffic
from rapport_kit.auth.keyring import Fetch, Keyring
from rapport_kit.auth.remote import fetch_from_identity
from rapport_kit.auth.tokens import TokenVerifier
from rapport_kit.blobs import Blobs, store_at
from rapport_kit.bus.broker_consumer import BrokerConsumer
from rapport_kit.bus.consumer import Consumer
from rapport_kit.bus.delivery import Delivery
from rapport_kit.bus.history import history
from rapport_kit.bus.polling_consumer import PollingConsumer
from rapport_kit.bus.relay import Relay
from rapport_kit.bus.remote_history import remote_history, serve_history
from rapport_kit.cause import Lane
from rapport_kit.contents import SWEEP, sweep
from rapport_kit.database import Database
from rapport_kit.jobs.runner import POLL, TimerRunner
from rapport_kit.jobs.upkeep import keep_up
from rapport_kit.privacy.remote import RemoteSubjectKeys, boxes_between_services, knowing, serve_subject_keys
from rapport_kit.query import PageTokens
from rapport_kit.rpc.access import access_of
from rapport_kit.rpc.client import open_channel
from rapport_kit.rpc.endpoint import Endpoint
from rapport_kit.rpc.server import Server
from rapport_kit.rpc.streaming import StreamEndpoint
from rapport_kit.rpc.tls import channel_credentials, server_credentials
from rapport_kit.rpc.uploads import UploadEndpoint, content_field
from rapport_kit.rpc.use_cases import use_case_of
from rapport_kit.service import Following, Job, Service
from rapport_kit.settings import ServiceSettings
from rapport_kit.telemetry import gauges, metrics
from rapport_kit.uow import UnitOfWork

GRACE = 10.0
"""Seconds that running calls get to finish when the process is asked to stop."""
SYSTEM_POOL = 4
"""Connections for the relay, the consumers' bookkeeping, timers and gauges."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Running:
    """One service and what it stands on while it runs."""

    service: Service
    settings: ServiceSettings
    unit_of_work: type[UnitOfWork]
    app: Database
    system: Database
    broker: Broker
    keyring: Keyring
    relay: Relay
    blobs: Blobs | None
    due: asyncio.Event
    traffic: Traffic

    def committed(self, uow: UnitOfWork) -> None:
        """Wake whoever in this process has to do now what a unit of work has left to be done."""
        if uow.events_written:
            self.relay.wake()
            if uow.waited_for:
                self.traffic.note()
                if uow.cause.lane is Lane.BULK:
                    self.traffic.note_bulk()
        if uow.next_timer is not None and (wait := uow.next_timer.total_seconds()) < POLL:
            asyncio.get_running_loop().call_later(max(wait, 0.0), self.due.set)

    def answered(self, uow: UnitOfWork) -> None:
        """A call has ended well."""
        self.traffic.note()
        self.committed(uow)

    def endpoints(self, handler: Any) -> Iterator[Endpoint]:
        """Every RPC of one handler class."""
        tokens = PageTokens(self.settings.platform.shared_keys)
        verifier = TokenVerifier(self.keyring, self.keyring)
        for method in handler.serves.methods:
            yield self._kind(method)(
                use_case=use_case_of(handler, method),
                method=method,
                access=access_of(method, self.service.name),
                service=self.service.name,
                database=self.app,
                unit_of_work=self.unit_of_work,
                verifier=verifier,
                page_tokens=tokens,
                committed=self.answered,
                blobs=self.blobs,
            )

    def _kind(self, method: MethodDescriptor) -> Callable[..., Endpoint]:
        """The pipeline that fits how an RPC streams.

        Raises:
            SettingsError: it takes uploads, and there is nowhere to put them.
        """
        if method.client_streaming:
            self.settings.platform.required("blob_url")
            content_field(method.input_type)
            return partial(UploadEndpoint, limit=self.settings.platform.upload_limit)
        return StreamEndpoint if method.server_streaming else Endpoint

    def jobs(self) -> Mapping[str, Job]:
        """Those of the service; where it takes uploads, also the one that deletes what nobody keeps of them."""
        handlers: tuple[Any, ...] = self.service.handlers
        takes_uploads = any(method.client_streaming for handler in handlers for method in handler.serves.methods)
        return {SWEEP: sweep, **self.service.jobs} if takes_uploads else self.service.jobs

    def consumer(self, following: Following) -> Consumer:
        """What follows one service: another one or, for a projection, perhaps this one."""
        delivery = Delivery(
            self.service.name,
            following.source,
            following.subscribers,
            self.app,
            self.unit_of_work,
            projection=following.projection,
            committed=self.committed,
            blobs=self.blobs,
        )
        if following.source != self.service.name:
            return BrokerConsumer(delivery, self.system, self.broker, remote_history(self.broker, following.source))
        polling = PollingConsumer(delivery, self.system, history(self.system, self.unit_of_work.schema.frame))
        self.relay.numbered.append(polling.wake)
        return polling

    def work(self) -> Iterator[Coroutine[Any, Any, None]]:
        """What goes on in the background for as long as the service runs."""
        frame = self.unit_of_work.schema.frame
        yield self.keyring.run()
        yield self.relay.run()
        yield serve_history(self.broker, self.service.name, history(self.system, frame))
        if self.service.keeps_subject_keys:
            boxes = boxes_between_services(self.settings.platform.shared_keys)
            yield serve_subject_keys(self.broker, self.service.name, self.app, self.unit_of_work, boxes)
        yield from (self.consumer(following).run() for following in self.service.following().values())
        if jobs := self.jobs():
            yield TimerRunner(
                self.service.name,
                jobs,
                self.app,
                self.system,
                self.unit_of_work,
                committed=self.committed,
                due=self.due,
                share=self.traffic.share,
                blobs=self.blobs,
            ).run()
        yield keep_up(self.system, frame)
        yield metrics.watch_loop()
        yield gauges.watch(self.service.name, self.app, self.system, frame)


@asynccontextmanager
async def serving(service: Service, settings: ServiceSettings) -> AsyncIterator[list[asyncio.Task[None]]]:
    """One service, from its database to its listener, for as long as the block lasts; yields its background tasks."""
    assert service.unit_of_work is not None, f"{service.name} has no unit of work"
    async with AsyncExitStack() as open_:
        app = Database(
            settings.required("database_url"), pool_size=settings.pool_size, application_name=f"{service.name}-app"
        )
        open_.push_async_callback(app.close)
        if service.prepare is not None:
            await service.prepare(app)
        system = Database(
            settings.required("system_database_url"), pool_size=SYSTEM_POOL, application_name=f"{service.name}-system"
        )
        open_.push_async_callback(system.close)
        broker = await open_.enter_async_context(connected(service.name, settings.platform))
        keyring = Keyring(await open_.enter_async_context(_keys(service, settings, app)))
        traffic = Traffic()
        relay = Relay(service.name, system, service.unit_of_work.schema.frame, broker, share=traffic.bulk_share)
        unit_of_work = service.unit_of_work
        if not service.keeps_subject_keys:
            boxes = boxes_between_services(settings.platform.shared_keys)
            unit_of_work = knowing(unit_of_work, RemoteSubjectKeys(broker, boxes))
        blobs, due = _blobs(settings), asyncio.Event()
        running = Running(service, settings, unit_of_work, app, system, broker, keyring, relay, blobs, due, traffic)
        server = Server(server_credentials(settings.platform))
        for handler in service.handlers:
            server.add(handler.serves, list(running.endpoints(handler)))  # type: ignore[attr-defined]
        background = [asyncio.create_task(work) for work in running.work()]
        open_.push_async_callback(_cancel, background)
        address = await server.start(settings.required("listen"))
        open_.push_async_callback(server.stop, GRACE)
        spare_what_is_loaded()
        log.info("serving", address=address)
        yield background


def _blobs(settings: ServiceSettings) -> Blobs | None:
    url = settings.platform.blob_url
    return None if url is None else store_at(url)()


@asynccontextmanager
async def _keys(service: Service, settings: ServiceSettings, app: Database) -> AsyncIterator[Fetch]:
    """Where the verifier's keys come from: identity's RPCs, or, inside identity, its own database."""
    if service.fetch_keys is not None:
        yield service.fetch_keys(app)
        return
    target = ServiceSettings.of("identity").required("target")
    async with open_channel(target, channel_credentials(settings.platform)) as channel:
        yield fetch_from_identity(channel)


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
