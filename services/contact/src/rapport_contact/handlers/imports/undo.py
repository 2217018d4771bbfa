"""Takes back what a job wrote, slice by slice: from the trail that it left, and from the records' own history."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final
from uuid import UUID

from rapport_contact.domain.import_job import ImportJob
from rapport_contact.domain.record import ContactRecord
from rapport_contact.handlers.imports.reading import slice_size
from rapport_contact.handlers.organisations import Organisations
from rapport_contact.handlers.people import People
from rapport_contact.handlers.together import together
from rapport_contact.mapping.targets import ImportedResource
from rapport_contact.storage.imports import FAULTS
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.crud import Resource
from rapport_kit.errors import DomainError
from rapport_kit.revisions import states_at

PLACES: Final = {ImportedResource.PERSON: 1_000, ImportedResource.ORGANISATION: 1_001}
"""Where among the faults of a row stands what became of its records in an undo: it made or changed one of a kind."""
_LEFT: Final = "was edited since, or is needed, and stays"


async def undo_slice(job: ImportJob, uow: ContactUnitOfWork) -> bool:
    """Take the next records back; true when none is left."""
    size = slice_size(job.undone_count + job.left_count)
    written = await uow.imports.written(job.id, size)
    undone = left = 0
    for resource in ImportedResource:
        mine = [row for row in written if row.resource == resource.value]
        if not mine:
            continue
        back = set().union(*await together(mine, partial(_take_back, resource, uow=uow), _stays, uow))
        undone, left = undone + len(back), left + len(mine) - len(back)
        _tell_left(job, PLACES[resource], [row for row in mine if row.record_id not in back], uow)
    await uow.imports.forget_written(job.id, [row.record_id for row in written])
    counts = {"undone_count": job.undone_count + undone, "left_count": job.left_count + left}
    if len(written) == size:
        await uow.imports.progress(job.id, counts)
        return False
    job.undone_count, job.left_count = counts["undone_count"], counts["left_count"]
    job.undone(uow.now)
    return True


def _stays(row: Any, refusal: DomainError) -> set[UUID]:
    """What cannot be taken back, such as a name that somebody else has by now, is left."""
    return set()


async def _take_back(resource: ImportedResource, rows: Sequence[Any], uow: ContactUnitOfWork) -> set[UUID]:
    """Those of the records that are as the job left them, and are now as they were before."""
    handler: Resource[Any] = People() if resource is ImportedResource.PERSON else Organisations()
    found = await handler.repository(uow).find_many([row.record_id for row in rows])
    same = [row for row in rows if (record := found.get(row.record_id)) and _is_as_left(record, row)]
    if resource is ImportedResource.ORGANISATION:
        employers = await uow.imports.employers([row.record_id for row in same if not row.before])
        same = [row for row in same if row.record_id not in employers]
    states = await states_at(handler.resource, {row.record_id: row.before for row in same if row.before}, uow)
    back = set[UUID]()
    for row in same:
        record = found[row.record_id]
        if not row.before:
            await handler.release(record, uow)
            _remove(record, uow)
        elif row.record_id in states:
            state = states[row.record_id]
            context = await handler.context(state, uow)
            changed = handler.resource.codec.apply(state, record, ["*"], handler.resource.field, **context)
            await handler.admit(record, uow, changed)
        else:
            continue
        back.add(row.record_id)
    return back


def _is_as_left(record: ContactRecord, row: Any) -> bool:
    """Whether nothing was done to a record since; another one answers for a record that was merged into it."""
    return bool(record.id == row.record_id and record.version == row.version)


def _remove(record: ContactRecord, uow: ContactUnitOfWork) -> None:
    """To the trash, and its names in other systems are free again: the same file may come once more."""
    record.delete_time = uow.now
    record.external_ids = []


def _tell_left(job: ImportJob, place: int, rows: Sequence[Any], uow: ContactUnitOfWork) -> None:
    for row in rows:
        said = {"column": "", "reason": "LEFT", "message": _LEFT, "notice": True}
        key = {"tenant": uow.tenant, "import_job_id": job.id, "row": row.row, "place": place}
        uow.waiting.add(FAULTS, key | said)
