"""What can be done with imports."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from google.protobuf.message import Message

from rapport.api.v1.content_pb2 import Content
from rapport.contact.v1 import imports_pb2 as pb
from rapport_contact.domain.import_job import (
    AT_REST,
    BadValues,
    ColumnMapping,
    ImportJob,
    ImportPolicy,
    ImportState,
)
from rapport_contact.files.inspection import Findings, inspect
from rapport_contact.files.recoding import recoded
from rapport_contact.files.records import FileFormat, UnreadableFile
from rapport_contact.handlers.imports.faults import listed_faults, refused_rows
from rapport_contact.handlers.imports.job import FILE_KEPT, FORGET, begin, let_go
from rapport_contact.handlers.imports.sealing import new_seal, seal_of
from rapport_contact.mapping.headers import guess
from rapport_contact.mapping.targets import ImportedResource, known
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit import jobs
from rapport_kit.auth.permissions import reached_teams, require
from rapport_kit.auth.principal import Scope
from rapport_kit.blobs import Blobs
from rapport_kit.contents import Upload, kept
from rapport_kit.crud import Resource
from rapport_kit.domain import uuid7
from rapport_kit.errors import Denied, Invalid
from rapport_kit.units import Units

Turn = Callable[[ImportJob], None]

FIRST_LOOK: Final = 0.05
LAST_LOOK: Final = 0.5
"""Seconds between two looks at a job that is watched: small ones are over at once, large ones take their time."""
_PLURALS: Final = {ImportedResource.PERSON: "people", ImportedResource.ORGANISATION: "organisations"}
_RESOURCES: Final = {0: ImportedResource.PERSON, 1: ImportedResource.PERSON, 2: ImportedResource.ORGANISATION}


class ImportJobs(Resource[ImportJob]):
    """ImportService."""

    serves = pb.DESCRIPTOR.services_by_name["ImportService"]
    entity = ImportJob
    message = pb.ImportJob

    async def upload_import_job(
        self, request: pb.UploadImportJobRequest, upload: Upload, uow: ContactUnitOfWork
    ) -> Message:
        """Find out how the file is to be read, and guess the rest."""
        resource, job_id = _RESOURCES[request.resource], uuid7()
        try:
            found, key = await _readable(upload, uow.blobs, await new_seal(job_id, uow))
        except UnreadableFile as error:
            raise Invalid.field("content", error.reason, error.message) from error
        source = request.source.strip()
        preset, mapping = guess(found.columns, resource, source or "import")
        remembered = await uow.imports.mapping(_signature(resource, found.columns)) if found.columns else None
        if remembered is not None:
            used = {each["column"]: each["target"] for each in remembered if known(each["target"], resource)}
            mapping = used | (_named_by(source, mapping, used) if source else {})
        job = ImportJob(
            id=job_id,
            file_name=request.file_name or "file",
            file_format=found.format,
            file_size=found.size,
            encoding=found.encoding,
            delimiter=found.delimiter,
            columns=list(found.columns),
            resource=resource,
            preset=preset,
            mapping=[ColumnMapping(column, mapping.get(column, "")) for column in found.columns],
            bad_values=BadValues.LEAVE_OUT if found.format is FileFormat.VCARD else BadValues.REFUSE_ROW,
            file_key=key,
            first_byte=found.start,
            read_size=found.start,
        )
        if uow.principal.kind == "user":
            job.owner_id, job.team_id = uow.principal.subject, uow.principal.team_id
        job.settle()
        uow.import_jobs.add(job)
        await kept(uow, key)
        await jobs.schedule(uow, FORGET, str(job.id), uow.now + FILE_KEPT)
        await uow.settle()
        return uow.message(job)

    async def admit(self, entity: ImportJob, uow: Any, changed: Collection[str]) -> None:
        """Only a draft can be changed."""
        if changed:
            entity.check_editable()

    async def validate_import_job(self, request: pb.ValidateImportJobRequest, uow: ContactUnitOfWork) -> Message:
        """Read the whole file and write nothing."""
        return await self._begin(request, uow, lambda one: one.check(founds=_founds(uow)))

    async def start_import_job(self, request: pb.StartImportJobRequest, uow: ContactUnitOfWork) -> Message:
        """Begin to write, as far as the caller may."""
        job = await uow.import_jobs.get(request.id, etag=request.etag)
        plural = _PLURALS[job.resource]
        require(uow.principal, f"contact.{plural}.create")
        scope = Scope.OWN
        if job.policy is not ImportPolicy.SKIP:
            scope = require(uow.principal, f"contact.{plural}.update")
        if uow.principal.kind != "user" and scope is not Scope.ALL and job.policy is not ImportPolicy.SKIP:
            raise Denied("IMPORT_SCOPE", "this needs a permission to change all records of the kind")
        if job.columns:
            used = [{"column": each.column, "target": each.target} for each in job.mapping]
            await uow.imports.remember_mapping(_signature(job.resource, job.columns), used)
        reach, found = sorted(reached_teams(uow.principal, scope)), _founds(uow)
        return await self._begin(request, uow, lambda one: one.start(uow.now, scope.value, reach, founds=found))

    async def pause_import_job(self, request: pb.PauseImportJobRequest, uow: ContactUnitOfWork) -> Message:
        """Stop after the slice at hand."""
        return await self._turn(request, uow, ImportJob.pause)

    async def cancel_import_job(self, request: pb.CancelImportJobRequest, uow: ContactUnitOfWork) -> Message:
        """Stop after the slice at hand, for good."""
        return await self._turn(request, uow, lambda job: job.cancel(uow.now))

    async def resume_import_job(self, request: pb.ResumeImportJobRequest, uow: ContactUnitOfWork) -> Message:
        """Go on behind the last slice."""
        return await self._turn(request, uow, ImportJob.resume, goes_on=True)

    async def undo_import_job(self, request: pb.UndoImportJobRequest, uow: ContactUnitOfWork) -> Message:
        """Begin to take back."""
        return await self._turn(request, uow, ImportJob.undo, goes_on=True)

    async def watch_import_job(
        self, request: pb.WatchImportJobRequest, units: Units[ContactUnitOfWork]
    ) -> AsyncIterator[Message]:
        """The job whenever it has come further, until it rests."""
        last, look = None, FIRST_LOOK
        while True:
            async with units() as uow:
                job: Any = await self.reader(uow).get(uow, request.id)
            if job != last:
                yield job
                last = job
            if pb.ImportState.Name(job.state).removeprefix("IMPORT_STATE_").lower() in _RESTING:
                return
            await asyncio.sleep(look)
            look = min(look * 1.5, LAST_LOOK)

    async def list_import_faults(
        self, request: pb.ListImportFaultsRequest, uow: ContactUnitOfWork
    ) -> pb.ListImportFaultsResponse:
        """What is wrong with rows, in their order."""
        await self.reader(uow).get(uow, request.id)
        return await listed_faults(UUID(request.id), request, uow)

    async def download_import_faults(
        self, request: pb.DownloadImportFaultsRequest, units: Units[ContactUnitOfWork]
    ) -> AsyncIterator[Content]:
        """The refused rows as CSV."""
        async with units() as uow:
            job = await uow.import_jobs.get(request.id)
            sealed = await seal_of(job, uow)
        async with aclosing(refused_rows(job, sealed, units)) as pieces:
            async for piece in pieces:
                yield piece

    async def _begin(self, request: Any, uow: ContactUnitOfWork, turn: Turn) -> Message:
        """Read the file from its beginning."""
        answer = await self._turn(request, uow, turn, goes_on=True)
        await uow.imports.forget_faults(UUID(request.id))
        return answer

    async def _turn(self, request: Any, uow: ContactUnitOfWork, turn: Turn, *, goes_on: bool = False) -> Message:
        """Bring a job to another state; one that goes on does its next slice as soon as that is committed."""
        job = await uow.import_jobs.get(request.id, etag=request.etag)
        turn(job)
        if goes_on:
            await begin(job, uow)
        elif job.state is ImportState.CANCELLED:
            await let_go(job, uow)
        await uow.settle()
        return uow.message(job)


def _founds(uow: ContactUnitOfWork) -> bool:
    """Whether the caller may make the organisations that people of the file work for."""
    return uow.principal.scope("contact.organisations.create") is not None


_RESTING: Final = {state.value for state in AT_REST}


async def _readable(upload: Upload, blobs: Blobs, sealed: Blobs) -> tuple[Findings, str]:
    """What the file is, and the key of a sealed text that says the same: its own, unless it has to be written anew."""
    found, key = await _inspected(upload.key, blobs), await upload.further()
    async with aclosing(blobs.open(upload.key)) as content:
        if not found.needs_recoding:
            await sealed.put(key, content)
            return found, key
        await sealed.put(key, recoded(content, found))
    again = await _inspected(key, sealed)
    return replace(again, format=found.format), key


async def _inspected(key: str, blobs: Blobs) -> Findings:
    async with aclosing(blobs.open(key)) as content:
        return await inspect(content)


def _named_by(source: str, guessed: Mapping[str, str], used: Mapping[str, str]) -> dict[str, str]:
    """Ids are those of the source that is named now, not of the one whose file had the same columns before."""
    target = f"external_id[{source}]"
    return {
        column: target
        for column, path in guessed.items()
        if path == target and target not in used.values() and used.get(column, "").startswith("external_id[")
    }


def _signature(resource: ImportedResource, columns: Collection[str]) -> str:
    """What files with the same columns have in common."""
    return hashlib.sha256("\0".join((resource.value, *columns)).encode()).hexdigest()
