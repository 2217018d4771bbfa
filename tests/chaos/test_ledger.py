"""The oracle sees what is lost, doubled and out of order, and calls nothing wrong that is right."""

from __future__ import annotations

from typing import Any

import pytest

from tests.chaos.ledger import IMPORTED, Ledger, Verdict, judge_effects


def state(version: int, id_: str = "a", title: str = "") -> dict[str, Any]:
    return {"id": id_, "etag": f'"{version}"', "jobTitle": title or f"title {version}"}


def ledger(*acknowledged: dict[str, Any]) -> Ledger:
    book = Ledger()
    for at, body in enumerate(acknowledged):
        book.acknowledge("people", body, float(at))
    return book


def counts(verdict: Verdict) -> tuple[int, int, int]:
    return verdict.lost, verdict.doubled, verdict.out_of_order


def judged(book: Ledger, *past: dict[str, Any]) -> tuple[int, int, int]:
    """The verdict when one record went through the states of `past`."""
    records, revisions = ({"a": past[-1]}, {"a": past}) if past else ({}, {})
    return counts(book.judge(records, revisions))


def test_a_record_that_went_through_its_acknowledged_writes_is_right() -> None:
    assert judged(ledger(state(1), state(2)), state(1), state(2)) == (0, 0, 0)


def test_a_record_that_is_not_there_is_lost() -> None:
    assert judged(ledger(state(1))) == (1, 0, 0)


def test_an_acknowledged_change_that_is_not_there_is_lost() -> None:
    assert judged(ledger(state(1), state(2)), state(1)) == (1, 0, 0)


def test_a_change_that_was_overwritten_unseen_is_lost() -> None:
    book = ledger(state(1), state(2, title="mine"), state(2, title="yours"))
    assert judged(book, state(1), state(2, title="yours")) == (1, 0, 0)


def test_a_change_that_nobody_was_told_of_is_doubled() -> None:
    assert judged(ledger(state(1), state(2)), state(1), state(2), state(3)) == (0, 1, 0)


def test_a_record_that_differs_from_its_own_past_is_lost() -> None:
    verdict = ledger(state(1)).judge({"a": state(1, title="other")}, {"a": [state(1)]})
    assert counts(verdict) == (1, 0, 0)


def test_a_record_that_nobody_was_told_of_is_doubled() -> None:
    records = {"a": state(1), "b": state(1, "b")}
    revisions = {"a": [state(1)], "b": [state(1, "b")]}
    assert counts(ledger(state(1)).judge(records, revisions)) == (0, 1, 0)


def test_versions_with_a_gap_are_out_of_order() -> None:
    assert judged(ledger(state(1), state(3)), state(1), state(3)) == (0, 0, 1)


def imported(row: str, id_: str = "a", family: str = "Okafor") -> dict[str, Any]:
    """A person as they come from a row."""
    mail = {"email": {"address": "ada@example.org"}}
    named = {"givenName": "Ada", "familyName": family, "channels": [mail]}
    return named | {"id": id_, "etag": '"1"', "externalIds": [{"system": IMPORTED, "value": row}]}


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([imported("1"), imported("2", "b")], (0, 0, 0)),
        ([imported("1")], (1, 0, 0)),
        ([imported("1"), imported("2", "b"), imported("2", "c")], (0, 1, 0)),
        ([imported("1"), imported("2", "b", family="Oka")], (1, 0, 0)),
        ([imported("1"), imported("2", "b"), imported("3", "c")], (0, 1, 0)),
    ],
    ids=["each once", "one missing", "one twice", "one with another name", "one from nowhere"],
)
def test_rows_are_there_once_and_as_they_were(people: list[dict[str, Any]], expected: tuple[int, int, int]) -> None:
    book = Ledger()
    book.bring_in({row: {"givenName": "Ada", "familyName": "Okafor", "email": "ada@example.org"} for row in "12"})
    records = {each["id"]: each for each in people}
    assert counts(book.judge(records, {id_: [each] for id_, each in records.items()})) == expected


@pytest.mark.parametrize(
    ("effects", "expected"),
    [
        ([("a", 1), ("b", 1), ("a", 2)], (0, 0, 0)),
        ([("a", 1), ("a", 2)], (1, 0, 0)),
        ([("a", 1), ("b", 1), ("a", 2), ("b", 1)], (0, 1, 0)),
        ([("a", 2), ("a", 1), ("b", 1)], (0, 0, 1)),
        ([("a", 1), ("a", 2), ("b", 1), ("c", 1)], (0, 1, 0)),
    ],
    ids=["each once in order", "one missing", "one twice", "one too early", "one from nowhere"],
)
def test_effects_are_compared_with_what_happened(
    effects: list[tuple[str, int]], expected: tuple[int, int, int]
) -> None:
    revisions = {"a": [state(1), state(2)], "b": [state(1, "b")]}
    assert counts(judge_effects(effects, revisions)) == expected


def test_the_longest_silence_counts_from_the_beginning_and_to_the_end() -> None:
    book = Ledger()
    for at in (2.0, 3.0, 4.5):
        book.acknowledge("people", state(1), at)
    assert book.longest_silence(0.0, 5.0) == 2.0
    assert book.longest_silence(1.5, 9.0) == 4.5
