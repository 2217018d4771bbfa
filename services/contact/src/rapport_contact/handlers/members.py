"""What tags and static lists do alike: let customers in, let them go, and tell who is there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rapport.contact.v1 import members_pb2 as pb
from rapport_contact.domain.membership import CustomerSet, MemberKind
from rapport_contact.handlers.visible_customers import check_customers
from rapport_contact.storage.memberships import ENTITIES
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.crud import Resource
from rapport_kit.errors import Invalid
from rapport_kit.paging import Paging

MOST_AT_ONCE = 1_000
_FIELDS = {MemberKind.PEOPLE: "person_ids", MemberKind.ORGANISATIONS: "organisation_ids"}


async def list_members(sets: Resource[Any], request: Any, uow: ContactUnitOfWork) -> pb.ListMembersResponse:
    """Who is a member, or was at a time, as far as the caller may see them."""
    await sets.reader(uow).get(uow, request.id)
    paging = Paging(request, uow)
    at = request.at.ToDatetime(tzinfo=uow.now.tzinfo) if request.HasField("at") else None
    rows = await uow.memberships.page(UUID(request.id), at, after=paging.after, limit=paging.limit)
    shown, token = paging.page(rows, "member_id")
    answer = pb.ListMembersResponse(members=map(_member, shown), next_page_token=token)
    if request.include_total_size:
        count = await uow.memberships.count(UUID(request.id), at)
        answer.total_size, answer.total_size_capped = count.size, count.capped
    return answer


async def change_members(
    sets: Resource[Any], request: Any, uow: ContactUnitOfWork, *, added: bool
) -> pb.ChangeMembersResponse:
    """Add or remove the customers that the request names: all of them must be there, or nothing changes."""
    wanted = {kind: [UUID(each) for each in getattr(request, name)] for kind, name in _FIELDS.items()}
    if not 0 < sum(map(len, wanted.values())) <= MOST_AT_ONCE:
        message = f"from 1 to {MOST_AT_ONCE} ids must be given, together with organisation_ids"
        raise Invalid.field("person_ids", "INVALID_COUNT", message)
    group = await sets.repository(uow).get(request.id)
    sets.check_live(group)
    changed = 0
    for kind, ids in wanted.items():
        if ids:
            changed += await _change_kind(group, kind, ids, request.reason, uow, added=added)
    await uow.settle()
    return pb.ChangeMembersResponse(changed_count=changed)


async def _change_kind(
    group: CustomerSet, kind: MemberKind, ids: list[UUID], reason: str, uow: ContactUnitOfWork, *, added: bool
) -> int:
    group.accept(kind)
    named = {f"{_FIELDS[kind]}[{index}]": id_ for index, id_ in enumerate(ids)}
    members = frozenset((await check_customers(ENTITIES[kind], named, uow)).values())
    if added:
        changed = await uow.memberships.add(group, kind, members, reason)
    else:
        changed = await uow.memberships.remove(group, members)
    group.tell(kind, changed, added=added)
    return len(changed)


def _member(row: Any) -> pb.Member:
    member = pb.Member(
        person_id=str(row.person_id or ""),
        organisation_id=str(row.organisation_id or ""),
        display_name=row.name,
        actor_id=str(row.actor_id),
        reason=row.reason,
    )
    member.add_time.FromDatetime(row.add_time)
    return member
