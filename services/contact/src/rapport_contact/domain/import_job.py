"""The import of one file: how it is read, what it is mapped to, and where it stands."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from rapport.contact.v1.events_pb2 import ImportCompleted
from rapport_contact.files.records import FileFormat
from rapport_contact.mapping.targets import ImportedResource, parse
from rapport_contact.mapping.values import DateOrder
from rapport_kit.domain import Entity, OwnedByUser
from rapport_kit.errors import Invalid, Refused


class ImportState(StrEnum):
    """Where a job stands."""

    DRAFT = "draft"
    CHECKING = "checking"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"


class ImportPolicy(StrEnum):
    """What happens to a row that matches a record."""

    SKIP = "skip"
    FILL_BLANKS = "fill_blanks"
    OVERWRITE = "overwrite"
    LINK_BY_EXTERNAL_ID = "link_by_external_id"


class BadValues(StrEnum):
    """What happens to a row with a value that is none of its kind."""

    REFUSE_ROW = "refuse_row"
    LEAVE_OUT = "leave_out"


AT_WORK = frozenset({ImportState.CHECKING, ImportState.RUNNING, ImportState.UNDOING})
AT_REST = frozenset(ImportState) - AT_WORK
_FINAL = frozenset({ImportState.COMPLETED, ImportState.CANCELLED, ImportState.FAILED})


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """What a column is imported as; an empty target means not at all."""

    column: str
    target: str = ""


@dataclass(kw_only=True, eq=False)
class ImportJob(OwnedByUser, Entity):
    """One file, and what is to become of it. Progress is counted beside the aggregate: it is no fact of its own."""

    file_name: str = ""
    file_format: FileFormat = FileFormat.CSV
    file_size: int = 0
    encoding: str = ""
    delimiter: str = ""
    columns: list[str] = field(default_factory=list)
    resource: ImportedResource = ImportedResource.PERSON
    preset: str = ""
    mapping: list[ColumnMapping] = field(default_factory=list)
    policy: ImportPolicy = ImportPolicy.SKIP
    bad_values: BadValues = BadValues.REFUSE_ROW
    date_order: DateOrder = DateOrder.DMY
    state: ImportState = ImportState.DRAFT
    failure: str = ""
    read_size: int = 0
    row_count: int = 0
    created_count: int = 0
    changed_count: int = 0
    skipped_count: int = 0
    refused_count: int = 0
    undone_count: int = 0
    left_count: int = 0
    start_time: datetime | None = None
    end_time: datetime | None = None
    file_key: str = field(default="", metadata={"hidden": True})
    first_byte: int = field(default=0, metadata={"hidden": True})
    next_row: int = field(default=1, metadata={"hidden": True})
    update_scope: str = field(default="", metadata={"hidden": True})
    founds_organisations: bool = field(default=False, metadata={"hidden": True})
    reached_teams: list[UUID] = field(default_factory=list, metadata={"hidden": True})

    def settle(self) -> None:
        """Check the mapping.

        Raises:
            Invalid: a column is none of the file, is mapped twice, or a target is none, or has two columns.
        """
        columns, targets = set(self.columns), Counter(each.target for each in self.mapping)
        seen: set[str] = set()
        for index, each in enumerate(self.mapping):
            place = f"mapping[{index}]"
            if (columns and each.column not in columns) or each.column in seen:
                raise Invalid.field(f"{place}.column", "UNKNOWN_COLUMN", "is no column of the file, or mapped twice")
            seen.add(each.column)
            if not each.target:
                continue
            if targets[each.target] > 1:
                raise Invalid.field(f"{place}.target", "DUPLICATE", "has more than one column")
            try:
                parse(each.target, self.resource)
            except Invalid as error:
                raise error.within(place) from error

    @property
    def dry(self) -> bool:
        """Whether what it is doing now writes nothing."""
        return self.state is ImportState.CHECKING

    @property
    def needs_file(self) -> bool:
        """Whether its file is still to be read: to go on, or for the rows that were refused."""
        if self.state in (ImportState.COMPLETED, ImportState.CANCELLED):
            return self.refused_count > 0
        return self.state not in (ImportState.UNDOING, ImportState.UNDONE)

    def check_editable(self) -> None:
        """Refuse a change of how the file is read when that is too late."""
        self._require("changed", ImportState.DRAFT)

    def check(self, *, founds: bool) -> None:
        """Begin to read without writing; `founds` as for `start`."""
        self._require("checked", ImportState.DRAFT)
        self._check_mapped()
        self._rewind()
        self.state, self.founds_organisations = ImportState.CHECKING, founds

    def checked(self) -> None:
        """The check is over; its counts stay until the start."""
        self.state = ImportState.DRAFT

    def start(self, now: datetime, update_scope: str, reached_teams: list[UUID], *, founds: bool) -> None:
        """Begin to write, reaching as far as who started it may; `founds`: whether organisations may be made, too."""
        self._require("started", ImportState.DRAFT)
        self._check_mapped()
        self._rewind()
        self.state, self.start_time = ImportState.RUNNING, now
        self.update_scope, self.reached_teams, self.founds_organisations = update_scope, reached_teams, founds

    def pause(self) -> None:
        """Stop for a while."""
        self._require("paused", ImportState.RUNNING)
        self.state = ImportState.PAUSED

    def resume(self) -> None:
        """Go on where it stopped."""
        self._require("resumed", ImportState.PAUSED, ImportState.FAILED)
        self.state, self.failure, self.end_time = ImportState.RUNNING, "", None

    def cancel(self, now: datetime) -> None:
        """Stop for good; a check that is cancelled leaves a draft."""
        self._require("cancelled", ImportState.RUNNING, ImportState.PAUSED, ImportState.CHECKING)
        if self.dry:
            self.state = ImportState.DRAFT
        else:
            self.state, self.end_time = ImportState.CANCELLED, now

    def complete(self, now: datetime) -> None:
        """The file is read to its end."""
        self.state, self.end_time = ImportState.COMPLETED, now
        self.record(
            ImportCompleted(
                import_job_id=str(self.id),
                created_count=self.created_count,
                changed_count=self.changed_count,
                refused_count=self.refused_count,
            )
        )

    def fail(self, reason: str, now: datetime) -> None:
        """The file cannot be read on."""
        self.state, self.failure, self.end_time = ImportState.FAILED, reason, now

    def undo(self) -> None:
        """Begin to take back what was written."""
        self._require("undone", *_FINAL)
        self.state = ImportState.UNDOING

    def undone(self, now: datetime) -> None:
        """Everything that could be taken back is."""
        self.state, self.end_time = ImportState.UNDONE, now

    def _rewind(self) -> None:
        self.read_size, self.failure = self.first_byte, ""
        self.next_row = 1 if self.file_format is FileFormat.VCARD else 2
        self.row_count = self.created_count = self.changed_count = self.skipped_count = self.refused_count = 0

    def _check_mapped(self) -> None:
        if self.file_format is not FileFormat.VCARD and not any(each.target for each in self.mapping):
            raise Refused("IMPORT_NOT_MAPPED", "no column is mapped to anything", id=self.id)

    def _require(self, what: str, *states: ImportState) -> None:
        if self.state not in states:
            raise Refused("IMPORT_STATE", f"a job that is {self.state.value} cannot be {what}", state=self.state.value)
