"""What a tenant decides about its customers: one record a tenant."""

from __future__ import annotations

from typing import Any

from rapport.contact.v1 import contact_settings_pb2 as pb
from rapport_contact.domain.contact_settings import ContactSettings
from rapport_contact.handlers.data_quality import look_again
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.errors import Invalid
from rapport_kit.singleton import Singleton
from rapport_kit.uow import not_found


class TenantSettings(Singleton[ContactSettings]):
    """ContactSettingsService."""

    serves = pb.DESCRIPTOR.services_by_name["ContactSettingsService"]
    entity = ContactSettings
    message = pb.ContactSettings

    async def restore(self, entity: ContactSettings, uow: ContactUnitOfWork) -> None:
        """Records are judged by their weights from now on."""
        await super().restore(entity, uow)
        await look_again(uow)

    async def get_contact_settings(self, request: pb.GetContactSettingsRequest, uow: ContactUnitOfWork) -> Any:
        """The settings, or the defaults."""
        _check_own(request.id, uow)
        return await self.read(uow)

    async def update_contact_settings(self, request: pb.UpdateContactSettingsRequest, uow: ContactUnitOfWork) -> Any:
        """Change them; the first change makes the record."""
        _check_own(request.contact_settings.id, uow)
        settings, changed = await self.change(request, uow)
        successor = settings.successor_id if "successor_id" in changed else None
        if successor is not None and await uow.colleagues.active(successor) is None:
            raise Invalid.field("contact_settings.successor_id", "USER_UNKNOWN", "names no active user")
        if not {"person_quality_weights", "organisation_quality_weights", "stale_months"}.isdisjoint(changed):
            await look_again(uow)
        await uow.settle()
        return uow.message(settings)


def _check_own(tenant: str, uow: ContactUnitOfWork) -> None:
    if tenant != str(uow.tenant):
        raise not_found(ContactSettings, tenant)
