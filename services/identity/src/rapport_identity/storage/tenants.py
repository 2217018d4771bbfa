"""The tenants, as identity keeps them."""

from __future__ import annotations

import sqlalchemy as sa

from rapport_identity.domain.tenant import Tenant
from rapport_identity.storage.tables import schema, tenant_host
from rapport_kit.uow import Repository, tenant_predicate


class Tenants(Repository[Tenant]):
    """The one tenant of the unit of work, and its host names."""

    entity = Tenant

    async def display_name(self) -> str:
        """What the tenant is called; nothing for an operator, who is in none."""
        table = schema.table(Tenant)
        statement = sa.select(table.c.display_name).where(tenant_predicate(table, self.uow.tenant))
        return await self.uow.connection.scalar(statement) or ""

    async def claim_hosts(self, tenant: Tenant) -> None:
        """Make the look-up of host names follow `tenant.hosts`; a name that another tenant has is ALREADY_EXISTS."""
        mine = tenant_predicate(tenant_host, self.uow.tenant)
        await self.uow.connection.execute(
            sa.delete(tenant_host).where(mine, tenant_host.c.host.not_in(tenant.hosts or [""]))
        )
        if tenant.hosts:
            known = sa.select(tenant_host.c.host).where(mine)
            present = set((await self.uow.connection.scalars(known)).all())
            new = [{"tenant": self.uow.tenant, "host": host} for host in tenant.hosts if host not in present]
            if new:
                await self.uow.connection.execute(sa.insert(tenant_host), new)
