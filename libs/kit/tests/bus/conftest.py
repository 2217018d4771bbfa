"""A shop that counts, and a mirror that follows it: two services' databases with nothing in them but the frame."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import asyncpg
import nats
import pytest_asyncio
import sqlalchemy as sa
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import Message
from nats.aio.client import Client
from sqlalchemy.dialects import postgresql as pg

from rapport_kit.bus.acting import service_principal
from rapport_kit.bus.broker_consumer import BrokerConsumer
from rapport_kit.bus.consumer import Consumer
from rapport_kit.bus.delivery import Delivery
from rapport_kit.bus.envelope import Envelope
from rapport_kit.bus.history import ReadEvents, history, read_events
from rapport_kit.bus.outbox import EventRow, put
from rapport_kit.bus.polling_consumer import PollingConsumer
from rapport_kit.bus.relay import Relay
from rapport_kit.cause import Cause, Lane
from rapport_kit.database import Database
from rapport_kit.schema import Schema
from rapport_kit.schema.frame import APP_MAY, SYSTEM_MAY, WITHOUT_TENANT, create_statements
from rapport_kit.testing import DatabaseFactory
from rapport_kit.uow import UnitOfWork

ROLES = "kit_bus"
TENANT = UUID("018f0000-0000-7000-8000-000000000001")

schema = Schema("bus")
counter = sa.Table(
    "counter",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)
mirror = sa.Table(
    "mirror",
    schema.metadata,
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("seen", pg.ARRAY(sa.BigInteger), nullable=False),
)


class BusUnitOfWork(UnitOfWork):
    """What writers and subscribers of these tests work in."""

    schema = schema


@dataclass
class Site:
    """One migrated database, as its two roles see it."""

    app: Database
    system: Database
    admin: str

    async def count(
        self,
        counted: type[Message],
        aggregate: UUID,
        *,
        times: int = 1,
        tenant: UUID = TENANT,
        lane: Lane = Lane.LIVE,
        resource: str = "shop.rapport/Counter",
        kind: str = "",
        payload: bytes | None = None,
    ) -> None:
        """Record the next facts of one aggregate, as a use case would: root locked first, then the events."""
        cause = Cause(lane=lane)
        async with BusUnitOfWork(self.app, service_principal("shop", tenant), cause=cause) as uow:
            first = await self._lock(uow, aggregate, times)
            for number in range(first, first + times):
                event = EventRow(
                    tenant=tenant,
                    resource=resource,
                    aggregate=aggregate,
                    sequence=number,
                    type=kind or counted.DESCRIPTOR.full_name,
                    payload=payload if payload is not None else _payload(counted, aggregate, number),
                    occurred=uow.now,
                    actor=uow.principal.subject,
                    cause=cause,
                )
                put(event, schema.frame, uow.waiting)

    async def _lock(self, uow: UnitOfWork, aggregate: UUID, times: int) -> int:
        statement = (
            pg.insert(counter)
            .values(tenant=uow.tenant, id=aggregate, sequence=times)
            .on_conflict_do_update(
                index_elements=[counter.c.tenant, counter.c.id], set_={"sequence": counter.c.sequence + times}
            )
            .returning(counter.c.sequence)
        )
        return int(await uow.connection.scalar(statement) or 0) - times + 1

    async def mirrored(self, tenant: UUID = TENANT) -> dict[UUID, list[int]]:
        """What the projection saw of each aggregate, in the order in which it saw it."""
        async with self.app.transaction(tenant) as connection:
            return {row.id: list(row.seen) for row in await connection.execute(sa.select(mirror))}

    async def counted(self, tenant: UUID = TENANT) -> dict[UUID, list[int]]:
        """What the projection must be: every number once, in order."""
        async with self.app.transaction(tenant) as connection:
            return {row.id: list(range(1, row.sequence + 1)) for row in await connection.execute(sa.select(counter))}

    async def published(self) -> list[Envelope]:
        """Every numbered event, by number."""
        async with self.system.transaction() as connection:
            return await read_events(connection, schema.frame, 0, 100_000)

    async def query(self, statement: str, *values: Any) -> list[asyncpg.Record]:
        """Ask as the administrator, past row-level security."""
        connection = await asyncpg.connect(self.admin)
        try:
            return list(await connection.fetch(statement, *values))
        finally:
            await connection.close()


def _payload(counted: type[Message], aggregate: UUID, number: int) -> bytes:
    return counted(value=number, counter=str(aggregate)).SerializeToString()


def counted_message(source: str) -> type[Message]:
    """`rapport.<source>.v1.Counted { int64 value = 1; string counter = 2; }`: each test has a stream to itself."""
    file = descriptor_pb2.FileDescriptorProto(name=f"{source}.proto", package=f"rapport.{source}.v1", syntax="proto3")
    message = file.message_type.add(name="Counted")
    message.field.add(name="value", number=1, type=3, label=1)
    message.field.add(name="counter", number=2, type=9, label=1)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"rapport.{source}.v1.Counted"))


async def reflect(event: Any, uow: UnitOfWork) -> None:
    """The projection: append what was counted to what was seen."""
    statement = pg.insert(mirror).values(tenant=uow.tenant, id=UUID(event.counter), seen=[event.value])
    await uow.connection.execute(
        statement.on_conflict_do_update(
            index_elements=[mirror.c.tenant, mirror.c.id], set_={"seen": mirror.c.seen.concat([event.value])}
        )
    )


@dataclass
class Bus:
    """A source and a follower over one broker."""

    source: str
    shop: Site
    follower: Site
    broker: Client
    counted: type[Message]
    handler: Callable[[Any, UnitOfWork], Awaitable[None]] = reflect

    async def count(self, aggregate: UUID, **options: Any) -> None:
        await self.shop.count(self.counted, aggregate, **options)

    def relay(self, **options: Any) -> Relay:
        return Relay(self.source, self.shop.system, schema.frame, self.broker, **options)

    def delivery(self, **options: Any) -> Delivery:
        settings: dict[str, Any] = {"retry_after": 0.02, **options}
        return Delivery(
            "mirror", self.source, {self.counted: self.handler}, self.follower.app, BusUnitOfWork, **settings
        )

    def consumer(self, read: ReadEvents | None = None, *, projection: str = "", **options: Any) -> BrokerConsumer:
        settings: dict[str, Any] = {"patience": 0.4, "recheck": 2.0, **options}
        return BrokerConsumer(
            self.delivery(projection=projection),
            self.follower.system,
            self.broker,
            read or history(self.shop.system, schema.frame),
            **settings,
        )

    def polling(self, **options: Any) -> PollingConsumer:
        """A projection of the source's own, in the source's database."""
        delivery = Delivery(
            self.source,
            self.source,
            {self.counted: self.handler},
            self.shop.app,
            BusUnitOfWork,
            projection="mirror",
            retry_after=0.02,
        )
        return PollingConsumer(
            delivery, self.shop.system, history(self.shop.system, schema.frame), **{"poll": 0.05, **options}
        )

    @asynccontextmanager
    async def running(self, *parts: Relay | Consumer) -> AsyncIterator[None]:
        """Run relays and consumers for the length of a block; one that fails fails the test."""
        tasks = [asyncio.ensure_future(part.run()) for part in parts]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task

    async def write(self, aggregates: Sequence[UUID], facts: int, *, writers: int = 4, lane: Lane = Lane.LIVE) -> None:
        """`facts` events over the aggregates, round and round, from several writers at a time."""

        async def writer(start: int) -> None:
            for turn in range(start, facts, writers):
                await self.count(aggregates[turn * 7 % len(aggregates)], lane=lane)

        await asyncio.gather(*(writer(start) for start in range(writers)))

    async def settled(self, *, within: float = 15.0) -> dict[UUID, list[int]]:
        """Wait until the projection has as many facts as were counted, and return it."""
        expected = await self.shop.counted()
        total = sum(map(len, expected.values()))
        async with asyncio.timeout(within):
            while sum(map(len, (await self.follower.mirrored()).values())) < total:
                await asyncio.sleep(0.02)
        return await self.follower.mirrored()

    async def numbered(self, count: int) -> list[Envelope]:
        """Wait until so many events have a number, and return them."""

        async def enough() -> bool:
            return len(await self.shop.published()) >= count

        await eventually(enough)
        return await self.shop.published()


async def eventually(condition: Callable[[], Awaitable[bool]], *, within: float = 10.0) -> None:
    """Wait until `condition` holds."""
    async with asyncio.timeout(within):
        while not await condition():
            await asyncio.sleep(0.02)


def aggregates(count: int) -> list[UUID]:
    """So many new identities."""
    return [uuid4() for _ in range(count)]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def migrated(database_factory: DatabaseFactory) -> str:
    """A database with the frame in it, owned by an ordinary role."""
    url = await database_factory("bus")
    connection = await asyncpg.connect(url)
    for role in ("migrator", "app", "system"):  # they outlive the session, as roles belong to the server
        with suppress(asyncpg.DuplicateObjectError):
            await connection.execute(f"CREATE ROLE {ROLES}_{role} LOGIN PASSWORD 'secret'")
    await connection.execute(f"GRANT ALL ON SCHEMA public TO {ROLES}_migrator")
    await connection.close()
    owner = Database(as_role(url, f"{ROLES}_migrator"), pool_size=1)
    async with owner.transaction() as session:
        await session.run_sync(schema.metadata.create_all)
        for statement in [*create_statements(f"{ROLES}_system"), *_policies()]:
            await session.execute(sa.text(statement))
    await owner.close()
    return url


def as_role(url: str, role: str) -> str:
    """The same database as another role."""
    parts = urlsplit(url)
    return parts._replace(netloc=f"{role}:secret@{parts.hostname}:{parts.port}").geturl()


def _policies() -> list[str]:
    """What the kit's first migration does about roles."""
    statements = []
    for table in schema.metadata.tables:
        app, system = APP_MAY.get(table, "SELECT, INSERT, UPDATE"), SYSTEM_MAY.get(table)
        statements += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        ]
        if table not in WITHOUT_TENANT:
            statements.append(f"GRANT {app} ON {table} TO {ROLES}_app")
            statements.append(
                f"CREATE POLICY tenant ON {table} "
                "USING (tenant = nullif(current_setting('rapport.tenant', true), '')::uuid)"
            )
        if system:
            statements.append(f"GRANT {system} ON {table} TO {ROLES}_system")
            statements.append(f"CREATE POLICY system ON {table} TO {ROLES}_system USING (true) WITH CHECK (true)")
    statements.append(f"GRANT TRUNCATE ON mirror TO {ROLES}_system")
    return statements


