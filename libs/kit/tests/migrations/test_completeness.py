"""The check that revisions are complete finds each thing that can be missing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from rapport_kit.migrations import Chain
from rapport_kit.migrations.authoring import write_revision
from rapport_kit.migrations.completeness import incompleteness
from rapport_kit.schema import Schema

Shelf = Callable[..., Chain]

FRAME_ONLY = """
from alembic import op
from rapport_kit.migrations import frame

revision = "0001"
down_revision = None

def upgrade():
    frame.create(op)
    {more}

def downgrade():
    {undo}
    frame.drop(op)
"""


@pytest.fixture
def schema() -> Schema:
    return Schema("shelf")


async def problems_of(postgres: str, chain: Chain) -> list[str]:
    return [problem.removeprefix(f"{chain.service}: ") for problem in await incompleteness(postgres, chain)]


async def test_the_frames_tables_alone_are_complete(postgres: str, shelf: Shelf, schema: Schema) -> None:
    assert await problems_of(postgres, shelf(schema.metadata, FRAME_ONLY.format(more="", undo=""))) == []


async def test_a_table_without_a_revision_is_found(postgres: str, shelf: Shelf, schema: Schema) -> None:
    sa.Table("book", schema.metadata, sa.Column("tenant", sa.Uuid, primary_key=True))
    problems = await problems_of(postgres, shelf(schema.metadata, FRAME_ONLY.format(more="", undo="")))
    assert problems == ["no revision for add_table book"]


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("ALTER TABLE timer NO FORCE ROW LEVEL SECURITY", "table timer: row-level security is not enabled and forced"),
        ("DROP POLICY tenant ON event", "table event: has no policy for the tenant"),
        ("ALTER POLICY tenant ON event USING (true)", "table event: has no policy for the tenant"),
        ("ALTER TABLE request DROP COLUMN method", "no revision for add_column request method"),
        ("DROP INDEX timer_due", "no revision for add_index timer_due"),
        ("GRANT DELETE ON event TO {app}", "table event: {app} may DELETE, INSERT, SELECT, but should INSERT, SELECT"),
        ("REVOKE ALL ON lease FROM {system}", "table lease: {system} may nothing, but should INSERT, SELECT, UPDATE"),
    ],
)
async def test_a_fault_in_a_table_is_found(
    postgres: str, shelf: Shelf, schema: Schema, statement: str, problem: str
) -> None:
    more = (
        "from rapport_kit.migrations.security import roles_of; roles = roles_of(op); "
        f'op.execute("{statement}".format(app=roles.app, system=roles.system))'
    )
    chain = shelf(schema.metadata, FRAME_ONLY.format(more=more, undo=""))
    expected = problem.format(app=chain.roles.app, system=chain.roles.system)
    found = await problems_of(postgres, chain)
    assert any(each.startswith(expected) for each in found), found


async def test_what_a_downgrade_leaves_behind_is_found(postgres: str, shelf: Shelf, schema: Schema) -> None:
    more = "op.execute('CREATE FUNCTION left_over() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$')"
    problems = await problems_of(postgres, shelf(schema.metadata, FRAME_ONLY.format(more=more, undo="")))
    assert problems == ["left_over(): is left over when all revisions are undone"]


async def test_a_written_revision_makes_the_check_pass(
    postgres: str, shelf: Shelf, schema: Schema, capfd: pytest.CaptureFixture[str]
) -> None:
    sa.Table(
        "book",
        schema.metadata,
        sa.Column("tenant", sa.Uuid, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("title", sa.Text(collation="C"), nullable=False, server_default=""),
        sa.Column("what_is_told_in_it", sa.Text(collation="C"), nullable=False, server_default="a long story " * 3),
        sa.Index("book_title", "tenant", "title"),
    )
    chain = shelf(schema.metadata)
    first = await write_revision(postgres, chain, "Books, at last")
    text = first.read_text()
    assert first.name == "0001_books_at_last.py"
    assert "frame.create(op)" in text
    assert 'secure(op, "book")' in text
    assert "'event'" not in text.replace('"', "'")
    schema.metadata.tables["book"].append_column(sa.Column("pages", sa.BigInteger))
    second = await write_revision(postgres, chain, "count pages")
    assert second.name == "0002_count_pages.py"
    assert 'op.add_column("book"' in second.read_text()
    assert await problems_of(postgres, chain) == []
    assert "E501" not in capfd.readouterr().out
