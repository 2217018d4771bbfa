"""What every reader gives: one record of a file, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

LONGEST = 1024 * 1024
"""Bytes that one record may have; what is longer is passed over without being held."""

MOST_COLUMNS = 1_000


class FileFormat(StrEnum):
    """What kinds of files are read, and written."""

    CSV = "csv"
    XLSX = "xlsx"
    VCARD = "vcard"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a record, or with one column of it; never with a value of the file in it."""

    reason: str
    message: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its number from 1, where the next one begins in the file, and its cells by column.

    A record with a `fault` has no cells; `notices` say what of a sound one was left out.
    """

    number: int
    end: int
    cells: Mapping[str, str] = field(default_factory=dict)
    fault: Fault | None = None
    notices: tuple[Fault, ...] = ()


class UnreadableFile(Exception):
    """The file as a whole cannot be read. `reason` is UPPER_SNAKE; the message holds nothing of the file."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
