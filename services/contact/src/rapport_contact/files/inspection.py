"""What a file is: found by reading all of it once, without holding it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from rapport_contact.files.cards import card_records
from rapport_contact.files.delimited import Dialect, header, records_of, rows_of
from rapport_contact.files.dialect import delimiter_of
from rapport_contact.files.encoding import UTF_8, EncodingWatch
from rapport_contact.files.records import FileFormat, Record, UnreadableFile

SAMPLE = 64 * 1024
DIRECT = ("utf-8", "cp")
"""Encodings in which a line feed is one byte, so that a file can be read from any line on."""
_CARD = b"BEGIN:VCARD"
_ARCHIVE = b"PK\x03\x04"
_PARQUET = b"PAR1"
_PACKED = "is packed: unpack it first"
_IMAGE = "is an image"
_OTHERS = (
    (b"%PDF-", "is a PDF document"),
    (b"{\\rtf", "is an RTF document"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "is of an Office before 2007, or has a password: save it as .xlsx",
    ),
    *((mark, _PACKED) for mark in (b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\xfd7zXZ\0")),
    *((mark, _IMAGE) for mark in (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")),
    (b"SQLite format 3\0", "is a database"),
)
"""How files begin that are taken for tables by mistake: read as text, they would be one, of nonsense."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What a file is, where its records begin, and how long it is in bytes."""

    format: FileFormat
    encoding: str
    size: int
    lines: int
    delimiter: str = ""
    columns: tuple[str, ...] = ()
    start: int = 0

    @property
    def needs_recoding(self) -> bool:
        """Whether it can be read only after being written anew, as UTF-8 text."""
        return self.format in (FileFormat.XLSX, FileFormat.PARQUET) or not self.encoding.startswith(DIRECT)


class Inspection:
    """Takes a file's bytes one after the other."""

    def __init__(self) -> None:
        self._watch = EncodingWatch()
        self._head = b""
        self._size = 0
        self._lines = 0

    def feed(self, chunk: bytes) -> None:
        """Look at the next bytes."""
        self._watch.feed(chunk)
        self._size += len(chunk)
        self._lines += chunk.count(b"\n")
        if len(self._head) < SAMPLE:
            self._head += chunk[: SAMPLE - len(self._head)]

    async def findings(self) -> Findings:
        """What it was.

        Raises:
            UnreadableFile: it is empty, is something else than a table or cards, or has no header that can be read.
        """
        if not self._head.strip():
            raise UnreadableFile("EMPTY_FILE", "is empty")
        if self._head.startswith(_ARCHIVE):
            return Findings(FileFormat.XLSX, "", self._size, self._lines)
        if self._head.startswith(_PARQUET):
            return Findings(FileFormat.PARQUET, "", self._size, self._lines)
        for mark, what in _OTHERS:
            if self._head.startswith(mark):
                raise UnreadableFile("UNKNOWN_FORMAT", f"{what}; CSV, XLSX, Parquet and vCard can be read")
        encoding = self._watch.encoding()
        if not encoding.startswith(DIRECT):
            return Findings(FileFormat.CSV, encoding, self._size, self._lines)
        if self._head[self._watch.mark :].lstrip()[: len(_CARD)].upper() == _CARD:
            return Findings(FileFormat.VCARD, UTF_8, self._size, self._lines)  # what a card does not say is UTF-8
        return await self._table(encoding)

    async def _table(self, encoding: str) -> Findings:
        sample = self._head[self._watch.mark :].decode(encoding, "replace")
        delimiter = delimiter_of(sample)
        async for row in rows_of(_once(self._head[self._watch.mark :]), encoding, delimiter, self._watch.mark):
            if row.fault is not None:
                raise UnreadableFile(row.fault.reason, f"the header {row.fault.message}")
            if any(cell.strip() for cell in row.cells):
                if row.end >= SAMPLE:
                    raise UnreadableFile("HEADER_TOO_LONG", f"the header has more than {SAMPLE} bytes")
                columns = header(row.cells)
                return Findings(FileFormat.CSV, encoding, self._size, self._lines, delimiter, columns, row.end)
        raise UnreadableFile("EMPTY_FILE", "has no header")


async def inspect(chunks: AsyncIterator[bytes]) -> Findings:
    """What the file is whose bytes these are.

    Raises:
        UnreadableFile: see `Inspection.findings`.
    """
    inspection = Inspection()
    async for chunk in chunks:
        inspection.feed(chunk)
    return await inspection.findings()


def records(found: Findings, chunks: AsyncIterator[bytes], start: int, number: int) -> AsyncIterator[Record]:
    """The records of a file from record `number` on, whose bytes begin at `start`."""
    if found.format is FileFormat.VCARD:
        return card_records(chunks, found.encoding, start, number)
    return records_of(chunks, Dialect(found.encoding, found.delimiter, found.columns), start, number)


async def _once(text: bytes) -> AsyncIterator[bytes]:
    yield text
