"""A prepared statement sends what its caller names, and nothing else."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from rapport_kit.schema.prepared import Prepared

thing = sa.table("thing", sa.column("id", sa.Integer), sa.column("name", sa.Text))


def test_a_value_in_the_statement_is_refused_when_it_is_prepared() -> None:
    with pytest.raises(TypeError, match="name_1: a value in a prepared statement"):
        Prepared(sa.select(thing.c.id).where(thing.c.name == "Ada"))


def test_parameters_and_literal_columns_are_taken() -> None:
    named = thing.c.name == sa.bindparam("name", type_=sa.Text)
    Prepared(sa.select(thing.c.id).where(named, thing.c.id > sa.literal_column("0")))
