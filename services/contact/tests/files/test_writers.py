"""What is written is read again as it was, and is harmless where it is opened (PLT-15)."""

from __future__ import annotations

import asyncio
import csv
import io
import zipfile
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.contact.v1 import people_pb2
from rapport_contact.files import parquet, workbook
from rapport_contact.files.neutral import neutral, neutral_text, original
from rapport_contact.files.records import FileFormat
from rapport_contact.files.writers import writer_of
from rapport_contact.mapping.cells import Cells
from rapport_contact.mapping.columns import checked_columns, default_columns
from rapport_contact.mapping.headers import guess
from rapport_contact.mapping.rows import Mapper
from rapport_contact.mapping.targets import ImportedResource
from rapport_kit.errors import Invalid, Refused
from services.contact.tests.files.records import ORGANISATIONS, PEOPLE, comparable
from services.contact.tests.files.streams import read

PERSON, ORGANISATION = ImportedResource.PERSON, ImportedResource.ORGANISATION
TABLES = (FileFormat.CSV, FileFormat.XLSX, FileFormat.PARQUET)


def written(file_format: FileFormat, columns: tuple[str, ...], rows: list[list[str]]) -> bytes:
    with closing(writer_of(file_format, columns)) as writer:
        middle = (writer.rows(rows[place : place + 2]) for place in range(0, len(rows), 2))
        return b"".join([writer.begin(), *middle, writer.end()])


def exported(file_format: FileFormat, resource: ImportedResource, messages: list[Any]) -> bytes:
    columns = default_columns(resource, file_format)
    cells = Cells(resource, checked_columns(columns, resource))
    return written(file_format, columns, [cells.row(message, "Engines; Ltd") for message in messages])


def as_text(file_format: FileFormat, content: bytes) -> bytes:
    """What an import reads of a workbook or a Parquet file."""
    if file_format not in (FileFormat.XLSX, FileFormat.PARQUET):
        return content
    with TemporaryDirectory() as folder:
        file = Path(folder) / "file"
        file.write_bytes(content)
        rows = workbook.rows(file) if file_format is FileFormat.XLSX else parquet.rows(file, workbook.LARGEST)
        text = io.StringIO()
        csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def imported(file_format: FileFormat, resource: ImportedResource, content: bytes) -> list[Any]:
    found, records = asyncio.run(read(as_text(file_format, content)))
    _, mapping = guess(found.columns, resource)
    assert set(mapping) == set(found.columns), "every column is understood by its name"
    mapper = Mapper(resource, mapping)
    drafts = [mapper.draft(record.cells, named=file_format is FileFormat.VCARD) for record in records]
    assert [each.fault or each.notices for each in records] == [()] * len(records)
    assert [draft.faults for draft in drafts] == [[]] * len(drafts)
    return [draft.message for draft in drafts]


@pytest.mark.parametrize("file_format", FileFormat)
@given(people=st.lists(PEOPLE, min_size=1, max_size=4))
@settings(max_examples=20)
def test_plt_15_people_come_back_from_a_file_as_they_went(file_format: FileFormat, people: list[Any]) -> None:
    back = imported(file_format, PERSON, exported(file_format, PERSON, people))
    cards = file_format is FileFormat.VCARD
    assert [comparable(one, international=cards) for one in back] == [
        comparable(one, international=cards) for one in people
    ]


@pytest.mark.parametrize("file_format", TABLES)
@given(organisations=st.lists(ORGANISATIONS, min_size=1, max_size=3))
@settings(max_examples=10)
def test_plt_15_organisations_come_back_from_a_file_as_they_went(
    file_format: FileFormat, organisations: list[Any]
) -> None:
    back = imported(file_format, ORGANISATION, exported(file_format, ORGANISATION, organisations))
    assert [comparable(one) for one in back] == [comparable(one) for one in organisations]


@given(st.text())
def test_plt_15_a_text_that_was_made_harmless_is_had_back(text: str) -> None:
    assert original(neutral(text)) == text
    assert original(neutral_text(text)) == text
    assert not neutral(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


ATTACKS = ["=1+1", "+1+cmd|'/C calc'!A0", "-2+3+A1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")']


@pytest.mark.parametrize("attack", ATTACKS)
def test_plt_15_no_cell_of_a_file_for_spreadsheets_is_a_formula(attack: str) -> None:
    text = written(FileFormat.CSV, ("given_name",), [[attack]]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline="")))[1] == ["'" + attack]
    with zipfile.ZipFile(io.BytesIO(written(FileFormat.XLSX, ("given_name",), [[attack]]))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert 't="inlineStr"><is><t xml:space="preserve">\'' in sheet
        assert '<xf numFmtId="49"' in book.read("xl/styles.xml").decode(), "what is edited stays a text"


def test_plt_15_a_number_stays_one_in_a_workbook_and_no_number_in_csv() -> None:
    phone = "+44 20 7946 0100"
    assert f"'{phone}" in written(FileFormat.CSV, ("phone",), [[phone]]).decode()
    with zipfile.ZipFile(io.BytesIO(written(FileFormat.XLSX, ("phone",), [[phone]]))) as book:
        assert f">{phone}<" in book.read("xl/worksheets/sheet1.xml").decode()


def test_plt_15_a_text_that_no_cell_holds_is_refused_by_the_name_of_its_column() -> None:
    with pytest.raises(Refused) as refusal:
        written(FileFormat.XLSX, ("annotations",), [["x" * 40_000]])
    assert (refusal.value.reason, refusal.value.metadata["column"]) == ("CELL_TOO_LONG", "annotations")


@pytest.mark.parametrize(
    ("columns", "field", "reason"),
    [
        (["given_name", "nonsense"], "columns[1]", "UNKNOWN_COLUMN"),
        (["parent_id"], "columns[0]", "UNKNOWN_COLUMN"),
        (["email", "phone", "email"], "columns[2]", "DUPLICATE"),
    ],
)
def test_plt_15_a_column_that_there_is_none_of_is_named(columns: list[str], field: str, reason: str) -> None:
    with pytest.raises(Invalid) as refusal:
        checked_columns(columns, PERSON)
    assert [(each.field, each.reason) for each in refusal.value.violations] == [(field, reason)]


def test_plt_15_columns_are_asked_for_by_label_as_a_mapping_names_them() -> None:
    columns = ("id", "email[work]", "phone[home]#2", "external_id[erp]", "annotation[note]", "create_time")
    person = people_pb2.Person(id="P1", annotations={"note": "Kept"})
    person.create_time.FromJsonString("2024-02-29T10:00:00Z")
    person.external_ids.add(system="erp", value="K1")
    for label, number in (("home", "1"), ("work", "2"), ("home", "3")):
        person.channels.add(label=label).phone.number = f"+4420794601{number}"
        person.channels.add(label=label).email.address = f"{label}@example.org"
    row = Cells(PERSON, checked_columns(columns, PERSON)).row(person)
    assert row == ["P1", "work@example.org", "+44207946013", "K1", "Kept", "2024-02-29T10:00:00Z"]
