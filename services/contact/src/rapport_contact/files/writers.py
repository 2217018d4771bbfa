"""Writes tables of texts in the formats that imports read, piece by piece."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol

from rapport_contact.files.card_writer import CardWriter
from rapport_contact.files.neutral import neutral
from rapport_contact.files.parquet import ParquetWriter
from rapport_contact.files.records import FileFormat
from rapport_contact.files.sheet_writer import SheetWriter


class Writer(Protocol):
    """Makes one file: each call gives the bytes that come next. Nothing is kept of what was given."""

    def begin(self) -> bytes:
        """What comes before the first row."""
        ...

    def rows(self, rows: Sequence[Sequence[str]]) -> bytes:
        """Some rows, each with a cell for every column."""
        ...

    def end(self) -> bytes:
        """What comes behind the last row."""
        ...

    def close(self) -> None:
        """Let go of what is held, whether the file has its end or not."""
        ...


class DelimitedWriter:
    """RFC 4180 in UTF-8, with a byte order mark: without one Excel takes it for the encoding of its country."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = columns

    def begin(self) -> bytes:
        """The mark and the header."""
        return codecs.BOM_UTF8 + self.rows([self._columns])

    def rows(self, rows: Sequence[Sequence[str]]) -> bytes:
        """Some rows."""
        written = io.StringIO()
        csv.writer(written).writerows([neutral(cell) for cell in row] for row in rows)
        return written.getvalue().encode()

    def end(self) -> bytes:
        """Nothing."""
        return b""

    def close(self) -> None:
        """Nothing is held."""


_WRITERS: Final[Mapping[FileFormat, Callable[[Sequence[str]], Writer]]] = {
    FileFormat.CSV: DelimitedWriter,
    FileFormat.XLSX: SheetWriter,
    FileFormat.VCARD: CardWriter,
    FileFormat.PARQUET: ParquetWriter,
}
CONTENT_TYPES: Final = {
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileFormat.VCARD: "text/vcard; charset=utf-8",
    FileFormat.PARQUET: "application/vnd.apache.parquet",
}
EXTENSIONS: Final = {FileFormat.VCARD: "vcf"}
"""Where it is another word than the format's own."""


def writer_of(file_format: FileFormat, columns: Sequence[str]) -> Writer:
    """A writer of a file with such columns."""
    return _WRITERS[file_format](columns)
