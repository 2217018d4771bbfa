"""Which customers a caller may see, whatever else the caller is about to do.

The scope of a unit of work is that of the permission of its RPC, such as to create notes; which customers these may
be about, and whose names are shown with them, goes by the permission to read customers.
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
from rapport_kit.schema.ids import any_of
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

    def wholes(self, table: sa.Table) -> sa.ColumnElement[bool]:
        """Those of them whose parts the permission of the RPC reaches: a part is reached as its whole (ADR 13)."""
        return sa.and_(self.within(table), self.uow.visible(table))

    async def visible(
        self,
        entity: type[Person | Organisation],
        ids: Collection[UUID],
        *,
        part: bool = False,
        trash: bool = False,
        lock: bool = False,
    ) -> dict[UUID, UUID]:
        """Those of `ids` that are in reach, and who that is now, which differs when they became another.

        `part` asks for a part of them, see `wholes`. In the `trash` only if asked. `lock` makes others who ask so wait.
        """
        table = schema.table(entity)
        if not ids:
            return {}
        statement = asked(sa.select(table.c.id), table, self.uow.tenant, ids).where(
            self.wholes(table) if part else self.within(table), sa.true() if trash else table.c.delete_time.is_(None)
        )
        if lock:
            statement = statement.order_by(table.c.id).with_for_update(key_share=True, of=table)
        return {row.asked: row.id for row in await self.uow.connection.execute(statement)}

    async def organisation_names(self, ids: Collection[UUID]) -> dict[UUID, str]:
        """What those of the organisations are called that are in reach."""
        if not ids:
            return {}
        statement = sa.select(organisation.c.id, organisation.c.display_name).where(
            self.within(organisation), organisation.c.id == any_of(ids)
        )
        return {row.id: row.display_name for row in await self.uow.connection.execute(statement)}
