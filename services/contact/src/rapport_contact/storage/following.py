"""What follows a record that turns out to be another: every row of a table that says so (`told_person_id`).

A trigger on these tables does the work for each row that is written: whoever is named there and has become another is
replaced by that one, and remembered. So moving rows is writing them again, and what is written later, by whomever, for
an old id goes to the right person with the original kept (ADR 12).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa

from rapport_contact.domain.milestone import MilestoneKind
from rapport_contact.storage.tables import milestone, organisation, person
from rapport_kit.schema.aliases import TOLD, following, told
from rapport_kit.schema.ids import any_of
from rapport_kit.uow import UnitOfWork, tenant_predicate

_BUT = {milestone: milestone.c.kind != MilestoneKind.BIRTHDAY}
"""Rows that follow, where not all do: a birthday is part of the record that says when it is."""


class Following:
    """The rows of the tenant that are about people, or about whatever else is the `target`."""

    target: ClassVar[sa.Table] = person

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow

    @classmethod
    @cache
    def columns(cls) -> Sequence[sa.Column[Any]]:
        """Every column that follows; where the records stand in a tree of their own, the tree's first.

        Worked out once: all tables are looked through, and a merge asks for each column of each record.
        """
        return tuple(sorted(following(cls.target), key=lambda column: column.table is not cls.target))

    async def move(self, losers: Collection[UUID], survivor: UUID, most: int) -> int:
        """Have up to `most` rows follow people who became the survivor; how many did.

        What would stand twice where only one may, or refer a record to itself, stays where it was. A tree goes whole.
        """
        moved = 0
        for column in self.columns():
            for loser in sorted(losers):
                others = self._unrelated(column, [survivor, *losers])
                theirs = sa.and_(column == loser, _alone(column, sa.literal(survivor, sa.Uuid)), *others)
                moved += await self._write(column, column, theirs, most - moved)
        return moved

    async def give_back(self, survivor: UUID, people: Collection[UUID], most: int) -> int:
        """Have up to `most` rows go back from the survivor to whom they were about; how many did."""
        moved = 0
        for column in self.columns():
            told = column.table.c[TOLD + column.name]
            theirs = sa.and_(column == survivor, told == any_of(people), _alone(column, told))
            moved += await self._write(column, told, theirs, most - moved)
        return moved

    async def count(self, losers: Collection[UUID]) -> dict[str, int]:
        """How many rows refer to people, by the name of the column; only those of which there are any."""
        counts = {}
        for column in self.columns():
            statement = sa.select(sa.func.count()).where(
                self._mine(column.table), column == any_of(losers), _BUT.get(column.table, sa.true())
            )
            if found := int(await self.uow.connection.scalar(statement) or 0):
                counts[f"{column.table.name}.{column.name}"] = found
        return counts

    async def _write(self, column: Any, value: Any, theirs: sa.ColumnElement[bool], most: int) -> int:
        table = column.table
        whole = table is self.target
        if most <= 0 and not whole:
            return 0
        mine = self._mine(table)
        found = sa.select(table.c.id).where(mine, theirs, _BUT.get(table, sa.true()))
        chosen = (found if whole else found.limit(most)).scalar_subquery()
        row = sa.update(table).where(mine, table.c.id.in_(chosen)).values({column: value})
        return (await self.uow.connection.execute(row)).rowcount

    def _unrelated(self, column: Any, records: Collection[UUID]) -> Iterator[sa.ColumnElement[bool]]:
        """That nothing else of the same row refers to any of these records, and that it is none of them."""
        group = sa.all_(sa.cast(sorted(records), sa.ARRAY(sa.Uuid)))
        if column.table is self.target:
            yield column.table.c.id != group
        for other in self.columns():
            if other.table is column.table and other is not column:
                yield sa.or_(other.is_(None), other != group)

    def _mine(self, table: sa.Table) -> sa.ColumnElement[bool]:
        return tenant_predicate(table, self.uow.tenant)


class OrganisationFollowing(Following):
    """The rows that are about organisations, those below them among these."""

    target = organisation


async def made_for(uow: UnitOfWork, table: sa.Table, id: UUID) -> tuple[UUID | None, UUID | None] | None:  # noqa: A002
    """The person and the organisation for whom a row was made, whatever they have become; None without such a row."""
    first = sa.select(told(table.c.person_id), told(table.c.organisation_id))
    mine = first.where(tenant_predicate(table, uow.tenant), table.c.id == id)
    found = (await uow.connection.execute(mine)).one_or_none()
    return None if found is None else (found[0], found[1])


def _alone(column: Any, target: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Whether no row of `target` is in the way of a row that is to become one of its."""
    return sa.and_(sa.true(), *(sa.not_(twin) for twin in _twins(column, target)))


def _twins(column: Any, target: sa.ColumnElement[Any]) -> Iterator[sa.ColumnElement[bool]]:
    table = column.table
    uniques = [each for each in table.constraints if isinstance(each, sa.UniqueConstraint | sa.PrimaryKeyConstraint)]
    for unique in (*uniques, *(index for index in table.indexes if index.unique)):
        names = {each.name for each in unique.columns}
        if column.name in names:
            twin = table.alias("twin")
            same = (twin.c[name] == table.c[name] for name in names - {column.name})
            yield sa.select(sa.literal(1)).where(*same, twin.c[column.name] == target).correlate(table).exists()
