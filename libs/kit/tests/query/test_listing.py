"""Pages put together are the whole list, in its order, whatever the data, the order and the sizes of the pages."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from rapport.contact.v1 import people_pb2
from rapport_kit.auth.principal import Principal
from rapport_kit.errors import Invalid
from rapport_kit.query import Columns, Count, Fields, Listing, Order, PageTokens, capped_count
from rapport_kit.query.keyset import after

FIELDS = Fields.of(people_pb2.Person)
PERSON = sa.Table(
    "person",
    sa.MetaData(),
    sa.Column("tenant", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("family_name", sa.Text(collation="C"), nullable=False),
    sa.Column("given_name", sa.Text(collation="C"), nullable=False),
    sa.Column("lifecycle_stage", sa.Text(collation="C")),
    sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
    sa.Column("update_time", sa.DateTime(timezone=True)),
    sa.Index("person_family_name", "tenant", "family_name", "id"),
)
COLUMNS = Columns.of(FIELDS.without(frozenset(FIELDS.by_path.keys() - PERSON.c.keys())), dict(PERSON.c.items()), PERSON)
TOKENS = PageTokens([os.urandom(32)])
NOW = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
ANN = Principal(tenant=uuid4(), subject=uuid4())

TIMES = st.integers(0, 2).map(lambda microseconds: NOW + timedelta(microseconds=microseconds))
ROWS = st.fixed_dictionaries(
    {
        "id": st.uuids(),
        "family_name": st.text(alphabet="aAé\U0010ffff", max_size=1),
        "given_name": st.text(alphabet="ab", max_size=1),
        "lifecycle_stage": st.none() | st.sampled_from(["lead", "customer"]),
        "create_time": TIMES,
        "update_time": st.none() | TIMES,
    }
)
SORTABLE = ["family_name", "given_name", "lifecycle_stage", "create_time", "update_time"]
ORDERS = st.lists(
    st.tuples(st.sampled_from(SORTABLE), st.sampled_from(["", " asc", " desc"])),
    max_size=3,
    unique_by=lambda term: term[0],
).map(lambda terms: ", ".join(map("".join, terms)))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def connection(empty_database: str) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(empty_database.replace("postgresql:", "postgresql+asyncpg:"))
    async with engine.connect() as connection:
        await connection.run_sync(PERSON.metadata.create_all)
        yield connection
    await engine.dispose()


def listing(**request: Any) -> Listing:
    asked = people_pb2.ListPeopleRequest(**request)
    return Listing.of(asked, FIELDS, method="ListPeople", principal=ANN, tokens=TOKENS, now=NOW)


def expected_order(rows: list[dict[str, Any]], order: Order) -> list[UUID]:
    """Sorted in Python, term by term from the last, nulls last in both directions."""
    for term in reversed(order.terms):
        name = term.field.path
        present = [row for row in rows if row[name] is not None]
        present.sort(key=lambda row: row[name], reverse=term.descending)
        rows = present + [row for row in rows if row[name] is None]
    return [row["id"] for row in rows]


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ROWS, min_size=1, max_size=12, unique_by=lambda row: row["id"]), ORDERS, st.data())
async def test_pages_together_are_the_whole_list_in_order(
    connection: AsyncConnection, rows: list[dict[str, Any]], order_by: str, data: st.DataObject
) -> None:
    tenant = uuid4()
    await connection.execute(PERSON.insert(), [{"tenant": tenant, **row} for row in rows])
    everyone = sa.select(PERSON.c.given_name, PERSON.c.id).where(PERSON.c.tenant == tenant)
    seen: list[UUID] = []
    token = ""
    for _ in range(len(rows) + 1):
        page = listing(order_by=order_by, page_size=data.draw(st.integers(1, 5)), page_token=token)
        found = (await connection.execute(page.select(everyone, COLUMNS))).all()
        shown, token = page.page(found, TOKENS, NOW)
        seen += [row[1] for row in shown]
        if not token:
            break
    assert seen == expected_order(rows, Order.parse(order_by, FIELDS))


async def test_a_page_follows_its_filter(connection: AsyncConnection) -> None:
    tenant = uuid4()
    rows = [
        {"family_name": name, "given_name": "", "create_time": NOW, "id": uuid4()}
        for name in ("Ada", "Bo", "Adele", "Adam")
    ]
    await connection.execute(PERSON.insert(), [{"tenant": tenant, **row} for row in rows])
    asked = {"filter": 'family_name = "Ad*"', "order_by": "family_name desc", "page_size": 2}
    everyone = sa.select(PERSON.c.family_name).where(PERSON.c.tenant == tenant)
    first = listing(**asked)
    shown, token = first.page((await connection.execute(first.select(everyone, COLUMNS))).all(), TOKENS, NOW)
    assert [row[0] for row in shown] == ["Adele", "Adam"]
    second = listing(**asked, page_token=token)
    shown, token = second.page((await connection.execute(second.select(everyone, COLUMNS))).all(), TOKENS, NOW)
    assert ([row[0] for row in shown], token) == (["Ada"], "")


async def test_the_next_page_starts_at_its_place_in_the_index(connection: AsyncConnection) -> None:
    tenant = uuid4()
    names = [{"family_name": f"name {index % 1_000}", "given_name": "", "create_time": NOW} for index in range(4_000)]
    await connection.execute(PERSON.insert(), [{"tenant": tenant, "id": uuid4(), **row} for row in names])
    await connection.execute(sa.text("ANALYZE person"))
    for order_by in ("family_name", "family_name desc"):
        order = Order.parse(order_by, FIELDS)
        start = after(("name 500", UUID(int=0)), order, COLUMNS)
        statement = (
            sa.select(PERSON.c.id).where(PERSON.c.tenant == tenant, start).order_by(*order.sql(COLUMNS)).limit(51)
        )
        text = str(statement.compile(connection.engine.sync_engine, compile_kwargs={"literal_binds": True}))
        plan = "\n".join(await connection.scalars(sa.text("EXPLAIN " + text.replace(":", r"\:"))))
        condition = next(line for line in plan.splitlines() if "Index Cond" in line)
        assert "family_name" in condition, plan
        assert "Sort" not in plan


def test_page_sizes_have_a_default_a_cap_and_no_sign() -> None:
    assert [listing(page_size=size).size for size in (0, 1, 1_000, 5_000)] == [50, 1, 1_000, 1_000]
    with pytest.raises(Invalid, match="page_size: must not be negative"):
        listing(page_size=-1)


def test_the_newest_come_first_when_no_order_is_asked_for() -> None:
    assert [(term.field.path, term.descending) for term in listing().order.terms] == [("id", True)]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("family_name", [("family_name", False), ("id", False)]),
        (" family_name  desc ", [("family_name", True), ("id", True)]),
        ("family_name asc,create_time desc", [("family_name", False), ("create_time", True), ("id", True)]),
    ],
)
def test_the_id_always_breaks_ties_and_goes_the_way_of_the_term_before(
    text: str, terms: list[tuple[str, bool]]
) -> None:
    assert [(term.field.path, term.descending) for term in Order.parse(text, FIELDS).terms] == terms


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("job_title", 1, "expected a field that can be sorted by: display_name"),
        ("family_name, etag", 14, "expected a field that can be sorted by"),
        ("family_name, channels.normalized", 14, "expected a field that can be sorted by"),
        ("family_name desc, given_name, family_name", 31, "family_name is named twice"),
        ("family_name down", 13, "expected asc, desc, a comma or the end"),
        ("given_name, family_name  Desc", 26, "expected asc, desc, a comma or the end"),
        ("family_name desc asc", 18, "expected a comma or the end"),
        ("family_name descending", 13, "expected asc, desc, a comma or the end"),
        ("family_name(asc)", 12, "expected asc, desc, a comma or the end"),
        ("family_name,", 13, "expected a field name"),
        (",", 1, "expected a field name"),
        ("lower(family_name)", 1, "expected a field that can be sorted by"),
        ("a" * 501, 501, "at most 500 characters"),
    ],
)
def test_a_wrong_order_is_refused_with_its_position(text: str, position: int, expected: str) -> None:
    with pytest.raises(Invalid) as caught:
        Order.parse(text, FIELDS)
    assert caught.value.reason == "INVALID_ORDER_BY"
    assert caught.value.metadata == {"field": "order_by", "position": str(position)}
    assert expected in caught.value.message


@given(
    st.one_of(st.text(), st.lists(st.sampled_from([*SORTABLE, ",", " ", "desc", "asc", "."]), max_size=6).map("".join))
)
def test_any_text_is_an_order_or_refused_with_its_position(text: str) -> None:
    found = parsed(text)
    if isinstance(found, Invalid):
        assert found.reason == "INVALID_ORDER_BY"
        assert 1 <= int(found.metadata["position"]) <= len(text) + 1
    else:
        assert FIELDS.key in {term.field for term in found.terms}


def parsed(text: str) -> Order | Invalid:
    try:
        return Order.parse(text, FIELDS)
    except Invalid as refusal:
        return refusal


async def test_counts_are_exact_up_to_the_cap(connection: AsyncConnection) -> None:
    tenant = uuid4()
    rows = [
        {"tenant": tenant, "id": uuid4(), "family_name": "", "given_name": "", "create_time": NOW} for _ in range(4)
    ]
    await connection.execute(PERSON.insert(), rows)
    everyone = sa.select(PERSON).where(PERSON.c.tenant == tenant).order_by(PERSON.c.id)
    assert await capped_count(connection, everyone, cap=5) == Count(4, capped=False)
    assert await capped_count(connection, everyone, cap=4) == Count(4, capped=False)
    assert await capped_count(connection, everyone, cap=3) == Count(3, capped=True)
    assert await capped_count(connection, everyone.where(sa.false())) == Count(0, capped=False)
