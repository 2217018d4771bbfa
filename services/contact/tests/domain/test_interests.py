"""How interests follow from what was stated and from events, and how they fade."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport_contact.domain.interest import (
    HALF_LIFE,
    MOST_EVIDENCE,
    Interest,
    InterestEvidence,
    InterestSource,
    InterestTopic,
    faded,
    resolve,
    strength_of,
    united,
)
from rapport_kit.errors import Invalid

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PERSON, GOLF, OPERA = UUID(int=1), UUID(int=2), UUID(int=3)

strengths = st.floats(0.001, 1)
times = st.integers(0, 3_000).map(lambda hours: NOW - timedelta(hours=hours))


def evidence(most: int = 8) -> st.SearchStrategy[list[InterestEvidence]]:
    one = st.builds(InterestEvidence, event_id=st.integers(0, 10_000).map(str), occur_time=times, strength=strengths)
    return st.lists(one, min_size=1, max_size=most, unique_by=lambda each: each.event_id)


def inferred(*events: InterestEvidence, topic: UUID = GOLF) -> Interest:
    interest = Interest(person_id=PERSON, interest_topic_id=topic, source=InterestSource.INFERRED)
    for each in events:
        interest.observe(each)
    return interest


def stated(strength: float, at: datetime = NOW) -> Interest:
    return Interest(person_id=PERSON, interest_topic_id=GOLF, strength=strength, create_time=at)


def click(number: int, days_ago: float = 0, strength: float = 0.5) -> InterestEvidence:
    return InterestEvidence(f"click/{number}", NOW - timedelta(days=days_ago), strength)


@given(evidence(), st.integers(0, 5_000))
def test_con_06_what_was_inferred_has_half_its_strength_180_days_later(
    events: list[InterestEvidence], hours: int
) -> None:
    at = NOW + timedelta(hours=hours)
    before, after = (resolve([inferred(*events)], each)[0].strength for each in (at, at + timedelta(days=180)))
    assert 0 < after < before <= 1
    assert after == pytest.approx(before / 2)


@given(st.integers(0, 10_000), st.integers(0, 10_000), strengths)
def test_con_06_fading_goes_on_as_if_it_were_looked_at_in_between(first: int, then: int, strength: float) -> None:
    between, end = NOW + timedelta(hours=first), NOW + timedelta(hours=first + then)
    assert faded(faded(strength, NOW, between), between, end) == pytest.approx(faded(strength, NOW, end))


@given(evidence(), st.data())
def test_con_06_events_count_once_in_whatever_order_they_come(events: list[InterestEvidence], data: Any) -> None:
    again = data.draw(st.permutations([*events, *data.draw(st.lists(st.sampled_from(events), max_size=5))]))
    one, other = inferred(*events), inferred(*again)
    assert (one.evidence, one.strength, one.evidence_time) == (other.evidence, other.strength, other.evidence_time)
    assert one.evidence_time == max(each.occur_time for each in events)


@given(evidence(), strengths)
def test_con_06_one_more_event_never_lessens_an_interest(events: list[InterestEvidence], strength: float) -> None:
    later = InterestEvidence("later", NOW, strength)
    before, after = strength_of(united(events), NOW), strength_of(united([*events, later]), NOW)
    assert max(before, strength) <= after + 1e-12 <= 1 + 1e-12


@given(evidence(), st.integers(1, 7))
def test_con_06_interests_of_merged_people_count_as_one(events: list[InterestEvidence], cut: int) -> None:
    parts = [inferred(*part) for part in (events[:cut], events[cut - 1 :]) if part]
    assert resolve(parts, NOW) == resolve([inferred(*events)], NOW)


@given(evidence(), st.floats(0, 1))
def test_con_06_a_statement_goes_before_inference_and_does_not_fade(
    events: list[InterestEvidence], strength: float
) -> None:
    for at in (NOW, NOW + 10 * HALF_LIFE):
        (counting,) = resolve([inferred(*events), stated(strength, NOW - timedelta(days=9))], at)
        assert (counting.strength, counting.source) == (strength, InterestSource.STATED)
        assert counting.evidence_event_ids == []


def test_con_06_the_newest_statement_counts() -> None:
    said = [stated(0.0), stated(0.8, NOW - timedelta(days=1)), stated(0.3, NOW - timedelta(days=2))]
    assert [each.strength for each in resolve(said, NOW)] == [0.0]


def test_con_06_topics_come_the_strongest_first() -> None:
    found = resolve([inferred(click(1)), inferred(click(2, strength=0.7), topic=OPERA)], NOW)
    assert [each.interest_topic_id for each in found] == [OPERA, GOLF]


def test_con_06_the_newest_events_are_kept_and_an_older_one_that_comes_again_adds_nothing() -> None:
    golf = inferred(*(click(day, day, 0.01) for day in range(MOST_EVIDENCE + 1)))
    kept, strength = list(golf.evidence), golf.strength
    assert [each.event_id for each in kept] == [f"click/{day}" for day in reversed(range(MOST_EVIDENCE))]
    golf.observe(click(MOST_EVIDENCE, MOST_EVIDENCE, 0.01))
    assert (golf.evidence, golf.strength) == (kept, strength)


@pytest.mark.parametrize("strength", [None, -0.1, 1.1, float("nan")])
def test_con_06_a_strength_lies_between_none_and_one(strength: float | None) -> None:
    with pytest.raises(Invalid, match="strength"):
        Interest(person_id=PERSON, interest_topic_id=GOLF, strength=strength).settle()


@pytest.mark.parametrize("strength", [0, 1.1, float("nan")])
def test_con_06_an_event_that_says_nothing_is_no_evidence(strength: float) -> None:
    with pytest.raises(Invalid, match="strength"):
        inferred(click(1, strength=strength))


def test_con_06_a_topic_has_a_name() -> None:
    topic = InterestTopic(display_name=" Golf ")
    topic.settle()
    assert topic.display_name == "Golf"
    with pytest.raises(Invalid, match="display_name"):
        InterestTopic(display_name=" ").settle()
