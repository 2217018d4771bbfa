"""vCards of all versions, from real programs, and cut in half."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport_contact.files.records import FileFormat, Record, UnreadableFile
from services.contact.tests.files.streams import read

CARDS = Path(__file__).parents[5] / "shared" / "data" / "vcards"
COUNTS = {
    "John_Doe_ANDROID": 6,
    "John_Doe_GMAIL": 1,
    "John_Doe_IPHONE": 1,
    "John_Doe_MS_OUTLOOK": 1,
    "gmail-list": 3,
    "gmail-single": 1,
    "outlook-2003": 1,
    "rfc2426-example": 2,
    "rfc6350-example": 1,
}


def card(*lines: str, version: str = "3.0") -> bytes:
    return "\r\n".join(("BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", "")).encode()


@pytest.mark.parametrize("name", COUNTS)
async def test_plt_14_cards_of_real_programs_are_read(name: str) -> None:
    path = CARDS / f"{name}.vcf"
    if not path.exists():
        pytest.skip(f"{path} is not there")
    found, read_ = await read(path.read_bytes(), 1000)
    assert found.format is FileFormat.VCARD
    assert [record.fault for record in read_] == [None] * COUNTS[name]


async def test_plt_14_quoted_printable_and_charsets_are_decoded() -> None:
    line = "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Zo=C3=AB =\r\n=C3=85ngstr=C3=B6m"
    _, (one, two) = await read(card(line, version="2.1") + card("FN;CHARSET=ISO-8859-1;QUOTED-PRINTABLE:Zo=EB"))
    assert one.cells["display_name"] == "Zoë Ångström"
    assert two.cells["display_name"] == "Zoë"


async def test_plt_14_a_folded_line_may_break_within_a_letter() -> None:
    content = b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Zo\xc3\r\n \xab Bar\r\nEND:VCARD\r\n"
    _, (only,) = await read(content)
    assert only.cells == {"display_name": "Zoë Bar"}


async def test_plt_14_a_card_cut_in_half_is_an_error_of_that_card_only() -> None:
    content = card("FN:Ada") + b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Half\r\n" + card("FN:Grace") + b"BEGIN:VCARD\r\nFN:En"
    _, read_ = await read(content)
    assert [record.cells.get("display_name") for record in read_] == ["Ada", None, "Grace", None]
    assert [record.fault.reason if record.fault else "" for record in read_] == ["", "CARD_CUT", "", "CARD_CUT"]


async def test_plt_14_a_photo_is_left_out_whatever_its_size_and_the_card_says_so() -> None:
    folded = "PHOTO;ENCODING=b:" + "\r\n ".join("A" * 70 for _ in range(30_000))
    _, read_ = await read(card("FN:Ada", folded, "TITLE:One") + card("FN:Eve", "PHOTO:" + "A" * 2_000_000, "TITLE:Two"))
    assert [record.cells["job_title"] for record in read_] == ["One", "Two"]
    assert [[notice.column for notice in record.notices] for record in read_] == [["PHOTO"], ["PHOTO"]]


@given(st.binary(max_size=300), st.integers(1, 40))
async def test_plt_14_no_bytes_crash_the_card_reader(content: bytes, size: int) -> None:
    found: list[Record] = []
    with suppress(UnreadableFile):
        _, found = await read(b"BEGIN:VCARD\n" + content, size)
    assert len(found) <= content.upper().count(b"BEGIN") + 1
