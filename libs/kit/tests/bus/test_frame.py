"""The frame's tables under their roles: partitions kept up without rights on tables, tenants apart, gauges true."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from rapport_kit.bus import gauges
from rapport_kit.cause import Lane
from rapport_kit.jobs.upkeep import tidy

from .conftest import TENANT, Bus, Site, schema

event = schema.frame.event


async def partitions(site: Site) -> set[str]:
    rows = await site.query(
        "SELECT relname FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid WHERE inhparent = 'event'::regclass"
    )
    return {row["relname"] for row in rows}


def month(ahead: int) -> str:
    now = datetime.now(UTC)
    months = now.year * 12 + now.month - 1 + ahead
    return f"event_{months // 12}{months % 12 + 1:02}"


async def test_upkeep_makes_the_months_to_come(bus: Bus, own_site: Site) -> None:
    bus.shop = own_site
    assert await partitions(bus.shop) == {"event_default", *(month(ahead) for ahead in range(4))}
    assert await tidy(bus.shop.system, schema.frame, months_ahead=5)
    assert await partitions(bus.shop) == {"event_default", *(month(ahead) for ahead in range(6))}


async def test_events_of_a_month_without_partition_move_when_it_gets_one(bus: Bus, own_site: Site) -> None:
    bus.shop = own_site
    site = bus.shop
    await bus.count(uuid4(), times=3)
    await site.query("UPDATE event SET recorded = recorded + interval '4 months'")
    assert [row["n"] for row in await site.query("SELECT count(*) n FROM event_default")] == [3]
    await tidy(site.system, schema.frame, months_ahead=5)
    assert [row["n"] for row in await site.query("SELECT count(*) n FROM event_default")] == [0]
    assert [row["n"] for row in await site.query("SELECT count(*) n FROM event")] == [3]
    async with bus.running(bus.relay()):
        assert len(await bus.numbered(3)) == 3


async def test_old_months_go_but_never_with_an_unsent_event(bus: Bus, own_site: Site) -> None:
    bus.shop = own_site
    site = bus.shop
    await site.query("CREATE TABLE event_202001 PARTITION OF event FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')")
    await site.query(
        "ALTER TABLE event_202001 OWNER TO "
        + (await site.query("SELECT tableowner FROM pg_tables WHERE tablename = 'event'"))[0]["tableowner"]
    )
    await bus.count(uuid4())
    await site.query("UPDATE event SET recorded = '2020-01-10'")
    await tidy(site.system, schema.frame)
    assert "event_202001" in await partitions(site)
    async with bus.running(bus.relay()):
        await bus.numbered(1)
    await tidy(site.system, schema.frame)
    assert "event_202001" not in await partitions(site)


async def test_a_partition_is_closed_to_everyone_who_goes_past_its_table(bus: Bus) -> None:
    await bus.count(uuid4())
    for database in (bus.shop.app, bus.shop.system):
        with pytest.raises(ProgrammingError):
            async with database.transaction(TENANT) as connection:
                await connection.execute(sa.text(f"SELECT * FROM {month(0)}"))
    rows = await bus.shop.query(
        "SELECT relname FROM pg_class WHERE relname LIKE 'event%' AND relkind IN ('r', 'p') "
        "AND NOT (relrowsecurity AND relforcerowsecurity)"
    )
    assert rows == []


async def test_an_event_cannot_be_changed_or_deleted(bus: Bus) -> None:
    await bus.count(uuid4())
    for database in (bus.shop.app, bus.shop.system):
        for statement in (sa.delete(event), sa.update(event).values(payload=b"")):
            with pytest.raises(ProgrammingError) as refused:
                async with database.transaction(TENANT) as connection:
                    await connection.execute(statement)
            assert isinstance(getattr(refused.value.orig, "__cause__", None), asyncpg.InsufficientPrivilegeError)


async def test_an_event_is_one_tenants(bus: Bus) -> None:
    await bus.count(uuid4())
    async with bus.shop.app.transaction(uuid4()) as connection:
        assert await connection.scalar(sa.select(sa.func.count()).select_from(event)) == 0
    async with bus.shop.system.transaction() as connection:
        assert await connection.scalar(sa.select(sa.func.count()).select_from(event)) == 1


async def test_gauges_tell_what_waits(bus: Bus) -> None:
    frame, system = schema.frame, bus.shop.system
    async with system.transaction() as connection:
        assert await gauges.outbox_age(connection, frame) == dict.fromkeys(Lane, 0)
    await bus.count(uuid4(), times=2, lane=Lane.BULK)
    async with system.transaction() as connection:
        ages = await gauges.outbox_age(connection, frame)
        assert (ages[Lane.LIVE], 0 < ages[Lane.BULK] < 10) == (0, True)
    await bus.count(uuid4(), times=3)
    async with system.transaction() as connection:
        assert await gauges.outbox_depth(connection, frame) == {Lane.LIVE: 3, Lane.BULK: 2}
        ages = await gauges.outbox_age(connection, frame)
        assert 0 < ages[Lane.LIVE] < ages[Lane.BULK] < 10
    async with bus.running(bus.relay(), bus.consumer()):
        await bus.settled()
        await _until_quiet(bus)
    async with bus.follower.system.transaction() as connection:
        assert await gauges.consumer_lag(connection, frame) == {bus.source: 0}


async def _until_quiet(bus: Bus) -> None:
    from .conftest import eventually

    async def quiet() -> bool:
        async with bus.shop.system.transaction() as connection:
            shop = max((await gauges.outbox_age(connection, schema.frame)).values())
        async with bus.follower.system.transaction() as connection:
            lag = await gauges.consumer_lag(connection, schema.frame)
            reached = await connection.scalar(sa.select(schema.frame.lease.c.reached))
        return shop == 0 and lag == {bus.source: 0} and reached == 5

    await eventually(quiet)


async def test_request_ids_are_forgotten_after_three_days(bus: Bus) -> None:
    for age in (71, 73):
        await bus.shop.query(
            "INSERT INTO request (tenant, subject, key, method, digest, response, create_time) "
            "VALUES ($1, $1, $2, 'm', '', '', $3)",
            TENANT,
            str(age),
            datetime.now(UTC) - timedelta(hours=age),
        )
    await tidy(bus.shop.system, schema.frame)
    assert [row["key"] for row in await bus.shop.query("SELECT key FROM request")] == ["71"]
