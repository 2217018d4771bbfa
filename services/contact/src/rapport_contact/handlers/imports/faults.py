"""What is wrong with the rows of a file: as a list, and as a file that can be put right and imported again."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import aclosing
from typing import Any, Final
from uuid import UUID

from rapport.api.v1.content_pb2 import Content
from rapport.contact.v1 import imports_pb2 as pb
from rapport_contact.domain.import_job import ImportJob
from rapport_contact.files.inspection import records
from rapport_contact.files.neutral import neutral
from rapport_contact.files.records import FileFormat, Record
from rapport_contact.handlers.imports.reading import findings
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.blobs import Blobs, Missing
from rapport_kit.contents import UNKNOWN_SIZE
from rapport_kit.paging import Paging
from rapport_kit.units import Units

PAGE: Final = 1_000
FIRST: Final = (0, 0)
"""Before the first row and place."""
_SAID: Final = ("row", "column", "reason", "message")


async def listed_faults(
    job_id: UUID, request: pb.ListImportFaultsRequest, uow: ContactUnitOfWork
) -> pb.ListImportFaultsResponse:
    """A page of them."""
    paging = Paging(request, uow)
    rows = await uow.imports.faults(job_id, paging.start or FIRST, paging.limit)
    shown, token = paging.page(rows, "row", "place")
    faults = [
        pb.ImportFault(row=row.row, column=row.column, reason=row.reason, message=row.message, notice=row.notice)
        for row in shown
    ]
    return pb.ListImportFaultsResponse(faults=faults, next_page_token=token)


async def refused_rows(job: ImportJob, blobs: Blobs | None, units: Units[ContactUnitOfWork]) -> AsyncGenerator[Content]:
    """One line for each fault, with the cells of its row as far as the file is still there and could be read."""
    columns = list(job.columns)
    header = _line([*_SAID, *columns])
    yield Content(content_type="text/csv; charset=utf-8", file_name="refused.csv", size=UNKNOWN_SIZE, data=header)
    async with aclosing(_rows(job, blobs)) as rows:
        record: Record | None = None
        gone = False
        async for fault in _faults(job, units):
            while not gone and (record is None or record.number < fault.row):
                record = await anext(rows, None)
                gone = record is None
            cells = record.cells if record is not None and record.number == fault.row else {}
            said = [str(fault.row), fault.column, fault.reason, fault.message]
            yield Content(data=_line([*said, *(cells.get(column, "") for column in columns)]))


async def _faults(job: ImportJob, units: Units[ContactUnitOfWork]) -> AsyncIterator[Any]:
    after, more = FIRST, True
    while more:
        async with units() as uow:
            page = await uow.imports.faults(job.id, after, PAGE, notices=False)
        for fault in page:
            yield fault
            after = (fault.row, fault.place)
        more = len(page) == PAGE


async def _rows(job: ImportJob, blobs: Blobs | None) -> AsyncGenerator[Record]:
    """The records of the job's file from the first on; none when it is gone."""
    if blobs is None:
        return
    first = 1 if job.file_format is FileFormat.VCARD else 2
    try:
        async with aclosing(blobs.open(job.file_key, job.first_byte)) as pieces:
            async for record in records(findings(job), pieces, job.first_byte, first):
                yield record
    except Missing:
        return


def _line(cells: Iterable[str]) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerow([neutral(cell) for cell in cells])
    return written.getvalue().encode()
