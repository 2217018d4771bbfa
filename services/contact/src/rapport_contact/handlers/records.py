"""All records of a tenant, taken out and restored (PLT-15)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from google.protobuf.message import Message

from rapport.contact.v1 import events_pb2
from rapport.contact.v1 import records_pb2 as pb
from rapport_contact.domain.file import File
from rapport_contact.domain.membership import SetMember
from rapport_contact.handlers.acquisitions import Acquisitions
from rapport_contact.handlers.activities import Activities
from rapport_contact.handlers.channel_preferences import ChannelPreferences
from rapport_contact.handlers.consents import Consents
from rapport_contact.handlers.contact_attempts import ContactAttempts
from rapport_contact.handlers.contact_settings import TenantSettings
from rapport_contact.handlers.favourites import Favourites
from rapport_contact.handlers.files import Files, keep_content
from rapport_contact.handlers.groups import GroupMemberships, Groups
from rapport_contact.handlers.interests import Interests, InterestTopics
from rapport_contact.handlers.legal_holds import LegalHolds
from rapport_contact.handlers.lifecycle import LifecycleMoves
from rapport_contact.handlers.match_policies import MatchPolicies
from rapport_contact.handlers.milestones import FamilyMembers, Milestones
from rapport_contact.handlers.notes import Notes
from rapport_contact.handlers.organisations import Organisations
from rapport_contact.handlers.people import People
from rapport_contact.handlers.preferences import PreferenceKeys, Preferences
from rapport_contact.handlers.privacy_requests import PrivacyRequests
from rapport_contact.handlers.relations import Relations
from rapport_contact.handlers.saved_views import SavedViews
from rapport_contact.handlers.static_lists import StaticLists
from rapport_contact.handlers.tags import Tags
from rapport_contact.handlers.tasks import Tasks
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_contact.storage.tables import membership
from rapport_kit.auth.principal import Scope
from rapport_kit.cause import Lane
from rapport_kit.codec import Codec
from rapport_kit.contents import Upload
from rapport_kit.crud import Resource
from rapport_kit.domain import uuid7
from rapport_kit.errors import Denied, Invalid, Refused
from rapport_kit.paging import Paging
from rapport_kit.records import Outcome, Records, ResourceKind, TenantsOwn, known_in
from rapport_kit.uow import UnitOfWork

TAKE_OUT: Final = "contact.records.take_out"
RESTORE: Final = "contact.records.restore"
"""Permissions, by the names that the contract has for them."""
ABOUT: Final = "contact.rapport/TakeOut"
"""What the facts of take-outs are about; nothing is kept of one but these."""
SET_MEMBER: Final = "contact.rapport/SetMember"
_set_members: Final = Codec(SetMember, pb.SetMember)


class FileKind(ResourceKind):
    """Files, whose contents travel beside their records."""

    async def restore(self, message: Message, path: str, uow: UnitOfWork) -> None:
        """Raises Invalid: a record without its content would be of no use."""
        raise Invalid.field(path, "CONTENT_NEEDED", "is restored with its content, by UploadFileRecord")


class SetMemberKind:
    """Who has a tag or is on a list, and was."""

    field = "set_member"

    async def page(self, uow: ContactUnitOfWork, after: UUID | None, size: int) -> Sequence[tuple[UUID, Message]]:
        """See `Memberships.whole`."""
        return [(each.id, _set_members.to_message(each)) for each in await uow.memberships.whole(after, size)]

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


def _kinds(*resources: Resource[Any]) -> list[ResourceKind]:
    return [ResourceKind(resource) for resource in resources]


records: Final = Records(
    pb.Record,
    [
        TenantsOwn(TenantSettings()),
        TenantsOwn(MatchPolicies()),
        *_kinds(PreferenceKeys(), InterestTopics(), Groups(), Tags(), StaticLists(), SavedViews()),
        *_kinds(Organisations(), People()),
        *_kinds(Consents(), ChannelPreferences(), ContactAttempts(), LifecycleMoves(), Acquisitions(), Preferences()),
        *_kinds(Interests(), GroupMemberships(), Relations(), FamilyMembers(), Milestones(), Favourites()),
        *_kinds(Activities(), Notes(), Tasks(), LegalHolds(), PrivacyRequests()),
        FileKind(Files()),
        SetMemberKind(),
    ],
)
"""Each kind refers to those before it alone, and some to their own."""


class TenantRecords:
    """RecordService."""

    serves = pb.DESCRIPTOR.services_by_name["RecordService"]

    async def list_records(self, request: pb.ListRecordsRequest, uow: ContactUnitOfWork) -> pb.ListRecordsResponse:
        """A page of all there is.

        Raises:
            Refused: somebody was erased since the first page, who may be on an earlier one.
        """
        _require_all(uow, TAKE_OUT)
        paging = Paging(request, uow)
        kind, id_, began = paging.start or ("", None, uow.now)
        if paging.start and await uow.erasures.any_since(began):
            raise Refused("ERASED_MEANWHILE", "somebody was erased since this began: begin anew, and keep none of it")
        found = await records.page(uow, (kind, id_) if id_ else None, paging.limit)
        shown, token = paging.page(found.lines, "kind", "id", known=[began], cut=found.cut)
        await uow.publish(ABOUT, uuid7(), events_pb2.RecordsTakenOut(record_count=len(shown)))
        answer = pb.ListRecordsResponse(next_page_token=token)
        answer.records.extend(each.record for each in shown)
        return answer

    async def restore_records(
        self, request: pb.RestoreRecordsRequest, uow: ContactUnitOfWork
    ) -> pb.RestoreRecordsResponse:
        """See `Records.restore`. Others are told when nobody waits for them: thousands may follow."""
        _require_all(uow, RESTORE)
        uow.cause = replace(uow.cause, lane=Lane.BULK)
        return await _told(await records.restore(request.records, uow), uow)

    async def upload_file_record(
        self, request: pb.UploadFileRecordRequest, upload: Upload, uow: ContactUnitOfWork
    ) -> pb.RestoreRecordsResponse:
        """One file, whose content is what its record says."""
        _require_all(uow, RESTORE)
        file: File = Files.resource.codec.restore(request.file, "file")
        if (upload.sha256, upload.size) != (file.sha256, file.size):
            raise Invalid.field("file.sha256", "CONTENT_DIFFERS", "is not that of the content")
        if file.delete_time is not None:
            raise Invalid.field("file.delete_time", "DELETED", "must not be set: no content is kept in the trash")
        if await known_in(uow.schema.table(File), uow, [file.id]):
            return await _told(Outcome(restored=0, kept=1), uow)
        file.recognise(upload.head, file.claimed_type or file.content_type)
        await keep_content(file, upload, uow)
        uow.files.restore(file)
        return await _told(Outcome(restored=1, kept=0), uow)


def _require_all(uow: ContactUnitOfWork, permission: str) -> None:
    """Raises Denied for whom the permission does not reach every record."""
    if uow.scope is not Scope.ALL:
        raise Denied("PERMISSION_DENIED", f"this needs {permission} for the whole tenant", permission=permission)


async def _told(outcome: Outcome, uow: ContactUnitOfWork) -> pb.RestoreRecordsResponse:
    await uow.publish(ABOUT, uuid7(), events_pb2.RecordsRestored(restored_count=outcome.restored))
    return pb.RestoreRecordsResponse(restored_count=outcome.restored, kept_count=outcome.kept)
