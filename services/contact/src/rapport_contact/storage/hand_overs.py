"""Who has which customers, and who left customers or open tasks behind."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from rapport_contact.domain.hand_over import HandOver
from rapport_contact.storage.tables import colleague, organisation, person, task
from rapport_contact.storage.tasks import unfinished
from rapport_kit.domain import Entity
from rapport_kit.query.counting import COUNT_CAP
from rapport_kit.schema.ids import any_of
from rapport_kit.uow import Repository, tenant_predicate

E = TypeVar("E", bound=Entity)


class HandOvers(Repository[HandOver]):
    """All hand-overs of the tenant."""

    entity = HandOver

    async def owned(self, table: sa.Table, owner: UUID, limit: int) -> list[UUID]:
        """The ids of people or organisations that a user owns: those in the trash too, and who became another."""
        statement = (
            sa.select(table.c.id)
            .where(tenant_predicate(table, self.uow.tenant), table.c.owner_id == owner)
            .order_by(table.c.id)
            .limit(limit)
        )
        return list((await self.uow.connection.execute(statement)).scalars())

    async def taken(self, entity: type[E], ids: Collection[UUID]) -> list[E]:
        """The records with these ids themselves, not those whom they became, locked and to be changed."""
        table = self.uow.schema.table(entity)
        statement = (
            sa.select(entity)
            .where(tenant_predicate(table, self.uow.tenant), table.c.id == any_of(ids))
            .order_by(table.c.id)
            .with_for_update(key_share=True, of=table)
        )
        found = (await (await self.uow.session()).scalars(statement)).all()
        await self.uow.privacy.load(*found)
        return [self.uow.see(each) for each in found]

    async def orphanages(self) -> list[Any]:
        """Users who are not active and own something in reach.

        With each id: how many people, organisations and unfinished tasks (up to 10,000 of a kind).
        """
        counts = {
            "people": self._count(person, person.c.merged_into.is_(None)),
            "organisations": self._count(organisation, organisation.c.merged_into.is_(None)),
            "tasks": self._count(task, unfinished()),
        }
        left = (
            sa.select(colleague.c.id, *(count.label(name) for name, count in counts.items()))
            .where(tenant_predicate(colleague, self.uow.tenant), sa.not_(colleague.c.active))
            .subquery()
        )
        anything = left.c.people + left.c.organisations + left.c.tasks > 0
        return list(await self.uow.connection.execute(sa.select(left).where(anything).order_by(left.c.id)))

    def _count(self, table: sa.Table, counted: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
        theirs = table.c.owner_id == colleague.c.id
        some = sa.select(sa.literal(1)).where(self.uow.visible(table), theirs, counted)
        return (
            sa.select(sa.func.count())
            .select_from(some.correlate(colleague).limit(COUNT_CAP).lateral())
            .scalar_subquery()
        )
