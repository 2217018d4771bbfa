"""Reads the first sheet of an XLSX workbook as delimited text: values only, no formula is ever evaluated.

It runs in a process of its own, so that a hostile workbook costs that process, its memory included. So do Parquet
files, which `parquet` reads.
"""

from __future__ import annotations

import asyncio
import csv
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Final

from rapport_contact.files.records import MOST_COLUMNS, FileFormat, UnreadableFile

LARGEST: Final = 256 * 1024 * 1024
"""Bytes that the parts of a workbook may have together when inflated."""
STEEPEST: Final = 250
"""How many times its packed size a part may have; sheets of real workbooks stay below 100."""
SMALL: Final = 1024 * 1024
"""Parts up to this size may be packed as tightly as they like."""
MEMORY: Final = 2 * 1024 * 1024 * 1024
SECONDS: Final = 120
_CHUNK: Final = 256 * 1024
_REFUSED: Final = 3


async def as_text(source: IO[bytes], target: IO[bytes], file_format: FileFormat) -> None:
    """Write the first sheet of a workbook, or the rows of a Parquet file, to `target`: UTF-8, commas, one header.

    Both are files of the system, which the process gets open: they need no name.

    Raises:
        UnreadableFile: it is no workbook, too large, or too large for what it claims to be.
    """
    given = (source.fileno(), target.fileno())
    arguments = ("-m", "rapport_contact.files.workbook", file_format.value, *map(str, given))
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stderr=asyncio.subprocess.PIPE, pass_fds=given
    )
    try:
        _, told = await asyncio.wait_for(process.communicate(), SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise UnreadableFile("FILE_TOO_SLOW", f"takes more than {SECONDS} seconds to read") from None
    except asyncio.CancelledError:
        process.kill()
        raise
    if process.returncode == _REFUSED:
        reason, _, message = told.decode().strip().rpartition("\n")[2].partition(": ")
        raise UnreadableFile(reason, message)
    if process.returncode:
        if file_format is FileFormat.PARQUET:
            raise UnreadableFile("BROKEN_PARQUET", "is no Parquet file that can be read")
        raise UnreadableFile("BROKEN_WORKBOOK", "is no workbook that can be read")


def check_size(workbook: Path) -> None:
    """Refuse a zip bomb: first by what the directory of the archive says, then by inflating what it holds.

    Raises:
        UnreadableFile: see `as_text`.
    """
    try:
        with zipfile.ZipFile(workbook) as archive:
            total = 0
            for part in archive.infolist():
                total += part.file_size
                steep = part.file_size > max(SMALL, part.compress_size * STEEPEST)
                if total > LARGEST or steep:
                    raise UnreadableFile("ZIP_BOMB", "grows too much when it is unpacked")
            if "xl/workbook.xml" not in archive.namelist():
                raise UnreadableFile("NO_WORKBOOK", "is no XLSX workbook")
            for part in archive.infolist():
                with archive.open(part) as content:  # ends at the size that was claimed, and fails on its checksum
                    while content.read(_CHUNK):
                        pass
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise UnreadableFile("BROKEN_WORKBOOK", "is no workbook that can be read") from error


def rows(workbook: Path) -> Iterator[list[str]]:
    """The rows of the first sheet as texts."""
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(str(workbook))
    if not book.sheet_names:
        raise UnreadableFile("NO_SHEET", "has no sheet")
    sheet = book.get_sheet_by_index(0)
    if sheet.width > MOST_COLUMNS:
        raise UnreadableFile("TOO_MANY_COLUMNS", f"has {sheet.width} columns, at most {MOST_COLUMNS} are read")
    for row in sheet.iter_rows():
        yield [text(cell) for cell in row]


def text(cell: object) -> str:
    """A value as it would be written: whole numbers without a fraction, days and times as ISO 8601 has them."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell.total_seconds()) if isinstance(cell, timedelta) else str(cell)


def main() -> None:
    """The process: what the file is, then the numbers under which the file and the text are open."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    source, target = (Path("/dev/fd", number) for number in sys.argv[2:])
    try:
        if FileFormat(sys.argv[1]) is FileFormat.PARQUET:
            from rapport_contact.files.parquet import rows as parquet_rows

            found = parquet_rows(source, LARGEST)
        else:
            check_size(source)
            found = rows(source)
        with target.open("w", encoding="utf-8", newline="") as written:
            csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(found)
    except UnreadableFile as error:
        sys.stderr.write(f"{error.reason}: {error.message}\n")
        sys.exit(_REFUSED)


if __name__ == "__main__":
    main()
