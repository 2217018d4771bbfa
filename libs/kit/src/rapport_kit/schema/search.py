"""The words under which a record is found, as its `search` column keeps them.

The other half is `rapport_kit.migrations.create_search_function`, which must mark words in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR

from rapport_kit.schema.derived import derived

LONGEST = 64
"""Characters of a word that count."""


class SearchDocument(sa.TypeDecorator[list[str]]):
    """Lexemes, as `document` makes them. Only ever written: what reads them is a search function."""

    impl = TSVECTOR
    cache_ok = True
    sent_as = ARRAY(sa.Text)
    """How a set of rows carries it (see `rapport_kit.schema.sets`)."""

    def bind_expression(self, bindparam: sa.BindParameter[Any]) -> sa.ColumnElement[Any]:
        """An array of whole lexemes: nothing parses or splits them."""
        return sa.func.array_to_tsvector(sa.type_coerce(bindparam, ARRAY(sa.Text)), type_=self)


def search_column(words: Callable[[Any], list[str]]) -> sa.Column[Any]:
    """The column `search`: `words(record)`, whenever the record is written."""
    empty = sa.text("''::tsvector")
    return derived(sa.Column("search", SearchDocument(), nullable=False, server_default=empty), words)


def document(tenant: UUID, words: Iterable[str], addresses: Iterable[str] = ()) -> list[str]:
    """The lexemes of one record: its folded words, and the words of its addresses, in any order.

    Addresses are mostly unique, so the first letter of one leads to a great many; kept apart, they do not slow the
    search for names. A phone number goes among `words`, in digits only, with and without its country code.
    """
    mark = str(tenant)[-8:]
    plain = {mark + word[:LONGEST] for word in words if word}
    return sorted(plain | {f"{mark}@{word[:LONGEST]}" for word in addresses if word})
