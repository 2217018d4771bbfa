"""Groups, and who belongs to them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from rapport_contact.domain.group import CUSTOMERS, Group
from rapport_contact.domain.person import PersonKind
from rapport_contact.storage.customers import Customers
from rapport_contact.storage.presence import is_any
from rapport_contact.storage.tables import customer_group, group_membership, person
from rapport_kit.uow import Repository, tenant_predicate


class Groups(Repository[Group]):
    """The groups of the tenant."""

    entity = Group

    async def exists(self, group_id: UUID) -> bool:
        """Whether there is such a group, and not in the trash."""
        return await is_any(self.uow, customer_group, customer_group.c.id == group_id)

    async def prospects(self, group_id: UUID, today: date, *, after: UUID | None, limit: int) -> list[Any]:
        """People who belong to a group on a day, may become customers but are none, and whom the caller may see.

        Each once, as `id`, `display_name` and `lifecycle_stage`, in the order of their ids from after `after`.
        """
        member = group_membership.c
        statement = (
            sa.select(person.c.id, person.c.display_name, person.c.lifecycle_stage)
            .ext(distinct_on(person.c.id))
            .select_from(group_membership)
            .join(person, person.c.id == member.person_id)
            .where(
                tenant_predicate(group_membership, self.uow.tenant),
                member.group_id == group_id,
                member.delete_time.is_(None),
                sa.or_(member.start_date.is_(None), member.start_date <= today),
                sa.or_(member.end_date.is_(None), member.end_date >= today),
                Customers(self.uow).wholes(person),
                person.c.delete_time.is_(None),
                person.c.lifecycle_stage.not_in(sorted(CUSTOMERS)),
                sa.or_(person.c.kind.is_(None), person.c.kind == PersonKind.CUSTOMER),
            )
            .order_by(person.c.id)
            .limit(limit)
        )
        if after is not None:
            statement = statement.where(person.c.id > after)
        return list(await self.uow.connection.execute(statement))
