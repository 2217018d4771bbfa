"""Search functions find what begins with the words, in one tenant, whatever is typed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapport_kit.migrations import Chain, migrate_service, search
from rapport_kit.schema.search import document

Shelf = Callable[..., Chain]
ActingAs = Callable[[Chain, str], AbstractAsyncContextManager[asyncpg.Connection]]

MAKE = """
import sqlalchemy as sa
from alembic import op
from rapport_kit.migrations import Parent, create_search_function, drop_search_function, secure

revision = "0001"
down_revision = None

def upgrade():
    for table in ("author", "house"):
        op.execute(
            f"CREATE TABLE {table} (tenant uuid, id uuid, update_time timestamptz, delete_time timestamptz, "
            "owner_id uuid, team_id uuid, house_id uuid, search tsvector, PRIMARY KEY (tenant, id))"
        )
        op.execute(f"CREATE INDEX ON {table} USING gin (search)")
        op.execute(f"CREATE INDEX ON {table} (tenant, update_time, id)")
        secure(op, table, search=True)
    create_search_function(op, "author_search", table="author", parent=Parent("house_id", "house"))

def downgrade():
    drop_search_function(op, "author_search")
"""
WORDS = ["ada", "adele", "byron", "by", "lovelace", "love", "penguin", "pen", "o", "x1", "42", "4915112345678"]
QUERIES = [
    ["ada"],
    ["ad"],
    ["byr"],
    ["love", "ada"],
    ["pen"],
    ["peng", "ada"],
    ["lovelaces"],
    ["4915112"],
    ["151", "123"],
]
START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Library:
    """A service's database with authors and the houses that publish them."""

    chain: Chain
    app: asyncpg.Connection
    clock: count[int] = field(default_factory=count)

    async def add(
        self,
        tenant: UUID,
        words: list[str],
        *,
        table: str = "author",
        addresses: tuple[str, ...] = (),
        house: UUID | None = None,
        owner: UUID | None = None,
        team: UUID | None = None,
        deleted: bool = False,
    ) -> UUID:
        """Write one row, later than all before it."""
        at, new = START + timedelta(seconds=next(self.clock)), uuid4()
        async with self.app.transaction():
            await self.app.execute("SELECT set_config('rapport.tenant', $1, true)", str(tenant))
            await self.app.execute(
                f"INSERT INTO {table} VALUES ($1, $2, $3, $4, $5, $6, $7, array_to_tsvector($8))",
                *(tenant, new, at, at if deleted else None, owner, team, house, document(tenant, words, addresses)),
            )
        return new

    async def find(self, tenant: UUID | None, words: list[str], maximum: int = 50, *scope: object) -> list[UUID]:
        """What the search function gives the app role."""
        places = ", ".join(f"${number}" for number in range(1, 3 + len(scope)))
        async with self.app.transaction():
            await self.app.execute("SELECT set_config('rapport.tenant', $1, true)", str(tenant or ""))
            rows = await self.app.fetch(f"SELECT id FROM author_search({places})", words, maximum, *scope)
        return [row["id"] for row in rows]


@pytest_asyncio.fixture(params=[2000, 1], ids=["recent", "indexed"])
async def library(
    request: pytest.FixtureRequest, postgres: str, shelf: Shelf, acting_as: ActingAs, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Library]:
    """Once where all rows are among the recent ones, once where nearly all are found through the index."""
    monkeypatch.setattr(search, "RECENT", request.param)
    chain = shelf(sa.MetaData(), MAKE)
    await migrate_service(postgres, chain)
    async with acting_as(chain, chain.roles.app) as app:
        yield Library(chain, app)


async def test_every_word_must_begin_a_word_of_the_record_or_of_its_parent(library: Library) -> None:
    tenant = uuid4()
    house = await library.add(tenant, ["penguin", "books"], table="house")
    words = {
        await library.add(tenant, ["ada", "lovelace"], addresses=("byron", "example")): "ada lovelace byron example",
        await library.add(tenant, ["adele"], house=house): "adele penguin books",
        await library.add(tenant, ["ada"], house=house): "ada penguin books",
        await library.add(tenant, ["4915112345678", "15112345678", "ng"]): "4915112345678 15112345678 ng",
    }
    for query in QUERIES:
        wanted = ["".join(query)] if "".join(query).isdigit() else query
        expected = [
            id_ for id_, text in words.items() if all(any(w.startswith(q) for w in text.split()) for q in wanted)
        ]
        assert await library.find(tenant, query) == expected[::-1], query


