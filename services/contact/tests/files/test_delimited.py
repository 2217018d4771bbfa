"""CSV files, as they should be and as they come."""

from __future__ import annotations

import csv
import io
import resource
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport_contact.files.inspection import inspect, records
from rapport_contact.files.records import LONGEST, MOST_COLUMNS, Record, UnreadableFile
from services.contact.tests.files.streams import chunks, read


def faults(found: list[Record]) -> dict[int, str]:
    return {record.number: record.fault.reason for record in found if record.fault}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
async def test_plt_14_encoding_and_delimiter_are_found(delimiter: str, encoding: str) -> None:
    rows = [["Name", "Ort"], ["Zoë, Bär", "Köln"], ["Émile", "Besançon"], ["Søren", "Ærø"]]
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows(rows)
    found, read_ = await read(written.getvalue().encode(encoding))
    assert (found.delimiter, found.columns) == (delimiter, ("Name", "Ort"))
    assert [list(record.cells.values()) for record in read_] == rows[1:]


async def test_plt_14_a_letter_that_is_not_utf_8_late_in_a_long_file_still_tells_the_encoding() -> None:
    content = b"name\n" + b"plain\n" * 50_000 + "Zoë\n".encode("cp1252")
    found, read_ = await read(content)
    assert found.encoding == "cp1252"
    assert read_[-1].cells == {"name": "Zoë"}


async def test_plt_14_a_row_in_another_encoding_than_the_file_is_refused_alone() -> None:
    content = "name\nZoë\nBär\nÉmile\n".encode() + b"Br\xfcder\n" + "Søren\n".encode()
    _, read_ = await read(content)
    assert faults(read_) == {5: "WRONG_ENCODING"}
    assert len(read_) == 5


async def test_plt_14_broken_quoting_costs_its_own_row() -> None:
    content = b'a,b\n1,"two"x\n3,"four\n5,six\n7,"eight ""8"""\n9,ten"\n'
    _, read_ = await read(content)
    assert faults(read_) == {2: "BROKEN_QUOTING", 3: "UNCLOSED_QUOTE"}
    sound = [tuple(record.cells.values()) for record in read_ if not record.fault]
    assert sound == [("5", "six"), ("7", 'eight "8"'), ("9", 'ten"')]


async def test_plt_14_too_many_cells_are_refused_and_missing_ones_are_empty() -> None:
    _, read_ = await read(b"a,b\n1,2,3\n4\n5,6,\n\n,,\n7,8\n")
    assert faults(read_) == {2: "TOO_MANY_CELLS"}
    assert [record.cells for record in read_[1:]] == [{"a": "4"}, {"a": "5", "b": "6"}, {"a": "7", "b": "8"}]
    assert read_[-1].number == 7


async def test_plt_14_a_line_of_a_gigabyte_is_one_error_and_takes_no_memory() -> None:
    async def giant() -> AsyncIterator[bytes]:
        yield b"name,city\nAda,London\n"
        for _ in range(1024):
            yield b"x" * LONGEST
        yield b"\nGrace,New York\n"

    found = await inspect(giant())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    read_ = [record async for record in records(found, giant(), 0, 1)]
    assert faults(read_) == {3: "LINE_TOO_LONG"}
    assert read_[-1].cells == {"name": "Grace", "city": "New York"}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 * 1024


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "EMPTY_FILE"),
        (b" \n\n", "EMPTY_FILE"),
        (b",".join(b"c%d" % n for n in range(10_000)) + b"\n", "TOO_MANY_COLUMNS"),
        (b'"never closed\n' + b"x\n" * 300, "UNCLOSED_QUOTE"),
        (b"x" * (2 * LONGEST), "HEADER_TOO_LONG"),
        (b"\0" * 1000, "NO_TEXT"),
        (b"name,ma\0il\nAda,ada@example.org\n", "NO_TEXT"),
        (b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", "UNKNOWN_FORMAT"),
        (b"{\\rtf1\\ansi name,mail\nAda,ada@example.org}\n", "UNKNOWN_FORMAT"),
        (b"\xff\xd8\xff\xe0 JFIF,\n", "UNKNOWN_FORMAT"),
    ],
)
async def test_plt_14_a_file_without_a_sound_header_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        await read(content)
    assert refusal.value.reason == reason


async def test_a_header_names_each_column_once() -> None:
    found, _ = await read(b"mail,mail,,mail (2)\n1,2,3,4\n")
    assert len(set(found.columns)) == 4
    assert len(found.columns) <= MOST_COLUMNS


@given(st.binary(max_size=400), st.integers(1, 50))
async def test_plt_14_no_bytes_crash_the_reader(content: bytes, size: int) -> None:
    try:
        _, read_ = await read(b"a,b\n" + content, size)
    except UnreadableFile:
        return
    assert all(before.end <= after.end for before, after in pairwise(read_))


@given(st.lists(st.lists(st.text(max_size=8), min_size=2, max_size=2), max_size=4), st.integers(1, 30))
async def test_plt_14_reading_goes_on_from_any_record_as_if_it_had_never_stopped(
    rows: list[list[str]], size: int
) -> None:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows([["a", "b"], *rows])
    content = written.getvalue().encode("utf-8", "replace")
    found, whole = await read(content, size)
    for place, record in enumerate(whole):
        behind = records(found, chunks(content[record.end :], size), record.end, record.number + 1)
        assert [again async for again in behind] == whole[place + 1 :]
