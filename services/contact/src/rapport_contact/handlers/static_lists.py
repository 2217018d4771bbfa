"""Static lists, and who is on them."""

from __future__ import annotations

from collections.abc import Collection

from rapport.contact.v1 import members_pb2
from rapport.contact.v1 import static_lists_pb2 as pb
from rapport_contact.domain.membership import StaticList
from rapport_contact.handlers.admission import settle_owner
from rapport_contact.handlers.members import change_members, list_members
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.crud import Resource


class StaticLists(Resource[StaticList]):
    """StaticListService."""

    serves = pb.DESCRIPTOR.services_by_name["StaticListService"]
    entity = StaticList
    message = pb.StaticList

    async def admit(self, entity: StaticList, uow: ContactUnitOfWork, changed: Collection[str]) -> None:
        """See `settle_owner`."""
        if "owner_id" in changed:
            await settle_owner(entity, uow, field="static_list")

    async def add_static_list_members(
        self, request: pb.AddStaticListMembersRequest, uow: ContactUnitOfWork
    ) -> members_pb2.ChangeMembersResponse:
        """See `change_members`."""
        return await change_members(self, request, uow, added=True)

    async def remove_static_list_members(
        self, request: pb.RemoveStaticListMembersRequest, uow: ContactUnitOfWork
    ) -> members_pb2.ChangeMembersResponse:
        """See `change_members`."""
        return await change_members(self, request, uow, added=False)

    async def list_static_list_members(
        self, request: pb.ListStaticListMembersRequest, uow: ContactUnitOfWork
    ) -> members_pb2.ListMembersResponse:
        """See `list_members`."""
        return await list_members(self, request, uow)
