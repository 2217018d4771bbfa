"""Preferences that contradict one another, and moves through the lifecycle, whatever they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport_contact.domain.contacting import WEIGHT, Provenance
from rapport_contact.domain.lifecycle import (
    LifecycleMove,
    MoveOutcome,
    is_backward,
    lifecycle,
    move,
    move_by_event,
)
from rapport_contact.domain.person import LifecycleStage, Person, PersonKind
from rapport_contact.domain.preference import Preference, resolve
from rapport_kit.errors import DomainError

PERSON = UUID(int=1)
START = datetime(2026, 1, 1, tzinfo=UTC)
days = st.integers(0, 9).map(lambda day: START + timedelta(days=day))
stated = st.builds(
    Preference,
    person_id=st.just(PERSON),
    key=st.sampled_from(["diet", "seat"]),
    value=st.sampled_from("abc"),
    scope=st.sampled_from(["", "work"]),
    source=st.sampled_from(Provenance),
    valid_from=days,
    valid_to=st.none() | days,
    create_time=days,
)


@given(st.lists(stated, max_size=6), st.randoms(), st.sampled_from(["", "work"]), days)
def test_of_each_key_one_value_counts_whatever_the_order(
    known: list[Preference], random: object, scope: str, at: datetime
) -> None:
    counting = resolve(known, scope, at)
    shuffled = sorted(known, key=lambda each: random.random())  # type: ignore[attr-defined]
    assert resolve(shuffled, scope, at) == counting
    holding = [each for each in known if each.scope in ("", scope) and each.holds(at)]
    assert [each.key for each in counting] == sorted({each.key for each in holding})
    for each in counting:
        rivals = [other for other in holding if other.key == each.key and other.scope == each.scope]
        assert each in rivals
        assert WEIGHT[each.source] == min(WEIGHT[other.source] for other in rivals)
        alike = [other for other in rivals if other.source is each.source]
        assert each.valid_from == max(other.valid_from for other in alike if other.valid_from)


@given(st.lists(stated, max_size=6), stated, days)
def test_no_guess_changes_what_was_stated(known: list[Preference], guess: Preference, at: datetime) -> None:
    guess.source, guess.scope = Provenance.INFERRED, ""
    before = {each.key: each for each in resolve(known, "", at) if each.source is not Provenance.INFERRED}
    after = {each.key: each for each in resolve([*known, guess], "", at)}
    assert before.items() <= after.items()


stages, kinds = st.sampled_from(LifecycleStage), st.none() | st.sampled_from(PersonKind)


@given(kinds, stages, stages)
def test_an_event_moves_forward_or_says_why_not(
    kind: PersonKind | None, current: LifecycleStage, wanted: LifecycleStage
) -> None:
    person = Person(display_name="Ada", kind=kind, lifecycle_stage=current)
    made = move_by_event(person, wanted, "something")
    assert person.lifecycle_stage is (wanted if made.outcome is MoveOutcome.MOVED else current)
    assert (made.outcome is MoveOutcome.MOVED) == (
        person.has_lifecycle and wanted is not current and not is_backward(current, wanted)
    )


@given(kinds, stages, stages, st.booleans(), st.sampled_from(["", "because"]))
def test_a_request_moves_as_an_event_does_and_back_with_permission_and_reason(
    kind: PersonKind | None, current: LifecycleStage, wanted: LifecycleStage, permitted: bool, reason: str
) -> None:
    person = Person(display_name="Ada", kind=kind, lifecycle_stage=current)
    free = person.has_lifecycle and wanted is not current
    may = free and (not is_backward(current, wanted) or (permitted and bool(reason)))
    if may:
        move(person, wanted, reason=reason, may_move_back=permitted)
    else:
        with pytest.raises(DomainError):
            move(person, wanted, reason=reason, may_move_back=permitted)
    assert person.lifecycle_stage is (wanted if may else current)


@given(st.lists(st.tuples(stages, st.integers(0, 100)), max_size=6), stages)
def test_stays_follow_one_another_without_a_gap_and_add_up(
    made: list[tuple[LifecycleStage, int]], current: LifecycleStage
) -> None:
    time, moves = START, []
    for stage, hours in made:
        time += timedelta(hours=hours)
        moves.append(LifecycleMove(person_id=PERSON, from_stage=stage, to_stage=current, create_time=time))
    now = time + timedelta(days=1)
    found = lifecycle(START, current, moves, now)
    assert [stay.end_time for stay in found.stays[:-1]] == [stay.start_time for stay in found.stays[1:]]
    assert sum((stay.duration for stay in found.stays), timedelta()) == now - START
    assert found.stays[-1].end_time is None
