"""What is kept of rows of a file with which something is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from rapport_contact.domain.import_job import ImportJob
from rapport_contact.files.records import Fault
from rapport_contact.handlers.imports.reading import Row
from rapport_contact.storage.imports import FAULTS
from rapport_contact.storage.repositories import ContactUnitOfWork
from rapport_kit.errors import DomainError, Invalid, Violation

MOST_FAULTS: Final = 100_000
"""Refused rows whose faults a job keeps."""
MOST_NOTICES: Final = 10_000
"""Rows whose notices it keeps."""


@dataclass
class Refusals:
    """The faults of some rows of a job's file, as they are written with the rest; `count` rows were refused."""

    job: ImportJob
    uow: ContactUnitOfWork
    count: int = 0
    _places: dict[int, int] = field(default_factory=dict)

    def refuse(self, number: int, *faults: Fault) -> None:
        """Say why the row `number` does not go in."""
        self.count += 1
        if self.job.refused_count + self.count <= MOST_FAULTS:
            self._put(number, faults, notice=False)

    def notice(self, number: int, *faults: Fault) -> None:
        """Say what of the row is left out."""
        if number <= MOST_NOTICES:
            self._put(number, faults, notice=True)

    def _put(self, number: int, faults: Sequence[Fault], *, notice: bool) -> None:
        for fault in faults:
            place = self._places[number] = self._places.get(number, 0) + 1
            said = {"column": fault.column, "reason": fault.reason, "message": fault.message, "notice": notice}
            key = {"tenant": self.uow.tenant, "import_job_id": self.job.id, "row": number, "place": place}
            self.uow.waiting.add(FAULTS, key | said)


def _violations(error: DomainError) -> Sequence[Violation]:
    return error.violations or (Violation("", error.reason, error.message),)


def faults_of(row: Row, error: DomainError) -> list[Fault]:
    """What is wrong, by the columns of the file."""
    return [
        Fault(each.reason, each.message, row.draft.column_of(each.field.partition(".")[2]))
        for each in _violations(error)
    ]


def strip(row: Row, error: DomainError) -> bool:
    """Take out of a draft what the error speaks of; false when that cannot be done."""
    if not isinstance(error, Invalid):
        return False
    message, channels, fields = row.draft.message, set[int](), set[str]()
    for each in error.violations:
        head = each.field.partition(".")[2].partition(".")[0]
        name, bracket, number = head.partition("[")
        if name == "channels" and bracket:
            channels.add(int(number.rstrip("]")))
        elif name in message.DESCRIPTOR.fields_by_name and name != "display_name":
            fields.add(name)
        else:
            return False
    for place in sorted(channels, reverse=True):
        del message.channels[place]
    for name in fields:
        message.ClearField(name)
    # Channels moved up: what their columns were is not told from here on.
    if channels:
        row.draft.columns = {path: column for path, column in row.draft.columns.items() if path[:9] != "channels["}
    return bool(channels or fields)
