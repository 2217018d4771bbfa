"""A unit of work that steps outside its transaction for a remote call."""

from __future__ import annotations

from uuid import uuid4

import pytest
import sqlalchemy as sa

from rapport_kit.bus.acting import service_principal

from .conftest import TENANT, Bus, BusUnitOfWork, counter


def work(bus: Bus) -> BusUnitOfWork:
    return BusUnitOfWork(bus.shop.app, service_principal("shop", TENANT))


async def add(uow: BusUnitOfWork) -> None:
    await uow.connection.execute(sa.insert(counter).values(tenant=TENANT, id=uuid4(), sequence=0))


async def test_no_connection_waits_and_the_work_goes_on_in_the_same_tenant(bus: Bus) -> None:
    pool = bus.shop.app.engine.pool
    busy = pool.checkedout()  # type: ignore[attr-defined]
    tenant = sa.select(sa.func.current_setting("rapport.tenant"))
    async with work(bus) as uow:
        before = await uow.connection.scalar(tenant)
        async with uow.outside():
            assert pool.checkedout() == busy  # type: ignore[attr-defined]
        assert await uow.connection.scalar(tenant) == before == str(TENANT)
        await add(uow)
    assert pool.checkedout() == busy  # type: ignore[attr-defined]


async def test_what_fails_outside_ends_the_work_and_lets_go_of_everything(bus: Bus) -> None:
    pool = bus.shop.app.engine.pool
    busy = pool.checkedout()  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="refused"):
        async with work(bus) as uow, uow.outside():
            raise ValueError("refused")
    assert pool.checkedout() == busy  # type: ignore[attr-defined]


async def test_what_fails_afterwards_is_rolled_back(bus: Bus) -> None:
    async def rows() -> int:
        return int((await bus.shop.query("SELECT count(*) n FROM counter"))[0]["n"])

    async def failing() -> None:
        async with work(bus) as uow:
            async with uow.outside():
                pass
            await add(uow)
            raise ValueError("refused")

    before = await rows()
    with pytest.raises(ValueError, match="refused"):
        await failing()
    assert await rows() == before


async def test_what_is_sent_outside_is_refused_and_lets_go_of_everything(bus: Bus) -> None:
    pool = bus.shop.app.engine.pool
    busy = pool.checkedout()  # type: ignore[attr-defined]
    with pytest.raises(AssertionError, match="was begun"):
        async with work(bus) as uow, uow.outside():
            await add(uow)
    assert pool.checkedout() == busy  # type: ignore[attr-defined]
    assert not await bus.shop.query("SELECT FROM counter")
