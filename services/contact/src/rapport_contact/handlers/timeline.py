"""What can be done with timelines."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp

from rapport.contact.v1 import events_pb2, related_pb2
from rapport.contact.v1 import timeline_pb2 as pb
from rapport_contact.domain.customer import AboutCustomer
from rapport_contact.domain.timeline import entry_id
from rapport_contact.handlers.visible_customers import KINDS, check_about, require_customer, sees_any
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_contact.storage.timeline import SOURCE, Window
from rapport_kit.domain import uuid7
from rapport_kit.errors import Invalid, NotFound, Refused
from rapport_kit.paging import Paging

ENTRY = "contact.rapport/TimelineEntry"
FOLLOWING = {f"contact.rapport/{name}" for name in ("Activity", "Note", "Task")}
"""Records whose entries follow them."""


class Timelines:
    """TimelineService."""

    serves = pb.DESCRIPTOR.services_by_name["TimelineService"]

    async def list_timeline_entries(
        self, request: pb.ListTimelineEntriesRequest, uow: ContactUnitOfWork
    ) -> pb.ListTimelineEntriesResponse:
        """A page of what happened with a customer that the caller may see."""
        window = await self._window(request, uow)
        paging = Paging(request, uow)
        shown, token = paging.page(await uow.timeline.page(window, paging.limit, paging.start), "occurred", "id")
        return pb.ListTimelineEntriesResponse(timeline_entries=map(entry_of, shown), next_page_token=token)

    async def create_timeline_entry(
        self, request: pb.CreateTimelineEntryRequest, uow: ContactUnitOfWork
    ) -> pb.TimelineEntry:
        """Tell the fact from which the entry is made."""
        given = request.timeline_entry
        about = AboutCustomer(
            person_id=UUID(given.person_id) if given.person_id else None,
            organisation_id=UUID(given.organisation_id) if given.organisation_id else None,
        )
        try:
            about.require_customer()
        except Invalid as error:
            raise error.within("timeline_entry") from error
        await check_about(about, uow, field="timeline_entry")
        entry = pb.TimelineEntry(
            person_id=given.person_id,
            organisation_id=given.organisation_id,
            occur_time=given.occur_time,
            kind=given.kind,
            channel=given.channel,
            direction=given.direction,
            summary=given.summary,
        )
        if given.HasField("record"):
            entry.record.CopyFrom(given.record)
        return await self._recorded(entry, uow)

    async def correct_timeline_entry(
        self, request: pb.CorrectTimelineEntryRequest, uow: ContactUnitOfWork
    ) -> pb.TimelineEntry:
        """Tell the fact from which the entry is made that stands in the place of one."""
        row = await uow.timeline.find(UUID(request.id))
        if row is None or not await sees_any(row, uow):
            raise NotFound("TIMELINE_ENTRY_NOT_FOUND", "no such timeline entry", id=request.id)
        if row.resource in FOLLOWING:
            raise Refused("TIMELINE_ENTRY_FOLLOWS", "change the record that it tells of", resource=row.resource)
        if row.corrected:
            raise Refused("TIMELINE_ENTRY_CORRECTED", "another entry is in its place already", id=request.id)
        entry = entry_of(row)
        entry.corrects_id, entry.retracted = request.id, request.retract
        entry.summary = request.summary or entry.summary
        if request.HasField("occur_time"):
            entry.occur_time.CopyFrom(request.occur_time)
        return await self._recorded(entry, uow)

    async def _recorded(self, entry: pb.TimelineEntry, uow: ContactUnitOfWork) -> pb.TimelineEntry:
        """Publish the entry's fact; the answer is the entry as the projection is about to make it."""
        aggregate = uuid7()
        if not entry.HasField("record"):
            entry.record.CopyFrom(related_pb2.RelatedRecord(type=ENTRY, id=str(aggregate)))
        entry.id = str(entry_id(SOURCE, aggregate, 1, 0, uow.now))
        entry.actor_id, entry.source = str(uow.principal.subject), SOURCE
        entry.record_time.FromDatetime(uow.now)
        await uow.publish(
            ENTRY, aggregate, events_pb2.TimelineEntryRecorded(timeline_entry=entry, person_id=entry.person_id)
        )
        return entry

    async def _window(self, request: pb.ListTimelineEntriesRequest, uow: ContactUnitOfWork) -> Window:
        column = request.WhichOneof("customer")
        if column is None:
            raise Invalid.field("person_id", "REQUIRED", "must be set when organisation_id is not")
        since, until = _moment(request, "start_time"), _moment(request, "end_time")
        if since and until and until <= since:
            raise Invalid.field("end_time", "INVALID_RANGE", "must lie after start_time")
        return Window(
            column=column,
            customer=await require_customer(KINDS[column], getattr(request, column), uow, trash=True),
            kinds=list(request.kinds),
            channels=list(request.channels),
            actor=UUID(request.actor_id) if request.actor_id else None,
            since=since,
            until=until,
            corrected=request.show_corrected,
        )


def entry_of(row: Any) -> pb.TimelineEntry:
    """The entry in a row."""
    return pb.TimelineEntry(
        id=str(row.id),
        person_id=str(row.person_id or ""),
        organisation_id=str(row.organisation_id or ""),
        occur_time=_timestamp(row.occurred),
        record_time=_timestamp(row.recorded),
        kind=row.kind,
        channel=row.channel,
        direction=row.direction,
        actor_id=str(row.actor),
        summary=row.summary,
        record=related_pb2.RelatedRecord(type=row.resource, id=str(row.record_id)),
        source=row.source,
        corrects_id=str(row.corrects or ""),
        retracted=row.retracted,
    )


def _moment(message: Any, field: str) -> datetime | None:
    return getattr(message, field).ToDatetime(UTC) if message.HasField(field) else None


def _timestamp(moment: datetime) -> Timestamp:
    message = Timestamp()
    message.FromDatetime(moment)
    return message
