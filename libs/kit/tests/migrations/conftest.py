"""Small services with revisions of their own, each with its own roles on the session's PostgreSQL."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
import sqlalchemy as sa

from rapport_kit.migrations import Chain

Shelf = Callable[..., Chain]
ActingAs = Callable[[Chain, str], AbstractAsyncContextManager[asyncpg.Connection]]

MAKE_BOOKS = """
import sqlalchemy as sa
from alembic import op
from rapport_kit.migrations import secure

revision = "0001"
down_revision = None

def upgrade():
    op.create_table(
        "book",
        sa.Column("tenant", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id"),
    )
    secure(op, "book", search=True)

def downgrade():
    op.drop_table("book")
"""


@pytest.fixture
def make_books() -> str:
    """The source of a first revision."""
    return MAKE_BOOKS


@pytest.fixture
def books() -> sa.MetaData:
    """What `make_books` makes."""
    metadata = sa.MetaData()
    sa.Table(
        "book",
        metadata,
        sa.Column("tenant", sa.Uuid, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
    )
    return metadata


@pytest_asyncio.fixture
async def drop_afterwards(postgres: str) -> AsyncIterator[list[Chain]]:
    """Services whose databases go when the test ends."""
    chains: list[Chain] = []
    yield chains
    connection = await asyncpg.connect(postgres)
    for chain in chains:
        await connection.execute(f"DROP DATABASE IF EXISTS {chain.service} WITH (FORCE)")
        for role in chain.roles.all:
            await connection.execute(f"DROP ROLE IF EXISTS {role}")
    await connection.close()


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drop_afterwards: list[Chain]) -> Shelf:
    """`shelf(metadata, *revisions)`: a service that has these revisions; its database and roles go with the test."""

    def make(metadata: sa.MetaData, *revisions: str) -> Chain:
        name = f"shelf_{secrets.token_hex(4)}"
        versions = tmp_path / name / "versions"
        versions.mkdir(parents=True)
        (tmp_path / name / "__init__.py").touch()
        for number, revision in enumerate(revisions, start=1):
            (versions / f"{number:04}_step.py").write_text(revision)
        monkeypatch.syspath_prepend(str(tmp_path))
        drop_afterwards.append(Chain(name, name, metadata))
        return drop_afterwards[-1]

    return make


@pytest.fixture
def acting_as(postgres: str) -> ActingAs:
    """A connection to a service's database that has become one of its roles."""

    @asynccontextmanager
    async def become(chain: Chain, role: str) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(postgres, database=chain.service)
        try:
            await connection.execute(f"SET ROLE {role}")
            yield connection
        finally:
            await connection.close()

    return become
