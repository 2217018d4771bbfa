"""What people prefer, and what can be preferred."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rapport.contact.v1 import preferences_pb2 as pb
from rapport_contact.domain.person import Person
from rapport_contact.domain.preference import Preference, PreferenceKey, resolve
from rapport_contact.handlers.visible_customers import check_person, require_customer
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.codec import Codec
from rapport_kit.crud import Resource
from rapport_kit.errors import Invalid, Refused


@dataclass(frozen=True, kw_only=True)
class Question:
    """ResolvePreferencesRequest."""

    person_id: UUID
    scope: str = ""
    at: datetime | None = None


questions = Codec(Question, pb.ResolvePreferencesRequest)


class PreferenceKeys(Resource[PreferenceKey]):
    """PreferenceKeyService."""

    serves = pb.DESCRIPTOR.services_by_name["PreferenceKeyService"]
    entity = PreferenceKey
    message = pb.PreferenceKey

    async def release(self, entity: PreferenceKey, uow: ContactUnitOfWork) -> None:
        """A key stays while anybody prefers anything in its respect."""
        if await uow.preference_keys.is_used(entity.key):
            raise Refused("PREFERENCE_KEY_IN_USE", "there are preferences of this key", key=entity.key)


class Preferences(Resource[Preference]):
    """PreferenceService."""

    serves = pb.DESCRIPTOR.services_by_name["PreferenceService"]
    entity = Preference
    message = pb.Preference

    async def admit(self, entity: Preference, uow: ContactUnitOfWork, changed: Collection[str]) -> None:
        """A preference is of somebody whom the caller may see, and its value of the type that its key has."""
        await check_person("preference.person_id", entity.person_id, uow, part=True)
        key = await uow.preference_keys.named(entity.key)
        if key is None:
            raise Invalid.field("preference.key", "UNKNOWN_KEY", "is no preference key of the tenant")
        if "value" in changed:
            try:
                entity.value = key.canonical(entity.value)
            except Invalid as error:
                raise error.within("preference") from error
        entity.valid_from = entity.valid_from or uow.now

    async def resolve_preferences(
        self, request: pb.ResolvePreferencesRequest, uow: ContactUnitOfWork
    ) -> pb.ResolvePreferencesResponse:
        """What counts for each key."""
        asked = questions.from_message(request)
        person_id = await require_customer(Person, asked.person_id, uow, part=True)
        counting = resolve(await uow.preferences.of(person_id), asked.scope, asked.at or uow.now)
        return pb.ResolvePreferencesResponse(
            preferences=await self.reader(uow).in_order(uow, [each.id for each in counting])
        )
