"""Lists as users like to see them."""

from __future__ import annotations

from collections.abc import Collection

from rapport.contact.v1 import saved_views_pb2
from rapport_contact.domain.saved_view import SavedView
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.crud import Resource
from rapport_kit.errors import Invalid
from rapport_kit.query import Fields, Filter, Order
from rapport_kit.resources import resource_named

OWN = "contact.rapport/"
"""Resources whose views can be checked here; those of other departments are kept as they are."""


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
