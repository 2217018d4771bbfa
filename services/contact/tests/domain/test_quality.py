"""What data quality is worth."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rapport_contact.domain.channel import Channel, EmailAddress
from rapport_contact.domain.person import Person
from rapport_contact.domain.quality import PERSON_CHECKS, PERSON_WEIGHTS, Dimension, Seen, evaluate

NOW = datetime(2026, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=365)


def seen(person: Person, age: timedelta = timedelta(), duplicates: int = 0) -> Seen:
    person.update_time = NOW - age
    return Seen(person, NOW, YEAR, duplicates)


def test_con_19_what_is_missing_costs_its_share() -> None:
    person = Person(channels=[Channel(address=EmailAddress("ada@example.org"))])
    found = evaluate(seen(person), PERSON_CHECKS, {"email": 40, "phone": 20, "job_title": 40})
    assert found.score == 40
    assert [(issue.reason, issue.cost) for issue in found.issues] == [("job_title_missing", 40), ("phone_missing", 20)]


def test_con_19_what_has_ended_or_is_old_does_not_count() -> None:
    person = Person(channels=[Channel(address=EmailAddress("ada@example.org"), valid_to=NOW)])
    found = evaluate(seen(person, age=2 * YEAR, duplicates=1), PERSON_CHECKS, {"email": 1, "fresh": 1, "unique": 2})
    assert found.score == 0
    assert {found.dimensions[each] for each in (Dimension.FRESHNESS, Dimension.UNIQUENESS)} == {0}
    assert found.dimensions[Dimension.VALIDITY] == 100


@given(
    st.dictionaries(st.sampled_from(sorted(PERSON_CHECKS)), st.integers(0, 1000)).filter(lambda w: any(w.values())),
    st.booleans(),
    st.integers(0, 3),
)
def test_con_19_the_score_lies_between_0_and_100_whatever_counts(
    weights: dict[str, int], stale: bool, duplicates: int
) -> None:
    found = evaluate(seen(Person(job_title="X"), 2 * YEAR * stale, duplicates), PERSON_CHECKS, weights)
    assert 0 <= found.score <= 100
    assert all(0 <= points <= 100 for points in found.dimensions.values())
    assert bool(found.issues) or found.score == 100


def test_con_19_the_defaults_name_checks_that_are() -> None:
    assert PERSON_WEIGHTS.keys() <= PERSON_CHECKS.keys()
    assert sum(PERSON_WEIGHTS.values()) == 100
