"""Merges, and the records in them as they are stored: also those that became others."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm.attributes import set_committed_value

from rapport_contact.domain.merge import Merge, MergeState, OrganisationMerge, Union
from rapport_contact.domain.organisation import Organisation
from rapport_contact.domain.person import Person
from rapport_contact.domain.record import ContactRecord
from rapport_contact.storage.tables import schema
from rapport_kit.schema.aliases import TOLD, current_id, told
from rapport_kit.schema.ids import any_of
from rapport_kit.uow import Repository, UnitOfWork, not_found, tenant_predicate


class Unions(Repository[Union]):
    """All merges of the tenant, of records of one kind."""

    record: ClassVar[type[ContactRecord]]

    def __init__(self, uow: UnitOfWork) -> None:
        super().__init__(uow)
        self.merge, self.records = schema.table(self.entity), schema.table(self.record)

    async def lock(self, ids: Collection[UUID]) -> list[Any]:
        """Records by their very ids, locked in the order of these: nobody can refer to them until this ends.

        What follows others (a parent, an employer) is as it was told: so what a merge makes of it, or a parting brings
        back, goes to the right one when those others part, too.

        Raises:
            NotFound: for the first that the caller may not see.
        """
        follows = [column for column in self.records.c if TOLD + column.name in self.records.c]
        statement = (
            sa.select(self.record, *map(told, follows))
            .where(self.uow.visible(self.records), self.records.c.id == any_of(ids))
            .order_by(self.records.c.id)
            .with_for_update(of=self.records)
        )
        found: dict[UUID, Any] = {}
        for each, *as_told in await (await self.uow.session()).execute(statement):
            for column, value in zip(follows, as_told, strict=True):
                set_committed_value(each, column.name, value)
            found[each.id] = each
        for each in found.values():
            await self.uow.privacy.load(each)
            self.uow.see(each)
        for id_ in ids:
            if id_ not in found:
                raise not_found(self.record, id_)
        return [found[id_] for id_ in ids]

    async def lock_aliases(self, of: Collection[UUID]) -> list[UUID]:
        """The ids that answer as one of these records; locked as `lock` does."""
        statement = sa.select(self.records.c.id).where(
            self._mine(self.records), self.records.c.merged_into == any_of(of)
        )
        found = await self.uow.connection.scalars(statement.order_by(self.records.c.id).with_for_update())
        return list(found)

    async def point(self, aliases: Collection[UUID], to: UUID) -> None:
        """Have ids answer as a record: in one step, however often those were merged in between."""
        if aliases:
            statement = sa.update(self.records).where(self._mine(self.records), self.records.c.id == any_of(aliases))
            await self.uow.connection.execute(statement.values(merged_into=to))

    async def latest(self, survivor_id: UUID) -> Union | None:
        """What was merged last into a record, and still is."""
        statement = (
            sa.select(self.entity)
            .where(
                self._mine(self.merge), self.merge.c.survivor_id == survivor_id, self.merge.c.state == MergeState.MERGED
            )
            .order_by(self.merge.c.id.desc())
            .limit(1)
        )
        found: Union | None = await (await self.uow.session()).scalar(statement)
        return found

    async def current(self, record_id: UUID) -> UUID:
        """The id of whatever answers for an id, whether or not the caller may see it."""
        statement = sa.select(current_id(self.records, self.uow.tenant, record_id))
        return await self.uow.connection.scalar(statement) or record_id

    async def of_loser(self, record_id: UUID) -> UUID | None:
        """The merge by which a record is merged now; the caller need not be allowed to see it."""
        root = (
            sa.select(self.records.c.merged_into)
            .where(self._mine(self.records), self.records.c.id == record_id)
            .scalar_subquery()
        )
        aliases = sa.select(self.records.c.id).where(self._mine(self.records), self.records.c.merged_into == root)
        survivors = sa.or_(self.merge.c.survivor_id == root, self.merge.c.survivor_id.in_(aliases))
        statement = sa.select(self.merge.c.id, self.merge.c.merged_ids).where(self._in_force(), survivors)
        rows = await self.uow.connection.execute(statement)
        return next((row.id for row in rows if record_id in row.merged_ids), None)

    async def below(self, record_id: UUID, at: datetime | None = None) -> list[UUID]:
        """The ids that are merged into a record, directly or not, or were at a time."""
        in_force = self._in_force() if at is None else self._held(at)
        found: dict[UUID, None] = {}
        frontier = [record_id]
        while frontier:
            statement = sa.select(self.merge.c.merged_ids).where(in_force, self.merge.c.survivor_id == any_of(frontier))
            frontier = [one for ids in await self.uow.connection.scalars(statement) for one in ids if one not in found]
            found |= dict.fromkeys(frontier)
        return list(found)

    async def forget(self, record_id: UUID) -> None:
        """Delete the merges by which a record was another for a while: they say what the two had in common."""
        named = sa.type_coerce(self.merge.c.merged_ids, JSONB).contains([str(record_id)])
        await self.uow.connection.execute(sa.delete(self.merge).where(self._mine(self.merge), named))

    def _held(self, at: datetime) -> sa.ColumnElement[bool]:
        ended = sa.or_(self.merge.c.unmerge_time.is_(None), self.merge.c.unmerge_time > at)
        return sa.and_(self._mine(self.merge), self.merge.c.create_time <= at, ended)

    def _in_force(self) -> sa.ColumnElement[bool]:
        return sa.and_(self._mine(self.merge), self.merge.c.state == MergeState.MERGED)

    def _mine(self, table: sa.FromClause) -> sa.ColumnElement[bool]:
        return tenant_predicate(table, self.uow.tenant)


class Merges(Unions):
    """All merges of people."""

    entity, record = Merge, Person


class OrganisationMerges(Unions):
    """All merges of organisations."""

    entity, record = OrganisationMerge, Organisation
