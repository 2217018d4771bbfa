"""The rules of timelines: what is in force follows from the record's states, however the rest arrives."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from rapport_contact.domain.timeline import SUMMARY, Line, entry_id, restated, summarised

START = datetime(2026, 3, 1, tzinfo=UTC)
ACTOR = UUID(int=1)
RECORDS = [UUID(int=100 + n) for n in range(3)]
PEOPLE = [UUID(int=200 + n) for n in range(3)]
Kept = dict[UUID, Line]


@st.composite
def states(draw: st.DrawFn, record: UUID) -> list[list[Line]]:
    """What one record told after each of its changes: about whom, and what."""
    lines = st.builds(
        Line,
        kind=st.just("activity"),
        occurred=st.integers(0, 5).map(lambda hour: START + timedelta(hours=hour)),
        summary=st.sampled_from(["One", "Other"]),
        actor=st.just(ACTOR),
        resource=st.just("contact.rapport/Activity"),
        record_id=st.just(record),
        person_id=st.sampled_from(PEOPLE),
    )
    return draw(st.lists(st.lists(lines, max_size=3, unique_by=lambda line: line.person_id), max_size=5))


def in_force(kept: Kept, record: UUID) -> list[tuple[UUID, Line]]:
    corrected = {line.corrects for line in kept.values()}
    return [(id_, line) for id_, line in kept.items() if line.record_id == record and id_ not in corrected]


def handle(kept: Kept, record: UUID, sequence: int, wanted: list[Line]) -> None:
    for place, line in enumerate(restated(ACTOR, in_force(kept, record), wanted)):
        kept[entry_id("contact", record, sequence, place, START + timedelta(seconds=sequence))] = line


def shown(kept: Kept) -> set[tuple[object, ...]]:
    return {
        (line.record_id, line.about, line.content)
        for record in RECORDS
        for _, line in in_force(kept, record)
        if not line.retracted
    }


@settings(max_examples=30)
@given(st.tuples(*(states(record) for record in RECORDS)), st.randoms(use_true_random=False))
def test_con_11_the_order_in_which_records_arrive_makes_no_difference(
    histories: tuple[list[list[Line]], ...], shuffle: random.Random
) -> None:
    turns = [record for record, history in zip(RECORDS, histories, strict=True) for _ in history]
    outcomes = []
    for _ in range(2):
        shuffle.shuffle(turns)
        kept: Kept = {}
        told = dict.fromkeys(RECORDS, 0)
        for record in turns:
            told[record] += 1
            handle(kept, record, told[record], histories[RECORDS.index(record)][told[record] - 1])
        outcomes.append(kept)
    assert outcomes[0] == outcomes[1]


@settings(max_examples=30)
@given(states(RECORDS[0]))
def test_con_11_what_is_in_force_is_what_the_record_told_last(history: list[list[Line]]) -> None:
    kept: Kept = {}
    for sequence, wanted in enumerate(history, 1):
        before = dict(kept)
        handle(kept, RECORDS[0], sequence, wanted)
        assert before.items() <= kept.items(), "nothing is ever changed or taken away"
    expected = {(line.record_id, line.about, line.content) for line in (history[-1] if history else [])}
    assert shown(kept) == expected


@settings(max_examples=30)
@given(states(RECORDS[0]).filter(bool))
def test_con_11_a_change_that_nobody_would_notice_adds_nothing(history: list[list[Line]]) -> None:
    kept: Kept = {}
    handle(kept, RECORDS[0], 1, history[-1])
    size = len(kept)
    handle(kept, RECORDS[0], 2, [replace(line, actor=UUID(int=9)) for line in history[-1]])
    assert len(kept) == size


@settings(max_examples=30)
@given(st.integers(1, 10**6), st.integers(0, 50), st.integers(0, 2**40))
def test_con_11_an_id_is_the_same_each_time_and_begins_with_the_time(sequence: int, place: int, when: int) -> None:
    occurred = START + timedelta(milliseconds=when)
    made = entry_id("contact", RECORDS[0], sequence, place, occurred)
    assert made == entry_id("contact", RECORDS[0], sequence, place, occurred)
    assert made != entry_id("identity", RECORDS[0], sequence, place, occurred)
    assert made.int >> 80 == (occurred - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert (made.version, made.variant) == (8, "specified in RFC 4122")


@given(st.text(max_size=2_000))
def test_con_11_a_summary_is_one_short_line(text: str) -> None:
    line = summarised(text)
    assert len(line) <= SUMMARY
    assert "\n" not in line
