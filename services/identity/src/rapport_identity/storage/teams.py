"""The teams of a tenant, and the business units that they are in."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from rapport_identity.domain.team import BusinessUnit, Team
from rapport_identity.domain.unit_tree import UnitTree
from rapport_identity.storage.tables import schema
from rapport_kit.uow import Repository, tenant_predicate

_TREE_LOCK = "identity.business_unit.tree"


class Teams(Repository[Team]):
    """The tenant's teams."""

    entity = Team

    async def known(self, ids: Sequence[UUID]) -> frozenset[UUID]:
        """Those of `ids` that are teams now."""
        table = schema.table(Team)
        statement = sa.select(table.c.id).where(
            tenant_predicate(table, self.uow.tenant), table.c.id.in_(ids), table.c.delete_time.is_(None)
        )
        return frozenset(await self.uow.connection.scalars(statement)) if ids else frozenset()

    async def in_units(self, units: Sequence[UUID]) -> frozenset[UUID]:
        """The teams of these business units."""
        table = schema.table(Team)
        statement = sa.select(table.c.id).where(
            tenant_predicate(table, self.uow.tenant),
            table.c.business_unit_id.in_(units),
            table.c.delete_time.is_(None),
        )
        return frozenset(await self.uow.connection.scalars(statement)) if units else frozenset()

    async def unit_of(self, team: UUID) -> UUID | None:
        """The business unit of a team."""
        table = schema.table(Team)
        statement = sa.select(table.c.business_unit_id).where(
            tenant_predicate(table, self.uow.tenant), table.c.id == team
        )
        unit: UUID | None = await self.uow.connection.scalar(statement)
        return unit

    async def any_in(self, unit: UUID) -> bool:
        """Whether a business unit has teams."""
        return bool(await self.in_units([unit]))


class BusinessUnits(Repository[BusinessUnit]):
    """The tenant's business units."""

    entity = BusinessUnit

    async def tree(self) -> UnitTree:
        """The whole tree as it is now."""
        table = schema.table(BusinessUnit)
        statement = sa.select(table.c.id, table.c.parent_id).where(
            tenant_predicate(table, self.uow.tenant), table.c.delete_time.is_(None)
        )
        return UnitTree({row.id: row.parent_id for row in await self.uow.connection.execute(statement)})

    async def exists(self, id: UUID) -> bool:  # noqa: A002
        """Whether there is such a unit now."""
        table = schema.table(BusinessUnit)
        statement = sa.select(sa.literal(True)).where(
            tenant_predicate(table, self.uow.tenant), table.c.id == id, table.c.delete_time.is_(None)
        )
        return await self.uow.connection.scalar(statement) is not None

    async def lock_tree(self) -> None:
        """Let no other transaction of the tenant change the tree until this one ends.

        Two moves that are each sound can close a cycle together; versions do not see that.
        """
        await self.uow.hold(_TREE_LOCK)
