"""A prepared statement sends what its caller names, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from rapport_kit.database import Database
from rapport_kit.schema.prepared import Prepared

thing = sa.table("thing", sa.column("id", sa.Integer), sa.column("name", sa.Text))


def test_a_value_in_the_statement_is_refused_when_it_is_prepared() -> None:
    with pytest.raises(TypeError, match="name_1: a value in a prepared statement"):
        Prepared(sa.select(thing.c.id).where(thing.c.name == "Ada"))


async def test_parameters_are_sent_and_literal_columns_are_there_already(empty_database: str) -> None:
    database = Database(empty_database, pool_size=1)
    name = sa.bindparam("name", type_=sa.Text)
    columns: list[Any] = [name.label("name"), sa.literal_column("1").label("one")]
    statement = Prepared(sa.select(*columns))
    async with database.transaction() as connection:
        rows = await statement.all(connection, name="Ada")
    await database.close()
    assert [tuple(row) for row in rows] == [("Ada", 1)]
