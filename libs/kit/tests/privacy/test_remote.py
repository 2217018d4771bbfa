"""Keys that a service asks another one for, over the broker."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from uuid import UUID, uuid4

import asyncpg
import nats
import pytest
import pytest_asyncio
from nats.aio.client import Client

from rapport_kit.bus.acting import service_principal
from rapport_kit.database import Database
from rapport_kit.errors import Unavailable
from rapport_kit.privacy.cipher import Boxes, Key
from rapport_kit.privacy.keys import NoSubjectKeys
from rapport_kit.privacy.remote import RemoteSubjectKeys, boxes_between_services, serve_subject_keys
from rapport_kit.schema import Schema
from rapport_kit.uow import UnitOfWork

OLD, NEW = os.urandom(32), os.urandom(32)
ADA = uuid4()
NOWHERE = Database("postgresql://nowhere/nothing")


class Kept(NoSubjectKeys):
    """Keys that need no database; to ask for nobody's breaks the connection."""

    async def find(self, uow: UnitOfWork, subjects: Collection[UUID], *, to_write: bool = False) -> Mapping[UUID, Key]:
        if ADA not in subjects:
            raise asyncpg.InterfaceError("connection is closed")
        return {ADA: Key(bytes(32))}


class KeeperUnitOfWork(UnitOfWork):
    """Of the service that keeps the keys."""

    schema = Schema("keeper")
    subject_keys = Kept()


@pytest_asyncio.fixture
async def broker(nats_url: str) -> AsyncIterator[Client]:
    client = await nats.connect(nats_url)
    yield client
    await client.close()


@asynccontextmanager
async def keeping(broker: Client, boxes: Boxes) -> AsyncIterator[None]:
    serving = asyncio.ensure_future(serve_subject_keys(broker, "keeper", NOWHERE, KeeperUnitOfWork, boxes))
    await asyncio.sleep(0)
    await broker.flush()
    try:
        yield
    finally:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving


async def find(broker: Client, boxes: Boxes, subject: UUID) -> Mapping[UUID, Key]:
    uow = KeeperUnitOfWork(NOWHERE, service_principal("asking", uuid4()))
    return await RemoteSubjectKeys(broker, boxes).find(uow, [subject])


async def test_services_ask_one_another_while_their_shared_keys_are_replaced(broker: Client) -> None:
    before, after = boxes_between_services([OLD, NEW]), boxes_between_services([NEW, OLD])
    for asked, asking in [(before, after), (after, before)]:
        async with keeping(broker, asked):
            assert (await find(broker, asking, ADA))[ADA].raw == bytes(32)


async def test_a_keeper_whose_database_has_gone_says_so_at_once(broker: Client) -> None:
    boxes = boxes_between_services([NEW])
    async with keeping(broker, boxes), asyncio.timeout(2):
        with pytest.raises(Unavailable):
            await find(broker, boxes, uuid4())
