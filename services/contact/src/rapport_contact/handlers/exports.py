"""What can be exported: pages as lists have them, written as a file while they are read (PLT-15)."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, closing
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from google.protobuf.message import Message

from rapport.api.v1.content_pb2 import Content
from rapport.contact.v1 import events_pb2, organisations_pb2, people_pb2
from rapport.contact.v1 import exports_pb2 as pb
from rapport_contact.files.records import FileFormat
from rapport_contact.files.writers import CONTENT_TYPES, EXTENSIONS, Writer, writer_of
from rapport_contact.handlers.organisations import Organisations
from rapport_contact.handlers.people import People
from rapport_contact.mapping.cells import Cells
from rapport_contact.mapping.columns import checked_columns, default_columns
from rapport_contact.mapping.targets import ImportedResource
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.auth.permissions import record_scope, require
from rapport_kit.contents import UNKNOWN_SIZE, cut
from rapport_kit.crud import Resource
from rapport_kit.domain import uuid7
from rapport_kit.errors import Invalid
from rapport_kit.turns import turn
from rapport_kit.units import Units

ROWS: Final = 500
"""Records that are held at a time."""
EXPORT: Final = "contact.rapport/Export"
"""What the facts of an export are about; nothing is kept of one but these."""
_FORMATS: Final = {0: FileFormat.CSV, 1: FileFormat.CSV, 2: FileFormat.XLSX, 3: FileFormat.VCARD, 4: FileFormat.PARQUET}
ContactUnits = Units[ContactUnitOfWork]


@dataclass(frozen=True)
class Exported:
    """How one kind of records is exported."""

    kind: ImportedResource
    resource: Resource[Any]
    lists: Any
    """The request of a list."""
    ended: Any
    """The fact that tells of the end of an export."""


_PEOPLE: Final = Exported(ImportedResource.PERSON, People(), people_pb2.ListPeopleRequest, events_pb2.PeopleExported)
_ORGANISATIONS: Final = Exported(
    ImportedResource.ORGANISATION,
    Organisations(),
    organisations_pb2.ListOrganisationsRequest,
    events_pb2.OrganisationsExported,
)


class Exports:
    """ExportService."""

    serves = pb.DESCRIPTOR.services_by_name["ExportService"]

    async def export_people(self, request: pb.ExportPeopleRequest, units: ContactUnits) -> AsyncIterator[Content]:
        """People as a file."""
        async with aclosing(Export(_PEOPLE, request, units).pieces()) as pieces:
            async for piece in pieces:
                yield piece

    async def export_organisations(
        self, request: pb.ExportOrganisationsRequest, units: ContactUnits
    ) -> AsyncIterator[Content]:
        """Organisations as a file."""
        async with aclosing(Export(_ORGANISATIONS, request, units).pieces()) as pieces:
            async for piece in pieces:
                yield piece


class Export:
    """One export, from its first page to the fact that tells of its end."""

    def __init__(self, what: Exported, request: Any, units: ContactUnits) -> None:
        self._what = what
        self._request = request
        self._units = units
        self._format = _format(request, what.kind)
        self._columns = tuple(request.columns) or default_columns(what.kind, self._format)
        self._cells = Cells(what.kind, checked_columns(self._columns, what.kind))
        self._named = "organisation" in self._columns
        self._id = uuid7()
        self._count = 0

    async def pieces(self) -> AsyncGenerator[Content]:
        """The file. What is wrong with the request is said before its first piece; a record is at one place in it."""
        async with self._units() as uow:
            rows, token = await self._page(uow, "")
            begun = events_pb2.ExportBegun(
                export_id=str(self._id),
                resource=f"IMPORTED_RESOURCE_{self._what.kind.name}",
                file_format=self._file_format,
                columns=self._columns,
            )
            await uow.publish(EXPORT, self._id, begun)
        complete = False
        try:
            yield self._head()
            with closing(writer_of(self._format, self._columns)) as writer:
                for piece in cut(writer.begin()):
                    yield piece
                while rows:
                    data = await self._written(writer, rows)
                    self._count += len(rows)
                    rows = []
                    for piece in cut(data):
                        yield piece
                    if token:
                        async with self._units() as uow:
                            rows, token = await self._page(uow, token)
                for piece in cut(writer.end()):
                    yield piece
            complete = True
        finally:  # also for whoever went away, and when time is up: how many were given out until then
            async with self._units.last() as uow:
                ended = self._what.ended(
                    export_id=str(self._id), file_format=self._file_format, row_count=self._count, complete=complete
                )
                await uow.publish(EXPORT, uuid7(), ended)

    @property
    def _file_format(self) -> str:
        return f"FILE_FORMAT_{self._format.name}"

    def _head(self) -> Content:
        plural = self._what.resource.resource.plural
        return Content(
            content_type=CONTENT_TYPES[self._format],
            file_name=f"{plural}.{EXTENSIONS.get(self._format, self._format.value)}",
            size=UNKNOWN_SIZE,
        )

    async def _page(self, uow: ContactUnitOfWork, token: str) -> tuple[list[tuple[Message, str]], str]:
        """The next records, as a list shows them to this caller, with the names of organisations; and what is next."""
        resource = self._what.resource
        listed = require(uow.principal, f"contact.{resource.resource.plural_field}.list")
        within = record_scope(uow.principal, listed, uow.schema.table(resource.entity))
        asked = self._what.lists(
            page_size=ROWS, page_token=token, filter=self._request.filter, order_by=self._request.order_by
        )
        narrowed = [] if within is None else [within]
        page = await resource.reader(uow).list(uow, asked, Exports.serves.full_name, *narrowed)
        if not self._named:
            return [(item, "") for item in page.items], page.next_page_token
        works_for = [getattr(item, "organisation_id", "") for item in page.items]
        names = await uow.customers.organisation_names({UUID(each) for each in works_for if each})
        pairs = zip(page.items, works_for, strict=True)
        return [(item, names.get(UUID(each), "") if each else "") for item, each in pairs], page.next_page_token

    async def _written(self, writer: Writer, rows: Sequence[tuple[Message, str]]) -> bytes:
        cells = []
        for message, organisation in rows:
            cells.append(self._cells.row(message, organisation))
            await turn()
        return writer.rows(cells)


def _format(request: Any, kind: ImportedResource) -> FileFormat:
    wanted = _FORMATS[request.file_format]
    if wanted is FileFormat.VCARD and kind is not ImportedResource.PERSON:
        raise Invalid.field("file_format", "NOT_FOR_ORGANISATIONS", "vCards are of people")
    return wanted
