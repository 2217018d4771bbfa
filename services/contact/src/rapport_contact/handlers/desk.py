"""Favourites and saved views."""

from __future__ import annotations

from collections.abc import Collection

from google.protobuf.message import Message

from rapport.contact.v1 import favourites_pb2, organisations_pb2, people_pb2, saved_views_pb2
from rapport_contact.domain.desk import Favourite, SavedView
from rapport_contact.handlers.visible_customers import check_about
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.crud import Resource
from rapport_kit.errors import AlreadyExists, Invalid
from rapport_kit.query import Fields, Filter, Order

_OWN_RESOURCES: dict[str, type[Message]] = {
    "contact.rapport/Person": people_pb2.Person,
    "contact.rapport/Organisation": organisations_pb2.Organisation,
}
"""Those whose filters can be checked here; other departments' views are kept as they are."""


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


class SavedViews(Resource[SavedView]):
    """SavedViewService."""

    serves = saved_views_pb2.DESCRIPTOR.services_by_name["SavedViewService"]
    entity = SavedView
    message = saved_views_pb2.SavedView

    async def admit(self, entity: SavedView, uow: ContactUnitOfWork, changed: Collection[str]) -> None:
        """A view is its maker's, and what it asks for can be asked."""
        if not entity.version:
            entity.owner_id, entity.team_id = uow.principal.subject, uow.principal.team_id
        if listed := _OWN_RESOURCES.get(entity.resource_type):
            fields = Fields.of(listed)
            try:
                Filter.parse(entity.filter, fields)
                Order.parse(entity.order_by, fields)
            except Invalid as error:
                raise error.within("saved_view") from error
