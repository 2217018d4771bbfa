"""The record scope as SQL and as Python: the same records, whoever asks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import product
from uuid import UUID

import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.orm import registry

from rapport_kit.auth.permissions import in_scope, record_scope, restrict
from rapport_kit.auth.principal import Principal, Scope
from rapport_kit.domain import Entity, OwnedByUser

PEOPLE = [UUID(int=number) for number in range(1, 4)]
TEAMS = [UUID(int=number) for number in range(11, 15)]


@dataclass(kw_only=True, eq=False)
class Deal(Entity, OwnedByUser):
    """A record somebody answers for."""


table = sa.Table(
    "deal",
    sa.MetaData(),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("owner_id", sa.Uuid),
    sa.Column("team_id", sa.Uuid),
)
document = sa.Table(
    "document",
    table.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("deal_id", sa.ForeignKey(table.c.id, ondelete="CASCADE")),
    sa.Column("other_deal_id", sa.ForeignKey(table.c.id)),
)
page = sa.Table(
    "page",
    table.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("document_id", sa.ForeignKey(document.c.id, ondelete="CASCADE")),
)
deals = [Deal(owner_id=owner, team_id=team) for owner, team in product([None, *PEOPLE], [None, *TEAMS])]

diary = sa.Table(
    "diary",
    table.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("owner_id", sa.Uuid),
)
restrict(diary, lambda principal, rows: rows.c.owner_id == principal.subject)
entry = sa.Table(
    "entry",
    table.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("diary_id", sa.ForeignKey(diary.c.id, ondelete="CASCADE")),
)


@dataclass(kw_only=True, eq=False)
class Diary(Entity, OwnedByUser):
    """What only its owner reads."""


registry().map_imperatively(Diary, diary, exclude_properties=["team_id"])


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def connection(empty_database: str) -> AsyncIterator[AsyncConnection]:
    """A database with one deal for every owner and team, and for nobody's."""
    engine = create_async_engine(empty_database.replace("postgresql://", "postgresql+asyncpg://", 1))
    async with engine.connect() as opened:
        await opened.run_sync(table.metadata.create_all)
        rows = [{"id": deal.id, "owner_id": deal.owner_id, "team_id": deal.team_id} for deal in deals]
        await opened.execute(sa.insert(table), rows)
        # Of each deal a document and a page of it, under the same id; all documents only mention the first deal.
        parts = [{"id": deal.id, "deal_id": deal.id, "other_deal_id": deals[0].id} for deal in deals]
        await opened.execute(sa.insert(document), parts)
        await opened.execute(sa.insert(page), [{"id": deal.id, "document_id": deal.id} for deal in deals])
        await opened.execute(sa.insert(diary), [{"id": deal.id, "owner_id": deal.owner_id} for deal in deals])
        await opened.execute(sa.insert(entry), [{"id": deal.id, "diary_id": deal.id} for deal in deals])
        yield opened
    await engine.dispose()


async def test_sql_and_python_reach_the_same_records(connection: AsyncConnection) -> None:
    for teams, unit_teams in product([[], TEAMS[:1], TEAMS[:2]], [[], TEAMS[2:3], TEAMS[1:]]):
        principal = Principal(UUID(int=99), PEOPLE[0], team_ids=frozenset(teams), unit_team_ids=frozenset(unit_teams))
        for scope in Scope:
            predicate = record_scope(principal, scope, table)
            statement = sa.select(table.c.id)
            found = await connection.scalars(statement if predicate is None else statement.where(predicate))
            assert set(found) == {deal.id for deal in deals if in_scope(principal, scope, deal)}


async def test_a_part_is_reached_like_the_record_that_it_is_a_part_of(connection: AsyncConnection) -> None:
    principal = Principal(UUID(int=99), PEOPLE[0], team_ids=frozenset(TEAMS[:1]), unit_team_ids=frozenset(TEAMS[2:3]))
    for part, scope in product((document, page, document.alias("other"), page.alias()), Scope):
        predicate = record_scope(principal, scope, part)
        statement = sa.select(part.c.id)
        found = await connection.scalars(statement if predicate is None else statement.where(predicate))
        assert set(found) == {deal.id for deal in deals if in_scope(principal, scope, deal)}


async def test_a_table_with_readers_of_its_own_shows_nobody_else_a_row(connection: AsyncConnection) -> None:
    for subject, scope, rows in product(PEOPLE, Scope, (diary, diary.alias("other"))):
        within = record_scope(Principal(UUID(int=99), subject), scope, rows)
        assert within is not None
        found = await connection.scalars(sa.select(rows.c.owner_id).where(within))
        assert set(found) == {subject}


async def test_nor_does_a_part_of_it(connection: AsyncConnection) -> None:
    for scope, rows in product(Scope, (entry, entry.alias())):
        within = record_scope(Principal(UUID(int=99), PEOPLE[0]), scope, rows)
        assert within is not None
        found = await connection.scalars(sa.select(rows.c.id).where(within))
        assert set(found) == {deal.id for deal in deals if deal.owner_id == PEOPLE[0]}


def test_of_it_only_the_database_tells_who_reaches_a_row() -> None:
    with pytest.raises(TypeError, match="only the database"):
        in_scope(Principal(UUID(int=99), PEOPLE[0]), Scope.ALL, Diary())
