"""Tagging all that match, putting them on a list, combining lists: in slices, behind the request.

A slice is a transaction of its own that schedules the next one; whatever happens between two, the change goes on
from where it was.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from rapport.contact.v1 import bulk_changes_pb2 as pb
from rapport_contact.domain.bulk_change import BulkAction, BulkChange, BulkState
from rapport_contact.domain.membership import CustomerSet, StaticList, Tag
from rapport_contact.handlers.on_behalf import act_for
from rapport_contact.storage.bulk_changes import parse_filter, reach_of
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.auth.principal import Scope
from rapport_kit.crud import Resource
from rapport_kit.errors import Denied, Invalid
from rapport_kit.jobs.timers import Tick, schedule

BULK_CHANGE = "contact.bulk_change"
"""The kind of the timers."""
_MAY_CHANGE: dict[type[CustomerSet], str] = {Tag: "contact.tags.apply", StaticList: "contact.static_lists.update"}


class BulkChanges(Resource[BulkChange]):
    """BulkChangeService."""

    serves = pb.DESCRIPTOR.services_by_name["BulkChangeService"]
    entity = BulkChange
    message = pb.BulkChange

    async def admit(self, entity: BulkChange, uow: ContactUnitOfWork, changed: Collection[str]) -> None:
        """What changes is there and may be changed by the caller, the lists may be read, and the filter is one."""
        entity.owner_id, entity.team_id = uow.principal.subject, uow.principal.team_id
        try:
            parse_filter(entity.resource, entity.filter)
        except Invalid as error:
            raise error.within("bulk_change") from error
        group = await self._target(entity, uow)
        try:
            group.accept(entity.resource)
        except Invalid as error:
            raise Invalid.field("bulk_change.resource", error.reason, "is nothing that this tag is for") from error
        for index, list_id in enumerate(entity.list_ids):
            if await self._reachable(uow, StaticList, list_id, "contact.static_lists.get") is None:
                raise Invalid.field(f"bulk_change.list_ids[{index}]", "NOT_FOUND", "names no existing list")
        entity.reach = reach_of(
            uow.principal, uow.principal.scope(f"contact.{entity.resource.value}.list") or Scope.OWN
        )
        await _go_on(entity, uow)

    async def cancel_bulk_change(self, request: pb.CancelBulkChangeRequest, uow: ContactUnitOfWork) -> Any:
        """Stop it; a slice that is being carried out ends first."""
        change = await uow.bulk_changes.get(request.id, etag=request.etag)
        change.cancel(uow.now)
        await uow.settle()
        return uow.message(change)

    async def undo_bulk_change(self, request: pb.UndoBulkChangeRequest, uow: ContactUnitOfWork) -> Any:
        """Begin to undo it."""
        change = await uow.bulk_changes.get(request.id, etag=request.etag)
        change.undo()
        await _go_on(change, uow)
        await uow.settle()
        return uow.message(change)

    async def _target(self, change: BulkChange, uow: ContactUnitOfWork) -> CustomerSet:
        kind: type[CustomerSet] = Tag if change.tag_id else StaticList
        id_ = change.tag_id or change.static_list_id
        assert id_ is not None, "settled"
        if uow.principal.scope(_MAY_CHANGE[kind]) is None:
            raise Denied("PERMISSION_DENIED", f"this needs the permission {_MAY_CHANGE[kind]}")
        found = await self._reachable(uow, kind, id_, _MAY_CHANGE[kind])
        if found is None or found.delete_time is not None:
            raise Invalid.field(f"bulk_change.{kind.named}", "NOT_FOUND", "names nothing that exists")
        return found

    async def _reachable(
        self, uow: ContactUnitOfWork, kind: type[CustomerSet], id_: UUID, permission: str
    ) -> CustomerSet | None:
        """What the caller may reach by another permission than that of the RPC."""
        scope = uow.principal.scope(permission)
        if scope is None:
            return None
        own, uow.scope = uow.scope, scope
        found = await uow.repository(kind).find(id_)
        uow.scope = own
        return found


async def carry_on(tick: Tick, uow: ContactUnitOfWork) -> None:
    """One slice of a bulk change, for whoever began it, or its undoing."""
    act_for(UUID(tick.payload.decode()), tick.key, tick, uow)
    change = await uow.bulk_changes.find(tick.key)
    if change is None or not change.under_way:
        return
    kind: type[CustomerSet] = Tag if change.tag_id else StaticList
    group = await uow.repository(kind).find(change.tag_id or change.static_list_id or change.id)
    if group is None or group.delete_time is not None:
        change.fail("what it changes was deleted", uow.now)
        return
    if not change.cursor and not change.total_count:
        change.total_count = await uow.bulk_changes.total(change)
    await _slice(change, group, uow)
    if change.under_way:
        await _go_on(change, uow)


async def _slice(change: BulkChange, group: CustomerSet, uow: ContactUnitOfWork) -> None:
    undoing = change.state is BulkState.UNDOING
    part = await (uow.bulk_changes.to_undo(change) if undoing else uow.bulk_changes.matching(change))
    adds = (change.action is BulkAction.ADD) != undoing
    if adds:
        changed = await uow.memberships.add(group, change.resource, part.members, "", job=change.id)
    elif undoing:
        changed = await uow.memberships.take_back(group, change.id, part.members)
    else:
        changed = await uow.memberships.remove(group, part.members, job=change.id)
    group.tell(change.resource, changed, added=adds, bulk_change=str(change.id))
    change.advance(part, changed=len(changed), now=uow.now)


async def _go_on(change: BulkChange, uow: ContactUnitOfWork) -> None:
    await schedule(uow, BULK_CHANGE, str(change.id), uow.now, str(uow.principal.author).encode())
