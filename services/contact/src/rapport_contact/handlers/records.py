"""All records of a tenant, taken out and restored (PLT-15), and those about one person, taken out (PLT-08)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from google.protobuf.message import Message

from rapport.api.v1 import annotations_pb2
from rapport.api.v1.content_pb2 import Content
from rapport.contact.v1 import events_pb2
from rapport.contact.v1 import records_pb2 as pb
from rapport_contact.domain.file import File
from rapport_contact.handlers.exports import ContactUnits
from rapport_contact.handlers.files import Files, keep_content
from rapport_contact.handlers.person_take_out import ABOUT, PersonTakeOut
from rapport_contact.handlers.record_kinds import records
from rapport_contact.handlers.restoring import Unfit, restore, within, written
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_contact.storage.restoring import keep_as_given
from rapport_kit.annotations import is_map, rules
from rapport_kit.auth.permissions import require_all
from rapport_kit.cause import Lane
from rapport_kit.contents import Upload
from rapport_kit.domain import uuid7
from rapport_kit.errors import Invalid, Refused
from rapport_kit.paging import Paging
from rapport_kit.records import Outcome, known_in

TAKE_OUT: Final = "contact.records.take_out"
RESTORE: Final = "contact.records.restore"
"""Permissions, by the names that the contract has for them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the list starts, and who had been erased when the list was begun."""

    kind: str
    id: UUID
    erased: int
    latest: datetime | None


class TenantRecords:
    """RecordService."""

    serves = pb.DESCRIPTOR.services_by_name["RecordService"]

    async def list_records(self, request: pb.ListRecordsRequest, uow: ContactUnitOfWork) -> pb.ListRecordsResponse:
        """A page of all there is.

        Raises:
            Refused: somebody was erased since the first page, who may be on an earlier one, or on this one.
        """
        require_all(uow.scope, TAKE_OUT)
        paging = Paging(request, uow)
        start = Place(*paging.start) if paging.start else None
        erased = (start.erased, start.latest) if start else await uow.erasures.state()
        found = await records.page(uow, (start.kind, start.id) if start else None, paging.limit)
        if await uow.erasures.state() != erased:
            raise Refused("ERASED_MEANWHILE", "somebody was erased since this began: begin anew, and keep none of it")
        shown, token = paging.page(found.lines, "kind", "id", known=erased, cut=found.cut)
        await uow.publish(ABOUT, uuid7(), events_pb2.RecordsTakenOut(record_count=len(shown)))
        answer = pb.ListRecordsResponse(next_page_token=token)
        answer.records.extend(each.record for each in shown)
        return answer

    async def restore_records(
        self, request: pb.RestoreRecordsRequest, uow: ContactUnitOfWork
    ) -> pb.RestoreRecordsResponse:
        """See `restore`. Others are told when nobody waits for them: thousands may follow."""
        require_all(uow.scope, RESTORE)
        await _refuse_erased({f"records[{place}]": each for place, each in enumerate(request.records)}, uow)
        uow.cause = replace(uow.cause, lane=Lane.BULK)
        members = [each.set_member for each in request.records if each.HasField("set_member")]
        sets = {UUID(each.tag_id or each.static_list_id) for each in members if each.tag_id or each.static_list_id}
        await uow.memberships.lock(sets)
        await keep_as_given(uow)
        outcome = await restore(request.records, uow)
        if await uow.memberships.any_twice(sets, {UUID(each.person_id or each.organisation_id) for each in members}):
            raise Invalid.field("records", "ALREADY_MEMBER", "a set member is one already, of the same tag or list")
        return await _told(outcome, uow)

    async def upload_file_record(
        self, request: pb.UploadFileRecordRequest, upload: Upload, uow: ContactUnitOfWork
    ) -> pb.RestoreRecordsResponse:
        """One file, whose content is what its record says, and none that could not be uploaded today."""
        require_all(uow.scope, RESTORE)
        file: File = Files.resource.codec.restore(request.file, "file")
        await _refuse_erased({"file": request.file}, uow)
        if (upload.sha256, upload.size) != (file.sha256, file.size):
            raise Invalid.field("file.sha256", "CONTENT_DIFFERS", "is not that of the content")
        if file.delete_time is not None:
            raise Invalid.field("file.delete_time", "DELETED", "must not be set: no content is kept in the trash")
        _settle(file, upload)
        if await known_in(uow.schema.table(File), uow, [file.id]):
            return await _told(Outcome(restored=0, kept=1), uow)
        await keep_content(file, upload, uow)
        await keep_as_given(uow)
        try:
            async with written(uow):
                uow.files.restore(file)
        except Unfit as error:
            raise within("file", error.refusal) from error
        return await _told(Outcome(restored=1, kept=0), uow)

    async def take_out_person(self, request: pb.TakeOutPersonRequest, units: ContactUnits) -> AsyncIterator[Content]:
        """What is kept about one person, as a file."""
        async with aclosing(PersonTakeOut(request.id, units).pieces()) as pieces:
            async for piece in pieces:
                yield piece


def _settle(file: File, upload: Upload) -> None:
    """A file is judged by itself alone, so it is judged anew."""
    name = file.file_name
    try:
        file.settle()
        file.recognise(upload.head, file.claimed_type or file.content_type)
    except Invalid as error:
        raise error.within("file") from error
    if file.file_name != name:
        raise Invalid.field("file.file_name", "INVALID_NAME", "must be the name of a file, without a path")


async def _refuse_erased(named: Mapping[str, Message], uow: ContactUnitOfWork) -> None:
    """Who was erased does not come back, nor anything that names them; raises Invalid with the place."""
    ids = {place: set(_identities(each)) for place, each in named.items()}
    erased = await uow.erasures.among(set[UUID]().union(*ids.values()))
    for place, names in ids.items():
        if not erased.isdisjoint(names):
            raise Invalid.field(place, "ERASED", "is about, or names, somebody who was erased")


def _identities(message: Message) -> Iterator[UUID]:
    """Every id in a message, however deep."""
    for field, value in message.ListFields():
        if is_map(field):
            continue
        parts = list(value) if field.is_repeated else [value]
        if field.message_type is not None:
            for part in parts:
                yield from _identities(part)
        elif rules(field).format == annotations_pb2.FORMAT_UUID:
            for text in parts:
                with suppress(ValueError):  # told by the rules
                    yield UUID(text)


async def _told(outcome: Outcome, uow: ContactUnitOfWork) -> pb.RestoreRecordsResponse:
    await uow.publish(ABOUT, uuid7(), events_pb2.RecordsRestored(restored_count=outcome.restored))
    return pb.RestoreRecordsResponse(restored_count=outcome.restored, kept_count=outcome.kept)
