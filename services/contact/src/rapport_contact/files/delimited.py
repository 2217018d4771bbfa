"""Reads delimited text (RFC 4180, and what programs make of it) record by record, from any record on."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace

from rapport_contact.files.lines import Line, lines_of
from rapport_contact.files.neutral import original
from rapport_contact.files.records import LONGEST, MOST_COLUMNS, Fault, Record, UnreadableFile

MOST_LINES = 200
"""Lines that one record may span: beyond, a quote was never closed."""

TOO_LONG = Fault("LINE_TOO_LONG", f"has more than {LONGEST} bytes")
UNCLOSED = Fault("UNCLOSED_QUOTE", "a quotation mark is opened and never closed")
BROKEN = Fault("BROKEN_QUOTING", "there is text between a closing quotation mark and the end of its field")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text file is to be read; `columns` are those of its header."""

    encoding: str
    delimiter: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one record, or what is wrong with it; `number` counts records from 1, empty ones too."""

    number: int
    end: int
    cells: Sequence[str] = ()
    fault: Fault | None = None


class RowParser:
    """Puts lines together to rows. A quote that is never closed costs its own line, not the rest of the file."""

    def __init__(self, encoding: str, delimiter: str, number: int = 1) -> None:
        self._encoding = encoding
        self._delimiter = delimiter
        self._number = number
        self._open: list[Line] = []

    def feed(self, line: Line) -> Iterator[Row]:
        """The rows that `line` completes."""
        waiting = [line]
        while waiting:
            line = waiting.pop(0)
            if line.too_long and not self._open:
                yield self._row(line.end, fault=TOO_LONG)
                continue
            if line.too_long or len(self._open) >= MOST_LINES or self._size() + len(line.text) > LONGEST:
                waiting[:0] = [*self._open[1:], line]
                yield self._give_up()
                continue
            self._open.append(line)
            if self._is_open():
                continue
            lines, self._open = self._open, []
            row = self._complete(lines)
            if row.fault is BROKEN and len(lines) > 1:  # it was closed by a quote of another row
                row = replace(row, end=lines[0].end, fault=UNCLOSED)
                waiting[:0] = lines[1:]
            yield row

    def close(self) -> Iterator[Row]:
        """What is left at the end of the file."""
        while self._open:
            rest = self._open[1:]
            yield self._give_up()
            for line in rest:
                yield from self.feed(line)

    def _size(self) -> int:
        return sum(len(line.text) for line in self._open)

    def _is_open(self) -> bool:
        if not self._open[-1].text.count(b'"') % 2:
            return len(self._open) > 1  # an even number changes nothing
        text = b"\n".join(line.text for line in self._open).decode(self._encoding, "replace")
        return ends_open(text, self._delimiter)

    def _give_up(self) -> Row:
        first, self._open = self._open[0], []
        return self._row(first.end, fault=UNCLOSED)

    def _complete(self, lines: Sequence[Line]) -> Row:
        end = lines[-1].end
        try:
            text = b"\n".join(line.text for line in lines).decode(self._encoding)
        except UnicodeDecodeError:
            return self._row(end, fault=Fault("WRONG_ENCODING", f"has bytes that are no {self._encoding}"))
        text = text.removesuffix("\r")
        try:
            cells = next(csv.reader([text], delimiter=self._delimiter, strict=True, skipinitialspace=True), [])
        except csv.Error as error:
            if "field larger" in str(error):
                return self._row(end, fault=Fault("FIELD_TOO_LONG", "has a field that is too long"))
            return self._row(end, fault=BROKEN)
        return self._row(end, cells)

    def _row(self, end: int, cells: Sequence[str] = (), fault: Fault | None = None) -> Row:
        row = Row(self._number, end, cells, fault)
        self._number += 1
        return row


def ends_open(text: str, delimiter: str) -> bool:
    """Whether a text ends inside a quoted field; only a quote at the beginning of a field opens one."""
    place = 0
    while True:
        while text[place : place + 1] == " ":
            place += 1
        if text[place : place + 1] == '"':
            closing = _closing_quote(text, place + 1)
            if closing < 0:
                return True
            place = closing + 1
        place = text.find(delimiter, place) + 1
        if not place:
            return False


def _closing_quote(text: str, place: int) -> int:
    while True:
        found = text.find('"', place)
        if found < 0 or text[found + 1 : found + 2] != '"':
            return found
        place = found + 2


async def rows_of(
    chunks: AsyncIterator[bytes], encoding: str, delimiter: str, start: int = 0, number: int = 1
) -> AsyncIterator[Row]:
    """The rows of a stream that begins with row `number`, at the byte `start` of its file."""
    parser = RowParser(encoding, delimiter, number)
    async for line in lines_of(chunks, start):
        for row in parser.feed(line):
            yield row
    for row in parser.close():
        yield row


async def records_of(chunks: AsyncIterator[bytes], dialect: Dialect, start: int, number: int) -> AsyncIterator[Record]:
    """The records behind the header; empty rows are passed over."""
    async for row in rows_of(chunks, dialect.encoding, dialect.delimiter, start, number):
        if row.fault is not None:
            yield Record(row.number, row.end, fault=row.fault)
        elif any(cell.strip() for cell in row.cells):
            yield record(row, dialect.columns)


def record(row: Row, columns: Sequence[str]) -> Record:
    """A row under the names of its columns, its texts as they were before exports made them harmless.

    Missing cells at its end are empty.
    """
    beyond = row.cells[len(columns) :]
    if any(cell.strip() for cell in beyond):
        fault = Fault("TOO_MANY_CELLS", f"has {len(row.cells)} cells where the header has {len(columns)}")
        return Record(row.number, row.end, fault=fault)
    cells = {name: original(cell) for name, cell in zip(columns, row.cells, strict=False) if cell}
    return Record(row.number, row.end, cells)


def header(cells: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns: none is empty, none is there twice.

    Raises:
        UnreadableFile: there are too many, or they are no text.
    """
    if len(cells) > MOST_COLUMNS:
        raise UnreadableFile("TOO_MANY_COLUMNS", f"has {len(cells)} columns, at most {MOST_COLUMNS} are read")
    if any("\0" in cell for cell in cells):
        raise UnreadableFile("NO_TEXT", "is no text: its header holds characters that are none")
    names: dict[str, None] = {}
    for place, cell in enumerate(cells, 1):
        name = " ".join(cell.split())[:200] or f"Column {place}"
        while name in names:
            name = f"{name} ({place})"
        names[name] = None
    return tuple(names)
