"""Files that are broken, hostile or none at all, through REST: each is told what is wrong with it (PLT-14)."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

import httpx2
import pytest
import xlsxwriter

from tests.callers import Suite, Tenant
from tests.files import blobs_of
from tests.imports import counts, faults, imported, people, upload
from tests.people import violations

MEGABYTE = 1024 * 1024
ENDLESS = b"x" * (3 * MEGABYTE)
SOUND = ["Zoë", "Émile"]
"""Who is in each file beside what is broken."""


def bomb() -> bytes:
    """A workbook of some kilobytes whose sheet has sixty-four megabytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(64):
                sheet.write(b"0" * MEGABYTE)
    return packed.getvalue()


def workbook(family: str) -> bytes:
    """One whose cells are formulas, beside each of which stands what a program has worked out of it."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["given_name", "family_name", "email", "job_title"])
        for row, name in enumerate((SOUND[0], "Nobody", SOUND[1]), 1):
            sheet.write_row(row, 0, [name, family])
        sheet.write_formula(1, 2, '=HYPERLINK("http://evil.example","x")', value=f"zoe@{family}.example")
        sheet.write_formula(1, 3, '=WEBSERVICE("http://evil.example")', value="Boss")
        sheet.write_formula(2, 2, '="no"&" address"', value="no address")
        sheet.write_string(3, 3, "=1+1")
    return packed.getvalue()


def card(*lines: str) -> bytes:
    return "\r\n".join(("BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", "")).encode()


def table(family: str, *broken: bytes, behind: bytes = b"") -> bytes:
    """A table of two sound rows with broken ones between them, and behind them."""
    one, other = (f"{name},{family},\n".encode() for name in SOUND)
    return b"".join((b"given_name,family_name,email\n", one, *broken, other, behind))


def cards(family: str, broken: bytes, behind: bytes = b"") -> bytes:
    one, other = (card(f"N:{family};{name}") for name in SOUND)
    return one + broken + other + behind


Faults = list[tuple[int, str, str]]
"""Row, column and reason of each."""
BROKEN: dict[str, tuple[bytes, Faults]] = {
    "Endless": (table("Endless", ENDLESS, b"\n", behind=ENDLESS), [(3, "", "LINE_TOO_LONG"), (5, "", "LINE_TOO_LONG")]),
    "Encoding": (table("Encoding", "Jo,Brüder,\n".encode("cp1252")), [(3, "", "WRONG_ENCODING")]),
    "Quoting": (
        table("Quoting", b'"Jo"hn,Doe,\n', b'Jane,"never closed,\n'),
        [(3, "", "BROKEN_QUOTING"), (4, "", "UNCLOSED_QUOTE")],
    ),
    "Cells": (
        table("Cells", b"Jo,Doe,jo@example.org,and more\n", b"Jo,D\0e,\n", b"Jo,Doe,jo@@example\n"),
        [(3, "", "TOO_MANY_CELLS"), (4, "family_name", "CONTROL_CHARACTER"), (5, "email", "INVALID_EMAIL")],
    ),
    "Halved": (
        cards("Halved", b"BEGIN:VCARD\r\nN:Cut;In\r\nTEL:+44\r\n", behind=card("N:Cut;Off", "TEL:+44")[:40]),
        [(2, "", "CARD_CUT"), (4, "", "CARD_CUT")],
    ),
    "Heavy": (cards("Heavy", card("N:Too;Long", "NOTE:" + "x" * 3 * MEGABYTE)), [(2, "", "CARD_TOO_LONG")]),
    "Formula": (workbook("Formula"), [(3, "email", "INVALID_EMAIL")]),
}
"""By the family name of those who are sound: a file, and what is wrong with it."""


@pytest.mark.parametrize("family", BROKEN)
async def test_plt_14_what_is_broken_in_a_file_costs_its_own_rows_which_are_told(
    rest: httpx2.AsyncClient, family: str
) -> None:
    content, expected = BROKEN[family]
    job = await imported(rest, content)
    assert (job["state"], job.get("failure", "")) == ("IMPORT_STATE_COMPLETED", "")
    assert await faults(rest, job) == expected
    assert counts(job) == [2 + len(expected), 2, 0, 0, len(expected)]
    assert [each["givenName"] for each in await called(rest, family)] == SOUND
    answer = await rest.get(f"/v1/importJobs/{job['id']}:downloadFaults")
    told = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(int(row["row"]), row["column"], row["reason"]) for row in told] == expected
    assert all(row["message"] for row in told)


async def test_plt_14_no_formula_of_a_workbook_is_evaluated(rest: httpx2.AsyncClient) -> None:
    await imported(rest, workbook("Evaluated"))
    zoe, emile = await called(rest, "Evaluated")
    assert (zoe["jobTitle"], zoe["channels"][0]["normalized"]) == ("Boss", "zoe@evaluated.example")
    assert emile["jobTitle"] == "=1+1"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "EMPTY_FILE"),
        (b"PK\x03\x04 no workbook", "BROKEN_WORKBOOK"),
        (bomb(), "ZIP_BOMB"),
        (workbook("Halved")[:3_000], "BROKEN_WORKBOOK"),
        (b"PAR1" + bytes(1_000), "BROKEN_PARQUET"),
        (b"%PDF-1.7\n1 0 obj\n", "UNKNOWN_FORMAT"),
        (b",".join(b"c%d" % n for n in range(10_000)), "TOO_MANY_COLUMNS"),
        (",".join(f"c{n}" for n in range(2_000)).encode("utf-16"), "TOO_MANY_COLUMNS"),
        ("given_name\nZoë\n".encode("utf-16")[:-1], "WRONG_ENCODING"),
        (ENDLESS, "HEADER_TOO_LONG"),
        (b'"given_name,family_name\n' + b"Ada,Okafor\n" * 300, "UNCLOSED_QUOTE"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_plt_14_a_file_that_cannot_be_read_is_refused_with_its_reason_and_leaves_nothing_behind(
    suite: Suite, tenant: Tenant, rest: httpx2.AsyncClient, content: bytes, reason: str
) -> None:
    before = blobs_of(suite, tenant)
    answer = await rest.post("/v1/importJobs:upload", content=content)
    assert (answer.status_code, violations(answer)) == (400, {"content": reason})
    assert blobs_of(suite, tenant) == before
    await upload(rest, "given_name\nÉmile\n".encode("utf-16"))
    assert len(blobs_of(suite, tenant) - before) == 1, "the next file goes in"


async def called(rest: httpx2.AsyncClient, family: str) -> list[dict[str, Any]]:
    found = await people(rest, f'family_name = "{family}"')
    return sorted(found, key=lambda each: str(each["givenName"]))
