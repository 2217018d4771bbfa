"""Favourites and saved views."""

from __future__ import annotations

from collections.abc import Collection

from rapport.contact.v1 import favourites_pb2, saved_views_pb2
from rapport_contact.domain.desk import Favourite, SavedView
from rapport_contact.handlers.visible_customers import check_about
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.crud import Resource
from rapport_kit.errors import AlreadyExists, Invalid
from rapport_kit.query import Fields, Filter, Order
from rapport_kit.resources import resource_named

OWN = "contact.rapport/"
"""Resources whose views can be checked here; those of other departments are kept as they are."""


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
        if entity.resource_type.startswith(OWN):
            try:
                _check_own(entity)
            except Invalid as error:
                raise error.within("saved_view") from error


def _check_own(view: SavedView) -> None:
    listed = resource_named(view.resource_type)
    if listed is None:
        raise Invalid.field("resource_type", "UNKNOWN_RESOURCE", "names no resource of this department")
    fields = Fields.of(listed.message)
    Filter.parse(view.filter, fields)
    Order.parse(view.order_by, fields)
    for place, column in enumerate(view.columns):
        if column.partition(".")[0] not in listed.message.DESCRIPTOR.fields_by_name:
            raise Invalid.field(f"columns[{place}]", "UNKNOWN_FIELD", "names no field of the resource")
