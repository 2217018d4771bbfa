"""The timeline that must come of acknowledged writes: one entry for each thing that a reader notices."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.chaos.ledger import Ledger
from tests.chaos.timeline import expected
from tests.chaos.truth import Truth

GONE = {"deleteTime": "2031-01-02T10:00:00Z"}
DONE = {"state": "TASK_STATE_DONE", "completeTime": "2031-01-02T10:00:00Z"}


def told(plural: str, *states: dict[str, Any], became: str = "") -> list[tuple[str, str, bool, bool]]:
    """Of one record of `p` that went through these states: of whom, what, whether taken back, whether in force."""
    book, same = Ledger(), {"createTime": "2031-01-01T10:00:00Z", "startTime": "2031-01-01T10:00:00Z"}
    for version, state in enumerate(states, 1):
        body = same | state | {"id": "p" if plural == "people" else "a", "etag": f'"{version}"'}
        book.acknowledge(plural, body, float(version), about="" if plural == "people" else "p")
    kinds = {write.id: write.plural for write in book.writes}
    truth = Truth({}, {}, kinds, Counter(), {"p": became} if became else {}, {})
    return [(each.customer, each.summary, each.retracted, each.in_force) for each in expected(book, truth)]


@pytest.mark.parametrize(
    ("states", "entries"),
    [
        ([{"body": "A"}], [("p", "A", False, True)]),
        ([{"body": "A"}, {"body": "A", "pinned": True}], [("p", "A", False, True)]),
        ([{"body": "A"}, {"body": "B"}], [("p", "A", False, False), ("p", "B", False, True)]),
        ([{"body": "A"}, {"body": "A"} | GONE], [("p", "A", False, False), ("p", "A", True, True)]),
    ],
    ids=["made", "changed beside what is told", "edited", "in the trash"],
)
def test_a_note_is_told_as_it_is_now(states: list[dict[str, Any]], entries: list[tuple[str, str, bool, bool]]) -> None:
    assert told("notes", *states) == entries


def test_a_task_is_told_while_it_is_done() -> None:
    open_ = {"title": "A", "state": "TASK_STATE_OPEN"}
    assert told("tasks", open_) == []
    assert told("tasks", open_, {"title": "A"} | DONE, open_) == [("p", "A", False, False), ("p", "A", True, True)]


def test_people_come_go_and_become_one() -> None:
    assert told("people", {}, GONE, {}) == [
        ("p", "Created", False, True),
        ("p", "Deleted", False, True),
        ("p", "Brought back", False, True),
    ]
    assert told("people", {}, {"mergedInto": "q"} | GONE, became="q") == [
        ("q", "Created", False, True),
        ("q", "Merged with another record", False, True),
    ]
