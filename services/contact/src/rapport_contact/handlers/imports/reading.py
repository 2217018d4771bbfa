"""The rows of a file, read and made what they would be: those of the next slice while this one is being written.

All of this follows from the file and from how its job has it read; what the database has to say comes later. A slice
that was read ahead is one that would be read just so: whoever began it, and whatever became of the one before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from rapport_contact.domain.import_job import ImportJob
from rapport_contact.domain.record import ContactRecord
from rapport_contact.files.inspection import Findings, records
from rapport_contact.files.records import FileFormat, Record
from rapport_contact.handlers.admission import is_read_in_region
from rapport_contact.handlers.imports.matching import NEW, Decision
from rapport_contact.handlers.organisations import Organisations
from rapport_contact.handlers.people import People
from rapport_contact.mapping.draft import Draft
from rapport_contact.mapping.rows import Mapper
from rapport_contact.mapping.targets import ImportedResource
from rapport_kit.blobs import Blobs
from rapport_kit.crud import Resource
from rapport_kit.errors import DomainError
from rapport_kit.remembered import Remembered
from rapport_kit.turns import called_often, turn

SLICE: Final = 500
"""Rows that are written at a time."""
SLICE_BESIDE_CALLS: Final = 25
"""The same while many people call, who wait for the statement that writes them and for its commit (ADR 17)."""
LONGEST_SLICE: Final = 8 * 1024 * 1024
"""Bytes of a file that are, but for the row that is the last: so much is held twice, since the next rows are read."""
SECONDS_AHEAD: Final = 15.0
"""For so long rows that were read ahead are kept for a job that does not go on."""
MOST_AHEAD: Final = 4
"""Slices that a process reads ahead, each of a job of its own."""
RESOURCES: Final[Mapping[ImportedResource, Resource[Any]]] = {
    ImportedResource.PERSON: People(),
    ImportedResource.ORGANISATION: Organisations(),
}


@dataclass(slots=True)
class Row:
    """A row on its way: its draft, the record that it would be, or why there is none, and what is to become of it."""

    record: Record
    draft: Draft = field(default_factory=lambda: Draft(None))
    made: ContactRecord | DomainError | None = None
    decision: Decision = NEW

    @property
    def entity(self) -> ContactRecord:
        """The record that the row would be, of a row that was let in."""
        assert isinstance(self.made, ContactRecord)
        return self.made


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a file, one after the other, and whether they are its last."""

    rows: list[Row]
    last: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a job is in its file, and in which of its versions; nothing else says how the rows from there are read."""

    version: int
    region: str
    start: int
    number: int


class Reading:
    """How the file of a job is read."""

    def __init__(self, job: ImportJob, region: str) -> None:
        """`region` is the country in which national phone numbers are read."""
        self._found = findings(job)
        self._key = job.file_key
        self._region = region
        self._resource = RESOURCES[job.resource].resource
        self._mapper = Mapper(job.resource, {each.column: each.target for each in job.mapping}, job.date_order)
        self._named = job.file_format is FileFormat.VCARD

    def row(self, record: Record) -> Row:
        """What a record of the file would be."""
        if record.fault is not None:
            return Row(record)
        row = Row(record, self._mapper.draft(record.cells, named=self._named))
        self.make(row)
        return row

    def make(self, row: Row) -> None:
        """Make anew what a row would be, from its draft."""
        message = row.draft.message
        context = {"default_region": self._region} if is_read_in_region(message.channels) else {}
        try:
            row.made = self._resource.codec.from_message(message, self._resource.field, **context)
        except DomainError as refusal:
            row.made = refusal

    async def rows(self, blobs: Blobs, start: int, number: int) -> Rows:
        """The rows of a slice that begins with row `number`, at the byte `start`."""
        rows: list[Row] = []
        size = slice_size(number)
        async with aclosing(blobs.open(self._key, start)) as pieces:
            async for record in records(self._found, pieces, start, number):
                rows.append(self.row(record))
                if len(rows) == size or record.end - start > LONGEST_SLICE:
                    return Rows(rows, last=False)
                await turn()
        return Rows(rows, last=True)


def slice_size(done: int) -> int:
    """Rows that the next slice is to have of a job that is through with so many; the first ones are small.

    When it begins nobody knows yet who will call beside it.
    """
    return SLICE_BESIDE_CALLS if called_often() else min(SLICE, SLICE_BESIDE_CALLS + done)


def findings(job: ImportJob) -> Findings:
    """How the file of a job is to be read."""
    start, columns = job.first_byte, tuple(job.columns)
    return Findings(job.file_format, job.encoding, job.file_size, 0, job.delimiter, columns, start)


_ahead: Final[Remembered[UUID, tuple[Place, asyncio.Task[Rows]]]] = Remembered(SECONDS_AHEAD, MOST_AHEAD)


async def next_rows(job: ImportJob, reading: Reading, region: str, blobs: Blobs) -> Rows:
    """The rows from where a job is on, which may have been read already."""
    found = _ahead.get(job.id)
    _ahead.drop(job.id)
    if found is not None and found[0] == Place(job.version, region, job.read_size, job.next_row):
        return await found[1]
    return await reading.rows(blobs, job.read_size, job.next_row)


def forget_ahead(job_id: UUID) -> None:
    """Nobody will ask for the next rows of a job."""
    _ahead.drop(job_id)


def read_ahead(job: ImportJob, reading: Reading, region: str, rows: Rows, blobs: Blobs) -> None:
    """Begin with the rows behind `rows`; the file is not missed before somebody asks for them.

    Not while many people call: the processor that the server leaves free while it writes is for them then.
    """
    if rows.last or called_often() or _ahead.get(job.id) is not None:
        return
    end = rows.rows[-1].record
    place = Place(job.version, region, end.end, end.number + 1)
    task = asyncio.create_task(reading.rows(blobs, place.start, place.number))
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    _ahead.put(job.id, (place, task))
