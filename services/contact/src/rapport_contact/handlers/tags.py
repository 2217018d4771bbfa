"""Tags, and what has them."""

from __future__ import annotations

from rapport.contact.v1 import members_pb2
from rapport.contact.v1 import tags_pb2 as pb
from rapport_contact.domain.membership import MemberKind, Tag
from rapport_contact.domain.organisation import Organisation
from rapport_contact.domain.person import Person
from rapport_contact.handlers.members import change_members, list_members
from rapport_contact.handlers.visible_customers import require_customer
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.crud import Resource


class Tags(Resource[Tag]):
    """TagService."""

    serves = pb.DESCRIPTOR.services_by_name["TagService"]
    entity = Tag
    message = pb.Tag

    async def apply_tag(self, request: pb.ApplyTagRequest, uow: ContactUnitOfWork) -> members_pb2.ChangeMembersResponse:
        """See `change_members`."""
        return await change_members(self, request, uow, added=True)

    async def withdraw_tag(
        self, request: pb.WithdrawTagRequest, uow: ContactUnitOfWork
    ) -> members_pb2.ChangeMembersResponse:
        """See `change_members`."""
        return await change_members(self, request, uow, added=False)

    async def list_tag_members(
        self, request: pb.ListTagMembersRequest, uow: ContactUnitOfWork
    ) -> members_pb2.ListMembersResponse:
        """See `list_members`."""
        return await list_members(self, request, uow)

    async def list_person_tags(
        self, request: pb.ListPersonTagsRequest, uow: ContactUnitOfWork
    ) -> pb.ListPersonTagsResponse:
        """The tags of a person."""
        ids = await uow.memberships.tags_of(MemberKind.PEOPLE, await require_customer(Person, request.person_id, uow))
        return pb.ListPersonTagsResponse(tags=await self.reader(uow).in_order(uow, ids))

    async def list_organisation_tags(
        self, request: pb.ListOrganisationTagsRequest, uow: ContactUnitOfWork
    ) -> pb.ListOrganisationTagsResponse:
        """The tags of an organisation."""
        organisation_id = await require_customer(Organisation, request.organisation_id, uow)
        ids = await uow.memberships.tags_of(MemberKind.ORGANISATIONS, organisation_id)
        return pb.ListOrganisationTagsResponse(tags=await self.reader(uow).in_order(uow, ids))
