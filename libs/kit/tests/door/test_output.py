"""What resource commands print for people."""

from __future__ import annotations

import pytest

from rapport.contact.v1.people_pb2 import Person
from rapport_kit.door.output import table

ID = "01a20023-27e9-7c23-bc64-9786f897c81b"
ADA = Person(id=ID, display_name="Ada Lovelace", given_name="Ada", family_name="Lovelace", locale="en-GB")


@pytest.mark.parametrize(("width", "headings"), [("140", 5), ("80", 3), ("40", 2)])
def test_a_narrow_terminal_shows_fewer_columns_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], width: str, headings: int
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    monkeypatch.setenv("FORCE_COLOR", "1")
    table("people", [ADA])
    printed = capsys.readouterr().out
    assert printed.splitlines()[0].count("┳") == headings - 1


def test_where_there_is_no_terminal_nothing_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    table("people", [ADA])
    printed = capsys.readouterr().out
    assert {"Ada Lovelace", "en-GB"} <= {cell.strip() for cell in printed.replace("│", "\n").splitlines()}