async def test_a_short_word_looks_among_addresses_of_recent_records_only(library: Library) -> None:
    tenant = uuid4()
    named = await library.add(tenant, ["by"])
    addressed = await library.add(tenant, ["ada"], addresses=("byron",))
    await library.add(tenant, ["adele"])
    assert await library.find(tenant, ["by"]) == ([addressed, named] if search.RECENT > 1 else [named])
    assert await library.find(tenant, ["byr"]) == [addressed]


async def test_the_latest_changed_come_first_and_no_more_than_asked(library: Library) -> None:
    tenant = uuid4()
    added = [await library.add(tenant, ["ada"]) for _ in range(5)]
    assert await library.find(tenant, ["ada"], 3) == added[:1:-1]


async def test_another_tenants_records_are_not_found_even_by_its_own_lexemes(library: Library) -> None:
    mine, other = uuid4(), uuid4()
    house = await library.add(other, ["penguin"], table="house")
    await library.add(other, ["ada"], house=house)
    await library.add(other, ["ada"])
    for words in (["ada"], ["penguin"], [f"{str(other)[-8:]}ada"]):
        assert await library.find(mine, words) == []
        assert await library.find(None, words) == []
    assert len(await library.find(other, ["ada"])) == 2


async def test_the_app_role_cannot_read_past_its_tenant_without_the_function(library: Library) -> None:
    await library.add(uuid4(), ["ada"])
    assert await library.app.fetchval("SELECT count(*) FROM author") == 0


async def test_what_is_in_the_trash_is_not_found(library: Library) -> None:
    tenant = uuid4()
    kept = await library.add(tenant, ["ada"])
    await library.add(tenant, ["ada"], deleted=True)
    await library.add(tenant, ["ada"], deleted=True)
    assert await library.find(tenant, ["ada"]) == [kept]


async def test_a_scope_restricts_to_own_and_team_records(library: Library) -> None:
    tenant, me, team = uuid4(), uuid4(), uuid4()
    mine = await library.add(tenant, ["ada"], owner=me)
    ours = await library.add(tenant, ["ada"], owner=uuid4(), team=team)
    await library.add(tenant, ["ada"], owner=uuid4(), team=uuid4())
    await library.add(tenant, ["ada"])
    assert await library.find(tenant, ["ada"], 50, me, []) == [mine]
    assert await library.find(tenant, ["ada"], 50, me, [team]) == [ours, mine]
    assert await library.find(tenant, ["ada"], 50, None, []) == []


async def test_only_app_may_search_and_the_function_runs_as_the_search_role(library: Library) -> None:
    roles = library.chain.roles
    owner = await library.app.fetchval("SELECT proowner::regrole::text FROM pg_proc WHERE proname = 'author_search'")
    assert owner == roles.search
    may = "SELECT has_function_privilege($1, 'author_search(text[], integer, uuid, uuid[])', 'EXECUTE')"
    assert [await library.app.fetchval(may, role) for role in (roles.app, roles.system, roles.readonly)] == [
        True,
        False,
        False,
    ]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=80)
        | st.sampled_from([*WORDS, "'", "''", "\\", "':*", "a' | 'b", "%s", "{", "!ada", "ada:*", "&", "<->", " "]),
        max_size=5,
    )
)
async def test_whatever_is_typed_is_only_ever_words(library: Library, words: list[str]) -> None:
    tenant = uuid4()
    await library.add(tenant, ["zzzzzz"])
    hit = await library.add(tenant, [word for word in words if word])
    miss = await library.add(tenant, ["zzzzzz"])
    found = await library.find(tenant, words)
    assert miss not in found
    if any(words) and not "".join(words).isdigit():
        assert found == [hit]
