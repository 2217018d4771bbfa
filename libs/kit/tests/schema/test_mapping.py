"""What the mapping promises of an aggregate in a real database, beyond that its values survive."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.schema import CreateColumn

from rapport_kit.domain import Entity, Money, Owned
from rapport_kit.schema import Schema
from rapport_kit.schema.sets import Batch

TENANT = UUID(int=1)


@dataclass(kw_only=True, eq=False)
class Line(Owned):
    """A line of a basket."""

    name: str
    price: Money | None = None
    tags: list[str] = field(default_factory=list)


@dataclass(kw_only=True, eq=False)
class Basket(Entity):
    """What somebody wants to buy."""

    name: str = ""
    total: Money | None = None
    notes: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


@dataclass(kw_only=True, eq=False)
class Wishlist(Entity):
    """What somebody would like to be given: owns lines too."""

    lines: list[Line] = field(default_factory=list)


schema = Schema("shop")
schema.map(
    Basket, "basket", sa.Index(None, "tenant", "name"), sa.Column("search", sa.Text, server_default=sa.text("'found'"))
)
schema.map(Wishlist, "wishlist")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def engine(empty_database: str) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(empty_database.replace("postgresql://", "postgresql+asyncpg://"))
    tables = [
        table for entity in schema.entities for table in (schema.table(entity), *schema.child_tables(entity).values())
    ]
    async with engine.begin() as connection:
        await connection.run_sync(lambda sync: schema.metadata.create_all(sync, tables))
    yield engine
    await engine.dispose()


def session_of(engine: AsyncEngine) -> AsyncSession:
    return AsyncSession(engine, expire_on_commit=False, autoflush=False)


async def keep(engine: AsyncEngine, basket: Basket, tenant: UUID = TENANT) -> UUID:
    basket.version = 1
    basket.create_time = basket.update_time = datetime.now(UTC)
    basket.__dict__["_tenant"] = tenant
    batch = Batch()
    schema.rows(Basket).put(basket, batch)
    async with engine.connect() as connection:
        await batch.write(connection)
    schema.rows(Basket).watch(basket)
    return basket.id


async def names(engine: AsyncEngine, id_: UUID) -> list[str]:
    async with session_of(engine) as session:
        return [line.name for line in (await session.get_one(Basket, (TENANT, id_))).lines]


async def test_a_write_makes_the_version_one_more(engine: AsyncEngine) -> None:
    id_ = await keep(engine, Basket(name="a"))
    async with session_of(engine) as session:
        basket = await session.get_one(Basket, (TENANT, id_))
        assert basket.version == 1
        basket.name = "b"
        await session.commit()
        assert basket.version == 2


async def test_of_two_writers_that_read_the_same_version_one_fails(engine: AsyncEngine) -> None:
    id_ = await keep(engine, Basket(name="a"))
    async with session_of(engine) as first, session_of(engine) as second:
        mine, theirs = await first.get_one(Basket, (TENANT, id_)), await second.get_one(Basket, (TENANT, id_))
        mine.name, theirs.name = "mine", "theirs"
        await first.commit()
        with pytest.raises(StaleDataError):
            await second.commit()


async def test_entries_keep_their_order_however_they_are_moved(engine: AsyncEngine) -> None:
    id_ = await keep(engine, Basket(lines=[Line(name="c"), Line(name="a"), Line(name="b")]))
    assert await names(engine, id_) == ["c", "a", "b"]
    async with session_of(engine) as session:
        basket = await session.get_one(Basket, (TENANT, id_))
        basket.lines.sort(key=lambda line: line.name)
        basket.lines.insert(1, Line(name="aa"))
        await session.commit()
    assert await names(engine, id_) == ["a", "aa", "b", "c"]


async def test_an_entry_that_leaves_its_list_is_deleted(engine: AsyncEngine) -> None:
    id_ = await keep(engine, Basket(lines=[Line(name="a"), Line(name="b")]))
    async with session_of(engine) as session:
        basket = await session.get_one(Basket, (TENANT, id_))
        del basket.lines[0]
        await session.commit()
        table = schema.child_tables(Basket)["lines"]
        assert await session.scalar(sa.select(sa.func.count()).where(table.c.basket_id == id_)) == 1
    assert await names(engine, id_) == ["b"]


async def test_what_is_changed_in_place_is_written(engine: AsyncEngine) -> None:
    id_ = await keep(engine, Basket(notes={"a": "1"}, lines=[Line(name="a", tags=["x"])]))
    async with session_of(engine) as session:
        basket = await session.get_one(Basket, (TENANT, id_))
        basket.notes["b"] = "2"
        basket.lines[0].tags.append("y")
        basket.lines[0].price = Money(5, "EUR")
        await session.commit()
    async with session_of(engine) as session:
        basket = await session.get_one(Basket, (TENANT, id_))
        assert basket.notes == {"a": "1", "b": "2"}
        assert basket.lines[0].tags == ["x", "y"]
        assert basket.lines[0].price == Money(5, "EUR")


async def test_a_new_entry_is_watched_as_soon_as_it_joins(engine: AsyncEngine) -> None:
    basket = Basket()
    line = Line(name="a")
    basket.lines.append(line)
    await keep(engine, basket)
    async with session_of(engine) as session:
        session.add(basket)
        line.tags.append("later")
        await session.commit()
    async with session_of(engine) as session:
        assert (await session.get_one(Basket, (TENANT, basket.id))).lines[0].tags == ["later"]


async def test_an_equal_value_is_no_write(engine: AsyncEngine) -> None:
    id_ = await keep(engine, Basket(name="a", total=Money(1, "EUR"), notes={"a": "1"}))
    async with session_of(engine) as session:
        basket = await session.get_one(Basket, (TENANT, id_))
        basket.name, basket.total, basket.notes = "a", Money(1, "EUR"), {"a": "1"}
        await session.commit()
        assert basket.version == 1


async def test_a_deleted_root_takes_its_entries_along(engine: AsyncEngine) -> None:
    id_ = await keep(engine, Basket(lines=[Line(name="a")]))
    async with engine.begin() as connection:
        await connection.execute(sa.delete(schema.table(Basket)).where(schema.table(Basket).c.id == id_))
        table = schema.child_tables(Basket)["lines"]
        assert await connection.scalar(sa.select(sa.func.count()).where(table.c.basket_id == id_)) == 0


async def test_two_tenants_may_hold_the_same_id(engine: AsyncEngine) -> None:
    id_ = await keep(engine, Basket(name="ours", lines=[Line(name="ours")]))
    theirs = Basket(id=id_, name="theirs", lines=[Line(name="theirs")])
    other = uuid4()
    await keep(engine, theirs, other)
    assert await names(engine, id_) == ["ours"]
    async with session_of(engine) as session:
        assert [line.name for line in (await session.get_one(Basket, (other, id_))).lines] == ["theirs"]


def test_the_objects_that_join_a_list_stay_themselves() -> None:
    line = Line(name="a")
    basket, wishlist = Basket(lines=[line]), Wishlist(lines=[Line(name="b")])
    assert basket.lines[0] is line
    assert isinstance(line, Line)
    assert type(wishlist.lines[0]) is not type(line)
    assert (line.name, line.tags) == ("a", [])


def test_domain_classes_work_without_a_session() -> None:
    first, second = Basket(name="a"), Basket(name="a")
    assert first != second
    assert {first: 1, second: 2}[first] == 1
    assert first.total is None
    assert first.version == 0


def test_every_table_has_its_tenant_first_and_in_its_key() -> None:
    for entity in schema.entities:
        for table in (schema.table(entity), *schema.child_tables(entity).values()):
            assert next(iter(table.columns)).name == "tenant"
            assert [column.name for column in table.primary_key] == ["tenant", "id"]
            assert all(rule.name for rule in table.constraints)
            assert all(index.name for index in table.indexes)


def test_columns_are_found_by_the_path_of_their_field() -> None:
    columns = schema.columns(Basket)
    assert columns["name"] is schema.table(Basket).c.name
    assert columns["total"] is schema.table(Basket).c.total_minor
    assert columns["total.currency_code"] is schema.table(Basket).c.total_currency
    assert columns["lines.name"] is schema.child_tables(Basket)["lines"].c.name
    assert not {"version", "sequence", "tenant", "search"} & set(columns)


def test_text_compares_by_code_point() -> None:
    for path in ("name", "lines.name"):
        assert 'COLLATE "C"' in str(CreateColumn(schema.columns(Basket)[path]))


def test_a_field_that_no_table_can_hold_is_refused_by_name() -> None:
    @dataclass(kw_only=True, eq=False)
    class Odd(Entity):
        thing: complex = 0j

    with pytest.raises(TypeError, match=r"Odd\.thing: .*complex.* has no form"):
        Schema("odd").map(Odd, "odd")
