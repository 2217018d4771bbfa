"""What files are by their content, and what links prove."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport_contact.domain.content_type import sniffed
from rapport_contact.domain.file import File, FileScanState
from rapport_contact.domain.link import LONGEST, Link
from rapport_kit.errors import Invalid, NotFound, Refused

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
KEY, OLD_KEY = b"k" * 32, b"o" * 32


def archive(*names: str, first: bytes = b"<x/>") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as members:
        for name in names:
            members.writestr(name, first)
    return made.getvalue()


@pytest.mark.parametrize(
    ("head", "name", "claimed", "expected"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a.png", "image/png", "image/png"),
        (b"%PDF-1.7\n", "a.jpg", "image/jpeg", "application/pdf"),
        (b"a,b\n1,2\n", "people.csv", "", "text/csv"),
        (b"a,b\n1,2\n", "people", "text/csv; charset=utf-8", "text/csv"),
        (b"a,b\n1,2\n", "people", "image/png", "text/plain"),
        ("Grüße".encode()[:-1] + "ü".encode()[:1], "a.txt", "", "text/plain"),
        (b"", "empty.bin", "", "text/plain"),
        (b"\x00\x01\x02\x03", "a.txt", "text/plain", "application/octet-stream"),
        (archive("a.txt"), "a.docx", "", "application/zip"),
        (archive("word/document.xml"), "a.zip", "application/zip", "…wordprocessingml.document"),
        (archive("[Content_Types].xml", "ppt/x.xml"), "a", "", "…presentationml.presentation"),
        (archive("mimetype", first=b"application/epub+zip"), "a", "", "application/epub+zip"),
        (b"<!DOCTYPE html><html>", "a.txt", "text/plain", "text/html"),
    ],
)
def test_con_16_content_says_what_it_is(head: bytes, name: str, claimed: str, expected: str) -> None:
    assert sniffed(head, name, claimed).endswith(expected.removeprefix("…"))


@given(st.binary(max_size=200), st.text(max_size=30), st.text(max_size=30))
def test_con_16_any_content_has_a_media_type_that_a_header_can_carry(head: bytes, name: str, claimed: str) -> None:
    with suppress(Invalid):
        kind = sniffed(head, name, claimed)
        assert kind.count("/") == 1
        assert kind.isascii()
        assert not set(kind) & set(' ;\r\n"')


@pytest.mark.parametrize("name", ["a.exe", "a.pdf.JS", "x.bat", "C:\\tmp\\setup.MSI"])
def test_con_16_a_name_under_which_a_system_runs_the_content_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="programs are not taken"):
        File(file_name=name, person_id=uuid4()).settle()


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [("C:\\a\\b.txt", "b.txt"), ("../../etc/passwd", "passwd"), (" x.txt ", "x.txt"), ("exe", "exe")],
)
def test_con_16_a_name_is_no_path(given_name: str, kept: str) -> None:
    file = File(file_name=given_name, person_id=uuid4())
    file.settle()
    assert file.file_name == kept


@pytest.mark.parametrize(
    ("state", "unscanned", "reason"),
    [
        (FileScanState.UNSCANNED, True, ""),
        (FileScanState.UNSCANNED, False, "FILE_NOT_SCANNED"),
        (FileScanState.PENDING, True, "FILE_NOT_SCANNED"),
        (FileScanState.INFECTED, True, "FILE_INFECTED"),
        (FileScanState.CLEAN, False, ""),
    ],
)
def test_con_16_only_what_is_scanned_goes_out_unless_there_is_no_scanner(
    state: FileScanState, unscanned: bool, reason: str
) -> None:
    file = File(file_name="a.txt", person_id=uuid4(), scan_state=state)
    if not reason:
        file.check_readable(unscanned=unscanned)
        return
    with pytest.raises(Refused) as refused:
        file.check_readable(unscanned=unscanned)
    assert refused.value.reason == reason


@given(st.uuids(), st.uuids(), st.timedeltas(timedelta(seconds=1), LONGEST))
def test_con_16_a_link_proves_what_it_was_made_for_until_it_ends(
    tenant: UUID, file_id: UUID, lifetime: timedelta
) -> None:
    link = Link.to(tenant, file_id, lifetime, NOW)
    assert Link.of(link.token(OLD_KEY), [KEY, OLD_KEY], NOW) == link
    with pytest.raises(NotFound):
        Link.of(link.token(OLD_KEY), [KEY, OLD_KEY], link.expire_time)


@given(st.integers(0, 95), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"))
def test_con_16_a_link_that_was_changed_proves_nothing(place: int, letter: str) -> None:
    token = Link.to(UUID(int=1), UUID(int=2), LONGEST, NOW).token(KEY)
    changed = token[:place] + letter + token[place + 1 :]
    if changed == token:
        return
    with pytest.raises(NotFound):
        Link.of(changed, [KEY], NOW)


@given(st.text(max_size=200))
def test_con_16_any_other_text_is_no_link(token: str) -> None:
    with pytest.raises(NotFound):
        Link.of(token, [KEY], NOW)
