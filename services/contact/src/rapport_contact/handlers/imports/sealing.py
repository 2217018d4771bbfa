"""The file of an import as it lies in the blob store: sealed with a key of its own, kept as those of people are.

So nothing that is stored of a file can be read without the database, and destroying the key does away with its copies.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from rapport_contact.crypto.sealed_blobs import SealedBlobs
from rapport_contact.domain.import_job import ImportJob
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.blobs import Blobs
from rapport_kit.contents import discard


async def new_seal(job_id: UUID, uow: ContactUnitOfWork) -> Blobs:
    """The store as the file of a job that is being made is put into it."""
    keys = await uow.subject_keys.make(uow, [job_id])
    return SealedBlobs(uow.blobs, keys[job_id])


async def seal_of(job: ImportJob, uow: ContactUnitOfWork) -> Blobs | None:
    """The store as the file of a job is read from it; None when the file was forgotten."""
    keys = await uow.subject_keys.find(uow, [job.id])
    return SealedBlobs(uow.blobs, keys[job.id]) if job.id in keys else None


async def forget_file(job: ImportJob, uow: ContactUnitOfWork) -> None:
    """Destroy the key of a job's file, and have what it sealed deleted."""
    if job.file_key:
        await _destroy(job.id, job.file_key, uow)
        job.file_key = ""


async def forget_files_of(people: Collection[UUID], uow: ContactUnitOfWork) -> None:
    """Forget each file that only its refused rows are read from any more, and in which these people may be."""
    for job_id, file_key in await uow.imports.give_up_files(people):
        await _destroy(job_id, file_key, uow)


async def _destroy(job_id: UUID, file_key: str, uow: ContactUnitOfWork) -> None:
    await uow.erasures.shred_key(job_id)
    await discard(uow, file_key)