def opened(url: str) -> Site:
    """A migrated database as its roles see it."""
    app = Database(as_role(url, f"{ROLES}_app"), pool_size=20)
    return Site(app, Database(as_role(url, f"{ROLES}_system"), pool_size=6), url)


@asynccontextmanager
async def emptied(*urls: str) -> AsyncIterator[list[Site]]:
    """Migrated databases without a row, closed at the end of the block."""
    sites = [opened(url) for url in urls]
    for site in sites:
        await site.query(f"TRUNCATE {', '.join(schema.metadata.tables)} RESTART IDENTITY")
    try:
        yield sites
    finally:
        for site in sites:
            await site.app.close()
            await site.system.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def pair(migrated: str, database_factory: DatabaseFactory) -> tuple[str, str]:
    """Two databases that the tests use in turn: dropping one takes longer than most tests."""
    return await database_factory("shop", migrated), await database_factory("mirror", migrated)


@pytest_asyncio.fixture
async def bus(pair: tuple[str, str], nats_url: str) -> AsyncIterator[Bus]:
    """Two databases and the session's broker; the stream is this test's own."""
    source = f"shop{secrets.token_hex(4)}"
    broker = await nats.connect(nats_url, max_reconnect_attempts=-1, reconnect_time_wait=0)
    async with emptied(*pair) as (shop, follower):
        yield Bus(source, shop, follower, broker, counted_message(source))
    await broker.close()


@pytest_asyncio.fixture
async def site(pair: tuple[str, str]) -> AsyncIterator[Site]:
    """One empty database."""
    async with emptied(pair[0]) as (site,):
        yield site


@pytest_asyncio.fixture
async def own_site(migrated: str, database_factory: DatabaseFactory) -> AsyncIterator[Site]:
    """A database for a test that changes its shape."""
    async with emptied(await database_factory("own", migrated)) as (site,):
        yield site
