"""An XLSX workbook of one sheet, written row by row without ever being held.

XlsxWriter makes the workbook with its header; the rows are put into the one part that has them while that is being
packed. Every cell is a text by its type and its format, so that nothing in it is evaluated, not after an edit either.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Sequence
from typing import IO, Final

from rapport_contact.files.neutral import neutral_text
from rapport_contact.files.parquet import Sink
from rapport_kit.errors import Refused

MOST_ROWS: Final = 1_048_576
"""Rows of a sheet, its header included (support.microsoft.com, "Excel specifications and limits")."""
LONGEST: Final = 32_767
"""Letters of a cell, as Excel counts them."""
LARGEST: Final = 2**31 - 1
"""Bytes of a part of the archive before Excel wants to repair it (ZIP64)."""
_SHEET: Final = "xl/worksheets/sheet1.xml"
_REST: Final = b"</sheetData>"
_WIDTH: Final = 18
_TEXT: Final = 49
"""The built-in format of texts (ECMA-376, part 1, 18.8.30)."""
_EXTENT: Final = re.compile(rb"<dimension [^>]*/>")
# ECMA-376, part 1, 22.9.2.19 (ST_Xstring): what XML cannot hold, and what would be read as such.
_UNSPEAKABLE: Final = re.compile("_(?=x[0-9a-fA-F]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff]")


class SheetWriter:
    """Raises `Refused` for what does not fit into a workbook."""

    def __init__(self, columns: Sequence[str]) -> None:
        from xlsxwriter.utility import xl_col_to_name

        self._names = columns
        self._letters = [xl_col_to_name(place) for place in range(len(columns))]
        self._sink = Sink()
        self._archive = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_DEFLATED, compresslevel=3)
        self._sheet: IO[bytes] | None = None
        self._rest = b""
        self._number = 1
        self._size = 0

    def begin(self) -> bytes:
        """All parts but the sheet, and the sheet up to its first row."""
        with zipfile.ZipFile(_frame(self._names)) as frame:
            for name in frame.namelist():
                if name != _SHEET:
                    self._archive.writestr(zipfile.ZipInfo(name), frame.read(name), zipfile.ZIP_DEFLATED)
            head, end, rest = frame.read(_SHEET).partition(_REST)
        self._rest = end + rest
        info = zipfile.ZipInfo(_SHEET)
        info.compress_type = zipfile.ZIP_DEFLATED
        self._sheet = sheet = self._archive.open(info, "w")
        sheet.write(_EXTENT.sub(b"", head))  # it would be that of the header alone
        return self._sink.take()

    def rows(self, rows: Sequence[Sequence[str]]) -> bytes:
        """Some rows."""
        assert self._sheet is not None, "it has begun"
        text = "".join(map(self._row, rows)).encode()
        self._size += len(text)
        if self._number > MOST_ROWS or self._size > LARGEST - LONGEST:
            raise Refused("EXPORT_TOO_LARGE", "is more than a workbook holds; CSV and Parquet hold it")
        self._sheet.write(text)
        return self._sink.take()

    def end(self) -> bytes:
        """The end of the sheet, and of the archive."""
        assert self._sheet is not None, "it has begun"
        self._sheet.write(self._rest)
        self.close()
        return self._sink.take()

    def close(self) -> None:
        """Write no more."""
        if self._sheet is not None:
            self._sheet.close()
        self._archive.close()

    def _row(self, row: Sequence[str]) -> str:
        self._number += 1
        cells = [
            f'<c r="{letters}{self._number}" s="1" t="inlineStr"><is>'
            f'<t xml:space="preserve">{self._text(cell, name)}</t></is></c>'
            for letters, name, cell in zip(self._letters, self._names, row, strict=True)
            if cell
        ]
        return f'<row r="{self._number}">{"".join(cells)}</row>'

    def _text(self, cell: str, name: str) -> str:
        text = neutral_text(cell)
        if len(text) > LONGEST // 2 and len(text.encode("utf-16-le")) // 2 > LONGEST:
            raise Refused("CELL_TOO_LONG", f"{name} is longer than a cell may be; CSV and Parquet hold it", column=name)
        return html.escape(_UNSPEAKABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text), quote=False)


def _frame(columns: Sequence[str]) -> io.BytesIO:
    """A workbook that has nothing but its header."""
    import xlsxwriter  # 40 modules, for those who export

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        text = book.add_format({"num_format": _TEXT})
        sheet = book.add_worksheet("Export")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(columns) - 1, 0), _WIDTH, text)
        for place, name in enumerate(columns):
            sheet.write_string(0, place, name, text)
    return made
