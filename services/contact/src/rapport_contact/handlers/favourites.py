"""The customers whom users want at hand."""

from __future__ import annotations

from collections.abc import Collection

from rapport.contact.v1 import favourites_pb2
from rapport_contact.domain.favourite import Favourite
from rapport_contact.handlers.visible_customers import check_about
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.crud import Resource
from rapport_kit.errors import AlreadyExists


class Favourites(Resource[Favourite]):
    """FavouriteService."""

    serves = favourites_pb2.DESCRIPTOR.services_by_name["FavouriteService"]
    entity = Favourite
    message = favourites_pb2.Favourite

    async def admit(self, entity: Favourite, uow: ContactUnitOfWork, changed: Collection[str]) -> None:
        """A customer whom the caller may see, and who is no favourite yet."""
        entity.owner_id = uow.principal.subject
        about = await check_about(entity, uow, field="favourite")
        if await uow.favourites.has(uow.principal.subject, about):
            raise AlreadyExists("FAVOURITE_EXISTS", "this customer is a favourite already")
