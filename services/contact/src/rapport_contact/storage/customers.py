"""Which customers a caller may see, whatever else the caller is about to do.

The scope of a unit of work is that of the permission of its RPC, such as to create relations; which customers these
may be about, and whose names are shown with them, goes by the permission to read customers.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa

from rapport_contact.domain.organisation import Organisation
from rapport_contact.domain.person import Person
from rapport_contact.storage.tables import organisation, person, schema
from rapport_kit.auth.permissions import record_scope
from rapport_kit.schema.aliases import asked
from rapport_kit.uow import UnitOfWork, tenant_predicate

_READ = {person.name: "contact.people.get", organisation.name: "contact.organisations.get"}


class Customers:
    """The people and organisations that the caller may read."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow

    def within(self, table: sa.Table) -> sa.ColumnElement[bool]:
        """The rows of `person` or `organisation`, those in the trash included."""
        scope = self.uow.principal.scope(_READ[table.name])
        if scope is None:
            return sa.false()
        mine = tenant_predicate(table, self.uow.tenant)
        reached = record_scope(self.uow.principal, scope, table)
        return mine if reached is None else sa.and_(mine, reached)

    async def visible(
        self, entity: type[Person | Organisation], ids: Collection[UUID], *, trash: bool = False
    ) -> dict[UUID, UUID]:
        """Those of `ids` that are in reach, and who that is now, which differs when they became another.

        In the `trash` only if asked.
        """
        table = schema.table(entity)
        if not ids:
            return {}
        statement = asked(sa.select(table.c.id), table, self.uow.tenant, ids).where(
            self.within(table), sa.true() if trash else table.c.delete_time.is_(None)
        )
        return {row.asked: row.id for row in await self.uow.connection.execute(statement)}
