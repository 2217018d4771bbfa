"""What a tenant has decided about its customers."""

from __future__ import annotations

import sqlalchemy as sa

from rapport_contact.domain.contact_settings import ContactSettings
from rapport_contact.storage.tables import contact_settings
from rapport_kit.uow import Repository, tenant_predicate


class TenantSettings(Repository[ContactSettings]):
    """The settings of the tenant."""

    entity = ContactSettings

    async def current(self) -> ContactSettings:
        """Those that hold, to read or, in a unit of work that may, to change; the defaults when nobody set any."""
        statement = sa.select(ContactSettings).where(tenant_predicate(contact_settings, self.uow.tenant))
        found: ContactSettings | None = await (await self.uow.session()).scalar(statement)
        return found or ContactSettings(id=self.uow.tenant)
