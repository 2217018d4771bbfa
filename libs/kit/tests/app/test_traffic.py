"""What is left of the time for work that nobody waits for, and for telling others of an import."""

from __future__ import annotations

import pytest

from rapport_kit.app import traffic
from rapport_kit.app.traffic import ALONE, BESIDE_OTHERS, Traffic


def test_work_that_nobody_waits_for_keeps_to_a_share_while_somebody_is_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    process = Traffic()
    assert process.share() == ALONE
    process.note()
    assert process.share() == BESIDE_OTHERS
    monkeypatch.setattr(traffic, "RECENT", 0.0)
    assert process.share() == ALONE


def test_others_are_told_of_an_import_at_once_when_it_is_through(monkeypatch: pytest.MonkeyPatch) -> None:
    process = Traffic()
    process.note()
    assert process.bulk_share() == 1.0
    process.note_bulk()
    assert process.bulk_share() == BESIDE_OTHERS
    monkeypatch.setattr(traffic, "RECENT", 0.0)
    assert process.bulk_share() == 1.0
