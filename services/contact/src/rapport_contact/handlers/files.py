"""What can be done with files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import aclosing
from datetime import timedelta
from uuid import UUID

from rapport.api.v1.content_pb2 import Content
from rapport.contact.v1 import files_pb2 as pb
from rapport_contact.domain.file import File, FileScanState
from rapport_contact.domain.link import DEFAULT, Link
from rapport_contact.handlers.admission import settle_owner
from rapport_contact.handlers.visible_customers import check_about
from rapport_contact.scanner import scanner
from rapport_contact.settings import process_settings
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit import jobs
from rapport_kit.contents import Part, Upload, download
from rapport_kit.crud import Resource
from rapport_kit.jobs import Tick
from rapport_kit.units import Units
from rapport_kit.uow import not_found

SCAN = "contact.file.scan"
LONGEST_SCAN = timedelta(minutes=10)
"""After which a scan is begun again: its process has ended."""
LOOK_AGAIN = 0.5
"""Seconds between two looks at a file that somebody watches."""
FileUnits = Units[ContactUnitOfWork]


class Files(Resource[File]):
    """FileService."""

    serves = pb.DESCRIPTOR.services_by_name["FileService"]
    entity = File
    message = pb.File

    async def admit(self, entity: File, uow: ContactUnitOfWork, changed: Collection[str]) -> None:
        """See `settle_owner`."""
        if "owner_id" in changed:
            await settle_owner(entity, uow, field="file")

    async def upload_file(self, request: pb.UploadFileRequest, upload: Upload, uow: ContactUnitOfWork) -> pb.File:
        """Store a file about a customer that the caller may see; its content is kept unless the tenant has it."""
        file = File(
            person_id=UUID(request.person_id) if request.person_id else None,
            organisation_id=UUID(request.organisation_id) if request.organisation_id else None,
            file_name=request.file_name,
            size=upload.size,
            sha256=upload.sha256,
        )
        file.settle()
        file.recognise(upload.head, upload.content_type)
        await check_about(file, uow)
        if uow.principal.kind == "user":
            file.owner_id, file.team_id = uow.principal.subject, uow.principal.team_id
        await keep_content(file, upload, uow)
        uow.files.add(file)
        await uow.settle()
        answer = uow.message(file)
        assert isinstance(answer, pb.File)
        return answer

    async def download_file(self, request: pb.DownloadFileRequest, units: FileUnits) -> AsyncIterator[Content]:
        """Read a file, or a part of it."""
        async with units() as uow:
            head, key = await content_of(request.id, uow)
        async with aclosing(download(uow.blobs, key, head, Part.of(request.range, head.size))) as pieces:
            async for piece in pieces:
                yield piece

    async def download_linked_file(
        self, request: pb.DownloadLinkedFileRequest, units: FileUnits
    ) -> AsyncIterator[Content]:
        """Read the file that a link leads to; the link itself is the proof, and names the tenant."""
        link = Link.of(request.token, process_settings().secrets("link_keys"), units.now())
        async with units(link.tenant) as uow:
            head, key = await content_of(link.file_id, uow)
        async with aclosing(download(uow.blobs, key, head, Part.of(request.range, head.size))) as pieces:
            async for piece in pieces:
                yield piece

    async def create_file_link(self, request: pb.CreateFileLinkRequest, uow: ContactUnitOfWork) -> pb.FileLink:
        """Let anyone who gets the link download the file for a while."""
        await content_of(request.id, uow)  # what cannot be read cannot be shared
        lifetime = request.lifetime.ToTimedelta() if request.HasField("lifetime") else DEFAULT
        link = Link.to(uow.tenant, UUID(request.id), lifetime, uow.now)
        answer = pb.FileLink(uri=f"/v1/fileLinks/{link.token(process_settings().secrets('link_keys')[0])}")
        answer.expire_time.FromDatetime(link.expire_time)
        return answer

    async def watch_file(self, request: pb.WatchFileRequest, units: FileUnits) -> AsyncIterator[pb.File]:
        """Tell of a file whenever it has changed, until it is deleted."""
        etag = ""
        while True:
            async with units() as uow:
                file = await self.reader(uow).get(uow, request.id)
            assert isinstance(file, pb.File)
            if file.etag != etag:
                etag = file.etag
                yield file
            if file.HasField("delete_time"):
                return
            await asyncio.sleep(LOOK_AGAIN)


async def keep_content(file: File, upload: Upload, uow: ContactUnitOfWork) -> None:
    """Keep what was uploaded for a new file, unless the tenant has it; and have it scanned where there is a scanner."""
    file.scan_state = FileScanState.UNSCANNED if scanner() is None else FileScanState.PENDING
    if file.scan_state is FileScanState.PENDING:
        await jobs.schedule(uow, SCAN, str(file.id), uow.now)
    if await uow.files.share(file.sha256, file.size, upload.key):
        await upload.keep(uow)


async def scan_file(tick: Tick, uow: ContactUnitOfWork) -> None:
    """The job `SCAN`: the scanner reads the content while no transaction is open."""
    found, clam = await uow.files.read(tick.key), scanner()
    if found is None or found.delete_time is not None or clam is None:
        return
    key = await uow.files.key_of(found.sha256)
    await jobs.lease(tick, uow, LONGEST_SCAN)
    async with uow.outside(), aclosing(uow.blobs.open(key)) as content:
        state = await clam.scan(content)
    await jobs.cancel(uow, tick.kind, tick.key)
    file = await uow.files.find(tick.key)
    if file is not None:
        file.scan_state = state


async def content_of(id: UUID | str, uow: ContactUnitOfWork) -> tuple[Content, str]:  # noqa: A002 - the field's name
    """What a download begins with, and where the content lies.

    Raises:
        NotFound: there is no such file, or none that the caller may see.
        Refused: its content is not given out.
    """
    file = await uow.files.read(id)
    if file is None:
        raise not_found(File, id)
    file.check_readable(unscanned=process_settings().unscanned_downloads)
    head = Content(
        content_type=file.content_type, file_name=file.file_name, size=file.size, etag=f'"{file.sha256[:32]}"'
    )
    return head, await uow.files.key_of(file.sha256)
