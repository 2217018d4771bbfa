"""What a tenant has decided about its customers."""

from __future__ import annotations

from rapport_contact.domain.contact_settings import ContactSettings
from rapport_kit.repository import SingletonRepository


class TenantSettings(SingletonRepository[ContactSettings]):
    """The settings of the tenant."""

    entity = ContactSettings
