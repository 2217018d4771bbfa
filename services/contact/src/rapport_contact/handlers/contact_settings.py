"""What a tenant decides about its customers: one record a tenant."""

from __future__ import annotations

from typing import Any

from rapport.contact.v1 import contact_settings_pb2 as pb
from rapport_contact.domain.contact_settings import ContactSettings
from rapport_contact.handlers.data_quality import look_again
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.auth.principal import Scope
from rapport_kit.crud import Resource
from rapport_kit.errors import Denied, Invalid, Stale
from rapport_kit.uow import not_found


class TenantSettings(Resource[ContactSettings]):
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
        return self.resource.codec.to_message(await self._of(request.id, uow))

    async def update_contact_settings(self, request: pb.UpdateContactSettingsRequest, uow: ContactUnitOfWork) -> Any:
        """Change them; the first change makes the record."""
        if uow.scope is not Scope.ALL:
            raise Denied("PERMISSION_DENIED", "this needs contact.contact_settings.update for the whole tenant")
        wanted = request.contact_settings
        settings = await self._of(wanted.id, uow)
        if wanted.etag and wanted.etag != f'"{settings.version}"':
            raise Stale("ETAG_MISMATCH", "the resource changed since it was read", etag=wanted.etag)
        (uow.see if settings.version else uow.add)(settings)
        paths = list(request.update_mask.paths) if request.HasField("update_mask") else None
        changed = self.resource.codec.apply(wanted, settings, paths, "contact_settings")
        successor = settings.successor_id if "successor_id" in changed else None
        if successor is not None and await uow.colleagues.active(successor) is None:
            raise Invalid.field("contact_settings.successor_id", "USER_UNKNOWN", "names no active user")
        if not {"person_quality_weights", "organisation_quality_weights", "stale_months"}.isdisjoint(changed):
            await look_again(uow)
        await uow.settle()
        return uow.message(settings)

    async def _of(self, tenant: str, uow: ContactUnitOfWork) -> ContactSettings:
        if tenant != str(uow.tenant):
            raise not_found(ContactSettings, tenant)
        return await uow.settings.current()
