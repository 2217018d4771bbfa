"""Relations, as either end sees them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from rapport_contact.domain import local_time
from rapport_contact.domain.relation import Relation
from rapport_contact.storage.colleagues import TenantProfile
from rapport_contact.storage.customers import Customers
from rapport_contact.storage.tables import organisation, person, relation
from rapport_kit.uow import Repository, tenant_predicate


class Relations(Repository[Relation]):
    """All relations of the tenant."""

    entity = Relation

    async def of(self, end: UUID, *, current_only: bool, below: UUID | None, limit: int) -> Sequence[sa.Row[Any]]:
        """The relations at one end with an id below `below`, the newest first, and the name of the other end.

        Each row has the columns of the relation, then `name`, None when the caller may not see the other end. That
        the caller may see `end` must have been checked before.
        """
        other_person = sa.case((relation.c.person_id == end, relation.c.to_person_id), else_=relation.c.person_id)
        customers = Customers(self.uow)
        today = local_time.today(self.uow.now, await TenantProfile(self.uow).time_zone()) if current_only else None
        of_end = (relation.c.person_id, relation.c.to_person_id, relation.c.to_organisation_id)
        # Three short scans, each in the order of its index; an OR would sort all that there is.
        ends = sa.union_all(*(self._at(column, end, today, below, limit) for column in of_end)).subquery()
        statement = (
            sa.select(relation, sa.func.coalesce(person.c.display_name, organisation.c.display_name).label("name"))
            .select_from(relation)
            .join(ends, sa.and_(ends.c.id == relation.c.id, tenant_predicate(relation, self.uow.tenant)))
            .outerjoin(person, sa.and_(person.c.id == other_person, customers.within(person)))
            .outerjoin(
                organisation,
                sa.and_(
                    relation.c.person_id == end,
                    organisation.c.id == relation.c.to_organisation_id,
                    customers.within(organisation),
                ),
            )
            .order_by(relation.c.id.desc())
            .limit(limit)
        )
        return (await self.uow.connection.execute(statement)).all()

    def _at(
        self, column: sa.Column[Any], end: UUID, today: date | None, below: UUID | None, limit: int
    ) -> sa.SelectBase:
        statement = sa.select(relation.c.id).where(
            tenant_predicate(relation, self.uow.tenant), column == end, relation.c.delete_time.is_(None)
        )
        if today is not None:
            ended = relation.c.end_date < today
            statement = statement.where(sa.or_(relation.c.end_date.is_(None), sa.not_(ended)))
        if below is not None:
            statement = statement.where(relation.c.id < below)
        return statement.order_by(relation.c.id.desc()).limit(limit).subquery().select()
