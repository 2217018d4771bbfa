"""The job behind an import: slice after slice, each with its progress in one transaction.

A kill between two slices loses nothing, and one within a slice leaves no trace of it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from rapport_contact.domain.import_job import AT_WORK, ImportJob, ImportState
from rapport_contact.handlers.imports.reading import Reading, forget_ahead, next_rows, read_ahead
from rapport_contact.handlers.imports.rows import bring_in
from rapport_contact.handlers.imports.sealing import forget_file, seal_of
from rapport_contact.handlers.imports.undo import undo_slice
from rapport_contact.handlers.on_behalf import act_for
from rapport_contact.storage.lookups import plan_once
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit import jobs
from rapport_kit.blobs import Missing
from rapport_kit.jobs import Tick

WORK: Final = "contact.import"
FORGET: Final = "contact.import.forget"
GROWN: Final = 5_000
"""Rows after which tables are no more as small as they may have been at the beginning."""
FILE_KEPT: Final = timedelta(days=30)
"""How long a file stays behind its import, so that refused rows can be had from it."""


async def work(tick: Tick, uow: ContactUnitOfWork) -> None:
    """Do the next slice of a job, unless it was paused or cancelled meanwhile."""
    job = await uow.import_jobs.find(tick.key)
    if job is None or job.state not in AT_WORK:
        forget_ahead(UUID(tick.key))
        return
    act_for(job.owner_id, job.id, tick, uow)
    await plan_once(uow.connection, anew=job.row_count < GROWN)
    done = await (undo_slice(job, uow) if job.state is ImportState.UNDOING else _read_slice(job, uow))
    if not done:
        await jobs.schedule(uow, WORK, tick.key, uow.now)
    elif job.state is not ImportState.DRAFT:
        await let_go(job, uow)


async def let_go(job: ImportJob, uow: ContactUnitOfWork) -> None:
    """Have the file of a job that ended deleted in time; at once when it is of no use any more.

    Or when somebody was erased meanwhile, who may be in it.
    """
    assert job.create_time is not None, "it was stored"
    kept = job.needs_file and not await uow.erasures.any_since(job.create_time)
    await jobs.schedule(uow, FORGET, str(job.id), uow.now + FILE_KEPT if kept else uow.now)


async def forget(tick: Tick, uow: ContactUnitOfWork) -> None:
    """Delete the file of a job that needs it no more, or ended long ago; its faults stay, without the cells."""
    job = await uow.import_jobs.find(tick.key)
    if job is not None:
        await forget_file(job, uow)


async def _read_slice(job: ImportJob, uow: ContactUnitOfWork) -> bool:
    """Read and write the next rows; true at the end of the file."""
    region = await uow.profile.region()
    reading, sealed = Reading(job, region), await seal_of(job, uow)
    try:
        if sealed is None:
            raise Missing(job.file_key)
        found = await next_rows(job, reading, region, sealed)
    except Missing:
        job.fail("FILE_GONE", uow.now)
        return True
    counts = await bring_in(job, reading, found.rows, uow, lambda: read_ahead(job, reading, region, found, sealed))
    if found.rows:
        last = found.rows[-1].record
        counts |= {"read_size": last.end, "next_row": last.number + 1}
    if not found.last:
        await uow.imports.progress(job.id, counts)
        return False
    for name, count in (counts | {"read_size": job.file_size}).items():
        setattr(job, name, count)
    if job.dry:
        job.checked()
    else:
        job.complete(uow.now)
    return True


async def begin(job: ImportJob, uow: ContactUnitOfWork) -> None:
    """Have the next slice done as soon as this transaction has committed."""
    await jobs.schedule(uow, WORK, str(job.id), uow.now)
