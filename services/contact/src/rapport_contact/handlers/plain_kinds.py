"""The kinds of records that are taken out and restored without being resources of their own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from google.protobuf.message import Message

from rapport.contact.v1 import events_pb2, timeline_pb2
from rapport.contact.v1 import records_pb2 as pb
from rapport_contact.domain.membership import SetMember
from rapport_contact.domain.timeline import PostedEntry
from rapport_contact.handlers.timeline import ENTRY, entry_of
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_contact.storage.tables import membership, timeline_entry
from rapport_contact.storage.timeline import SOURCE, posted
from rapport_kit.codec import Codec
from rapport_kit.errors import Invalid
from rapport_kit.records import Wanted, known_in

SET_MEMBER: Final = "contact.rapport/SetMember"
_set_members: Final = Codec(SetMember, pb.SetMember)
_entries: Final = Codec(PostedEntry, timeline_pb2.TimelineEntry)


class SetMemberKind:
    """Who has a tag or is on a list, and was."""

    field = "set_member"

    async def page(
        self, uow: ContactUnitOfWork, after: UUID | None, size: int, wanted: Wanted | None = None
    ) -> Sequence[tuple[UUID, Message]]:
        """See `Memberships.whole`."""
        condition = sa.true() if wanted is None else wanted(membership)
        found = [] if condition is None else await uow.memberships.whole(after, size, condition)
        return [(each.id, _set_members.to_message(each)) for each in found]

    def identity(self, message: pb.SetMember, uow: ContactUnitOfWork) -> UUID:
        """Its own."""
        return UUID(message.id)

    async def known(self, uow: ContactUnitOfWork, ids: Collection[UUID]) -> set[UUID]:
        """By the key of the table."""
        return await known_in(membership, uow, ids)

    async def restore(self, message: pb.SetMember, path: str, uow: ContactUnitOfWork) -> None:
        """Enter it; that of one who still is a member is told."""
        member = _set_members.decode(message, path)
        uow.memberships.restore(member)
        if member.remove_time is None:
            await uow.publish(SET_MEMBER, member.id, member.tell())


class PostedEntryKind:
    """What was posted to timelines. What they tell of records follows from these, so of one person all is given."""

    field = "timeline_entry"

    async def page(
        self, uow: ContactUnitOfWork, after: UUID | None, size: int, wanted: Wanted | None = None
    ) -> Sequence[tuple[UUID, Message]]:
        """See `Timeline.whole`."""
        condition = posted() if wanted is None else wanted(timeline_entry)
        if condition is None:
            return []
        readable = [] if wanted is None else [uow.timeline.readable()]
        return [(row.id, entry_of(row)) for row in await uow.timeline.whole(after, size, condition, *readable)]

    def identity(self, message: timeline_pb2.TimelineEntry, uow: ContactUnitOfWork) -> UUID:
        """Its own."""
        return UUID(message.id)

    async def known(self, uow: ContactUnitOfWork, ids: Collection[UUID]) -> set[UUID]:
        """By the key of the table."""
        return await known_in(timeline_entry, uow, ids)

    async def restore(self, message: timeline_pb2.TimelineEntry, path: str, uow: ContactUnitOfWork) -> None:
        """Enter it, and tell the fact of which timelines are built again."""
        entry = _entries.restore(message, path)
        if entry.source != SOURCE:
            raise Invalid.field(f"{path}.source", "NOT_POSTED", f"must be {SOURCE}: no entry is posted elsewhere")
        if entry.person_id is not None and uow.privacy.key(entry.person_id) is None:
            await uow.settle()  # somebody who is restored along with it has a key from then on
        fact = events_pb2.TimelineEntryRecorded(timeline_entry=message, person_id=message.person_id)
        await uow.publish(ENTRY, entry.id, fact)
        uow.timeline.restore(entry)
