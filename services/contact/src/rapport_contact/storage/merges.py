"""Merges, and the people in them as they are stored: also those who became others."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from rapport_contact.domain.merge import Merge, MergeState
from rapport_contact.domain.person import Person
from rapport_contact.storage.tables import merge, person
from rapport_kit.uow import Repository, not_found, tenant_predicate


class Merges(Repository[Merge]):
    """All merges of the tenant."""

    entity = Merge

    async def lock(self, ids: Collection[UUID]) -> list[Person]:
        """People by their very ids, locked in the order of these: nobody can refer to them until this ends.

        Raises:
            NotFound: for the first whom the caller may not see.
        """
        statement = (
            sa.select(Person)
            .where(self.uow.visible(person), person.c.id == _any(ids))
            .order_by(person.c.id)
            .with_for_update(of=person)
        )
        found = {each.id: each for each in await (await self.uow.session()).scalars(statement)}
        for each in found.values():
            await self.uow.privacy.load(each)
            self.uow.see(each)
        for id_ in ids:
            if id_ not in found:
                raise not_found(Person, id_)
        return [found[id_] for id_ in ids]

    async def lock_aliases(self, of: Collection[UUID]) -> list[UUID]:
        """The ids that answer as one of these people; locked as `lock` does."""
        statement = sa.select(person.c.id).where(self._mine(person), person.c.merged_into == _any(of))
        found = await self.uow.connection.scalars(statement.order_by(person.c.id).with_for_update())
        return list(found)

    async def point(self, aliases: Collection[UUID], to: UUID) -> None:
        """Have ids answer as a person: in one step, however often those were merged in between."""
        if aliases:
            statement = sa.update(person).where(self._mine(person), person.c.id == _any(aliases))
            await self.uow.connection.execute(statement.values(merged_into=to))

    async def latest(self, survivor_id: UUID) -> Merge | None:
        """What was merged last into a person, and still is."""
        statement = (
            sa.select(Merge)
            .where(self._mine(merge), merge.c.survivor_id == survivor_id, merge.c.state == MergeState.MERGED)
            .order_by(merge.c.id.desc())
            .limit(1)
        )
        found: Merge | None = await (await self.uow.session()).scalar(statement)
        return found

    async def of_loser(self, person_id: UUID) -> UUID | None:
        """The merge by which a person is merged now; the caller need not be allowed to see it."""
        root = sa.select(person.c.merged_into).where(self._mine(person), person.c.id == person_id).scalar_subquery()
        aliases = sa.select(person.c.id).where(self._mine(person), person.c.merged_into == root)
        survivors = sa.or_(merge.c.survivor_id == root, merge.c.survivor_id.in_(aliases))
        statement = sa.select(merge.c.id, merge.c.merged_ids).where(self._in_force(), survivors)
        rows = await self.uow.connection.execute(statement)
        return next((row.id for row in rows if person_id in row.merged_ids), None)

    async def below(self, person_id: UUID, at: datetime | None = None) -> list[UUID]:
        """The ids that are merged into a person, directly or not, or were at a time."""
        in_force = self._in_force() if at is None else self._held(at)
        found: dict[UUID, None] = {}
        frontier = [person_id]
        while frontier:
            statement = sa.select(merge.c.merged_ids).where(in_force, merge.c.survivor_id == _any(frontier))
            frontier = [one for ids in await self.uow.connection.scalars(statement) for one in ids if one not in found]
            found |= dict.fromkeys(frontier)
        return list(found)

    async def forget(self, person_id: UUID) -> None:
        """Delete the merges by which a person was another for a while: they say what the two had in common."""
        named = sa.type_coerce(merge.c.merged_ids, JSONB).contains([str(person_id)])
        await self.uow.connection.execute(sa.delete(merge).where(self._mine(merge), named))

    def _held(self, at: datetime) -> sa.ColumnElement[bool]:
        ended = sa.or_(merge.c.unmerge_time.is_(None), merge.c.unmerge_time > at)
        return sa.and_(self._mine(merge), merge.c.create_time <= at, ended)

    def _in_force(self) -> sa.ColumnElement[bool]:
        return sa.and_(self._mine(merge), merge.c.state == MergeState.MERGED)

    def _mine(self, table: sa.FromClause) -> sa.ColumnElement[bool]:
        return tenant_predicate(table, self.uow.tenant)


def _any(ids: Collection[UUID]) -> Any:
    return sa.any_(sa.cast(sorted(ids), sa.ARRAY(sa.Uuid)))
