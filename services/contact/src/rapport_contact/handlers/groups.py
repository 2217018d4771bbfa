"""Groups, who belongs to them, and whom to win there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rapport.contact.v1 import groups_pb2 as pb
from rapport_contact.domain import local_time
from rapport_contact.domain.contacting import ContactChannel, Purpose
from rapport_contact.domain.group import Group, GroupMembership, GroupProspect, approach
from rapport_contact.handlers.visible_customers import KINDS, check_customers
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.codec import Codec
from rapport_kit.crud import Resource
from rapport_kit.errors import Invalid
from rapport_kit.paging import Paging


@dataclass(frozen=True, kw_only=True)
class Question:
    """ListGroupProspectsRequest."""

    id: UUID
    purpose: Purpose
    channel: ContactChannel | None = None
    page_size: int = 0
    page_token: str = ""


questions = Codec(Question, pb.ListGroupProspectsRequest)
prospects: Codec[Any] = Codec(GroupProspect, pb.GroupProspect)


class Groups(Resource[Group]):
    """GroupService."""

    serves = pb.DESCRIPTOR.services_by_name["GroupService"]
    entity = Group
    message = pb.Group

    async def list_group_prospects(
        self, request: pb.ListGroupProspectsRequest, uow: ContactUnitOfWork
    ) -> pb.ListGroupProspectsResponse:
        """Members who are no customers yet, and for each the channel to use or the reason to skip them."""
        asked = questions.from_message(request)
        await self.reader(uow).get(uow, request.id)
        paging = Paging(request, uow)
        today = local_time.today(uow.now, await uow.profile.time_zone())
        rows = await uow.groups.prospects(asked.id, today, after=paging.after, limit=paging.limit)
        shown, token = paging.page(rows, "id")
        channels = [asked.channel] if asked.channel else list(ContactChannel)
        reached = await uow.subjects.reach([row.id for row in shown])
        answer = pb.ListGroupProspectsResponse(next_page_token=token)
        for row, reach in zip(shown, reached, strict=True):
            channel, skip_reason = approach(reach, asked.purpose, channels, uow.now)
            prospect = GroupProspect(row.id, row.display_name, row.lifecycle_stage, channel, skip_reason)
            message: Any = prospects.to_message(prospect)
            answer.prospects.append(message)
        return answer


class GroupMemberships(Resource[GroupMembership]):
    """GroupMembershipService."""

    serves = pb.DESCRIPTOR.services_by_name["GroupMembershipService"]
    entity = GroupMembership
    message = pb.GroupMembership

    async def admit(self, entity: GroupMembership, uow: ContactUnitOfWork, changed: Collection[str]) -> None:
        """A membership is of a customer whom the caller may see, in a group that there is."""
        if {"group_id", "delete_time"}.isdisjoint(changed):
            return
        for name, kind in KINDS.items():
            await check_customers(kind, {f"group_membership.{name}": getattr(entity, name)}, uow, part=True)
        if not await uow.groups.exists(entity.group_id):
            raise Invalid.field("group_membership.group_id", "NOT_FOUND", "names no group of the tenant")
