"""What `rapport import` does with one file: upload, map, start, watch, tell."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from google.protobuf.field_mask_pb2 import FieldMask
from rich.console import Console

from rapport.contact.v1 import imports_pb2 as pb
from rapport_kit.domain import uuid7
from rapport_kit.door.connection import Connection
from rapport_kit.door.output import share
from rapport_kit.door.uploads import pieces
from rapport_kit.errors import Invalid, Refused, TooLate, Unavailable
from rapport_kit.rpc.client import Client

FAULTS_SHOWN: Final = 10
_SERVICE: Final = pb.DESCRIPTOR.services_by_name["ImportService"]
_RESOURCES: Final = {"people": pb.IMPORTED_RESOURCE_PERSON, "organisations": pb.IMPORTED_RESOURCE_ORGANISATION}
_AT_WORK: Final = (pb.IMPORT_STATE_CHECKING, pb.IMPORT_STATE_RUNNING)


@dataclass(frozen=True)
class Wish:
    """How a file is to be imported; `targets` by column go before what is guessed."""

    resource: str
    targets: Mapping[str, str]
    policy: str
    source: str
    leave_out: bool
    dry_run: bool


async def bring_in(file: Path, wish: Wish) -> bool:
    """Import one file and print what became of it; false when it, or a row, was refused or the job failed."""
    connection = Connection()
    try:
        job = await _begun(connection, file, wish)
    except (Invalid, Refused) as refusal:
        Console(stderr=True, soft_wrap=True).print(f"{file.name}: {refusal}", markup=False, highlight=False)
        return False
    with share(file.name, job.file_size) as move:
        while job.state in _AT_WORK:
            job = await _watched(connection, job, move)
    await _tell(connection, file, job)
    return job.refused_count == 0 and not job.failure


async def _begun(connection: Connection, file: Path, wish: Wish) -> Any:
    """The job of an uploaded file, on its way."""
    async with await _client(connection) as client:
        job = await client.upload_import_job(_pieces(file, wish))
        job = await _configured(client, job, wish)
        if wish.dry_run:
            return await client.validate_import_job(pb.ValidateImportJobRequest(id=job.id, request_id=str(uuid7())))
        return await client.start_import_job(pb.StartImportJobRequest(id=job.id, request_id=str(uuid7())))


async def _client(connection: Connection) -> AbstractAsyncContextManager[Client]:
    return connection.client(_SERVICE, await connection.access_token())


async def _pieces(file: Path, wish: Wish) -> AsyncIterator[pb.UploadImportJobRequest]:
    request = pb.UploadImportJobRequest(
        file_name=file.name, resource=_RESOURCES[wish.resource], source=wish.source, request_id=str(uuid7())
    )
    with file.open("rb") as content:
        async for piece in pieces(request, content):
            yield piece


async def _configured(client: Client, job: Any, wish: Wish) -> Any:
    """The job with what the caller wants otherwise; a target that is asked for is taken from the guess."""
    wanted = pb.ImportJob(id=job.id, policy=f"IMPORT_POLICY_{wish.policy}", etag=job.etag)
    paths = ["policy"]
    if wish.leave_out:
        wanted.bad_values = pb.BAD_VALUES_LEAVE_OUT
        paths.append("bad_values")
    if wish.targets:
        taken = set(wish.targets.values())
        mapping = {each.column: each.target if each.target not in taken else "" for each in job.mapping}
        mapping |= wish.targets
        wanted.mapping.extend(pb.ColumnMapping(column=column, target=target) for column, target in mapping.items())
        paths.append("mapping")
    return await client.update_import_job(
        pb.UpdateImportJobRequest(import_job=wanted, update_mask=FieldMask(paths=paths), request_id=str(uuid7()))
    )


async def _watched(connection: Connection, job: Any, move: Any) -> Any:
    """The job when it rests, or when the stream ended: with a token of its own, since an import may outlive one."""
    async with await _client(connection) as client:
        try:
            async for state in client.watch_import_job(pb.WatchImportJobRequest(id=job.id)):
                job = state
                move(job.read_size, f"{job.row_count:,} rows")
        except (TooLate, Unavailable):  # that ended the stream, not the import
            job = await client.get_import_job(pb.GetImportJobRequest(id=job.id))
    return job


async def _tell(connection: Connection, file: Path, job: Any) -> None:
    names = ("created", "changed", "skipped", "refused")
    counts = ", ".join(f"{getattr(job, f'{name}_count'):,} {name}" for name in names)
    dry = "would be: " if job.state == pb.IMPORT_STATE_DRAFT else ""
    Console(soft_wrap=True).print(
        f"{file.name}: {job.row_count:,} rows, {dry}{counts} (importJobs/{job.id})", markup=False, highlight=False
    )
    said = Console(stderr=True, soft_wrap=True)
    if job.failure:
        said.print(f"the job failed: {job.failure}", markup=False)
    if not job.refused_count:
        return
    async with await _client(connection) as client:
        request = pb.ListImportFaultsRequest(id=job.id, page_size=1_000)
        faults = [each for each in (await client.list_import_faults(request)).faults if not each.notice]
    for each in faults[:FAULTS_SHOWN]:
        said.print(f"  row {each.row} {each.column} {each.reason}: {each.message}", markup=False, highlight=False)
    if job.refused_count > FAULTS_SHOWN:
        said.print("  … all of them: GET /v1/importJobs/{id}:downloadFaults", markup=False, highlight=False)
