"""Which records are taken for one person, and why; and how often that is right on data of which the truth is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rapport_contact.domain.channel import Address, Channel, EmailAddress, PhoneNumber, PostalAddress
from rapport_contact.domain.match_policy import MatchPolicy
from rapport_contact.domain.matching.candidates import pairs
from rapport_contact.domain.matching.companies import core_name
from rapport_contact.domain.matching.features import Features, Place, person_features
from rapport_contact.domain.matching.keys import MOST_KEYS, blocking_keys
from rapport_contact.domain.matching.model import Match
from rapport_contact.domain.matching.person_model import FIELDS, PersonModel
from rapport_contact.domain.person import Person
from rapport_kit.domain import PartialDate

from .febrl import known

MODEL = PersonModel()
REVIEW = 0.5
HOME = PostalAddress(lines=("12 Mill Lane",), city="Leeds", postcode="LS1 4DY", country="GB")


def features(
    given_name: str = "", family_name: str = "", *reached: Address, company: str = "", **more: Any
) -> Features:
    channels = [Channel(address=address) for address in reached]
    person = Person(given_name=given_name, family_name=family_name, channels=channels, **more)
    person.settle("GB")
    return person_features(person, company)


def compared(one: Features, other: Features) -> Match:
    """Compared as in production: only what shares a key is."""
    assert set(blocking_keys(one)) & set(blocking_keys(other)), "never compared"
    return MODEL.compare(one, other)


def why(match: Match) -> dict[str, str]:
    return {reason.field: reason.method for reason in match.reasons}


def test_con_17_a_nickname_and_a_legal_form_do_not_hide_a_person() -> None:
    match = compared(
        features("Robert", "Andrews", company="Acme Inc"),
        features("Bob", "Andrews", company="ACME"),
    )
    assert match.score >= REVIEW
    assert (why(match)["given_name"], why(match)["organisation"]) == ("nickname", "company_suffix")


@pytest.mark.parametrize(
    ("one", "other", "method"),
    [
        (("Ada", "Okafor"), ("Okafor", "Ada"), ("name", "swapped")),
        (("Katherine", "Johnson"), ("Kathreine", "Johnson"), ("given_name", "typo")),
        (("Ada", "Schmidt"), ("Ada", "Schmitt"), ("family_name", "typo")),
        (("Mary Ann", "Smith"), ("Mary", "Smith"), ("given_name", "part")),
        (("Zoë", "Ångström"), ("Zoe", "Angstrom"), ("family_name", "exact")),
    ],
)
def test_con_17_names_are_compared_as_people_mistake_them(
    one: tuple[str, str], other: tuple[str, str], method: tuple[str, str]
) -> None:
    born = PartialDate(month=2, day=29, year=1980)
    match = compared(features(*one, birth_date=born), features(*other, birth_date=born))
    assert match.score >= REVIEW
    assert why(match)[method[0]] == method[1]


def test_con_17_transposed_digits_of_a_birth_date_are_a_slip() -> None:
    match = compared(
        features("Ada", "Okafor", birth_date=PartialDate(month=2, day=19, year=1980)),
        features("Ada", "Okafor", birth_date=PartialDate(month=2, day=19, year=1908)),
    )
    assert match.score >= REVIEW
    assert why(match)["birth_date"] == "typo"


def test_con_17_who_moved_house_is_still_the_same_person() -> None:
    born = PartialDate(month=2, day=19, year=1980)
    elsewhere = PostalAddress(lines=("Hauptstr. 5",), city="Köln", postcode="50667", country="DE")
    match = compared(
        features("Ada", "Okafor", HOME, birth_date=born), features("Ada", "Okafor", elsewhere, birth_date=born)
    )
    assert match.score >= 0.95
    assert why(match)["address"] == "different"


def test_con_17_one_address_is_found_under_another_name() -> None:
    match = compared(
        features("Ada", "Okafor", EmailAddress("ada.okafor@example.org")),
        features("Ada", "Lovelace", EmailAddress("Ada.Okafor@example.org")),
    )
    assert match.score >= 0.95


def test_con_17_a_letter_that_is_wrong_in_an_address_is_a_slip() -> None:
    match = compared(
        features("Ada", "Okafor", EmailAddress("ada.okafor@example.org")),
        features("Ada", "Okafor", EmailAddress("ada.okafro@example.org")),
    )
    assert why(match)["email"] == "typo"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (features("Anna", "Meier", HOME), features("Peter", "Meier", HOME)),
        (
            features("Anna", "Meier", HOME, PhoneNumber("+442079460100"), company="Acme"),
            features("Peter", "Kunz", HOME, PhoneNumber("+442079460100"), company="Acme"),
        ),
        (
            features("Anna", "Meier", EmailAddress("info@acme.example"), company="Acme"),
            features("Peter", "Kunz", EmailAddress("info@acme.example"), company="Acme"),
        ),
        (
            features("Anna", "Meier", EmailAddress("anna1@acme.example"), company="Acme"),
            features("Anna", "Kunz", EmailAddress("anna2@acme.example"), company="Acme"),
        ),
        (features("Anna", "Meier"), features("Anna", "Kunz")),
        (
            features("Anna", "Meier", EmailAddress("anna.meier@acme.example")),
            features("Anna", "Meier", EmailAddress("anna.meier2@acme.example")),
        ),
    ],
    ids=["a couple", "colleagues", "one mailbox for all", "numbered mailboxes", "a common given name", "the second"],
)
def test_con_17_people_who_share_their_surroundings_are_not_one(one: Features, other: Features) -> None:
    assert MODEL.compare(one, other).score < REVIEW


def test_con_17_two_of_one_name_with_numbered_mailboxes_at_one_company_are_for_somebody_to_decide() -> None:
    one = features("Anna", "Meier", EmailAddress("anna.meier@acme.example"), company="Acme")
    other = features("Anna", "Meier", EmailAddress("anna.meier2@acme.example"), company="Acme")
    assert REVIEW <= MODEL.compare(one, other).score < MatchPolicy().block_score
    born = PartialDate(month=2, day=19, year=1980)
    pair = [
        features("Anna", "Meier", EmailAddress(f"anna.meier{number}@acme.example"), birth_date=born) for number in "23"
    ]
    assert MODEL.compare(*pair).score >= MatchPolicy().block_score


def test_con_17_a_person_known_by_a_phone_number_only_has_no_name() -> None:
    assert features("", "", PhoneNumber("+442079460100")).family == ""


@pytest.mark.parametrize("name", ["Acme", "ACME Inc.", "Acme, Inc", "acme GmbH & Co. KG", "The Acme Co."])
def test_con_17_a_company_is_known_without_its_legal_form(name: str) -> None:
    assert core_name(name) == "acme"


def test_con_17_a_name_that_is_nothing_but_a_legal_form_stays() -> None:
    assert core_name("Holding AG") == "holding ag"


words = st.sampled_from(["ada", "bob", "robert", "okafor", "meier", "meyer", "li", "al", "anne marie", "van der berg"])
days = st.builds(PartialDate, month=st.integers(1, 3), day=st.integers(1, 3), year=st.sampled_from([0, 1980, 1981]))
emails = st.frozensets(
    st.sampled_from(["ada@a.example", "ada@b.example", "info@a.example", "bob@a.example"]), max_size=2
)
phones = st.frozensets(st.sampled_from(["+442079460100", "+442079460101", "+4930123456"]), max_size=2)
places = st.builds(
    Place,
    lines=st.lists(st.sampled_from(["mill lane", "mil lane", "hauptstr"]), max_size=2).map(tuple),
    number=st.sampled_from(["", "1", "12"]),
    postcode=st.sampled_from(["", "ls14dy", "50667"]),
    city=st.sampled_from(["", "leeds", "koln"]),
)
drawn = st.builds(
    Features,
    given=words | st.just(""),
    family=words | st.just(""),
    birth=days | st.none(),
    emails=emails,
    phones=phones,
    places=st.lists(places, max_size=2).map(tuple),
    organisation=st.sampled_from(["", "acme", "acme inc", "other"]),
    domains=st.frozensets(st.sampled_from(["a.example", "b.example"]), max_size=1),
).map(lambda made: replace(made, company=core_name(made.organisation)))


BORN_IN_SPRING = Features(
    given="meier",
    family="robert",
    birth=PartialDate(month=3, day=1),
    phones=frozenset({"+442079460100"}),
    organisation="acme",
    company="acme",
)


@given(drawn, drawn)
def test_con_17_which_record_comes_first_makes_no_difference(one: Features, other: Features) -> None:
    assert MODEL.compare(one, other) == MODEL.compare(other, one)


@given(drawn, drawn, st.floats(0, 1))
@example(BORN_IN_SPRING, BORN_IN_SPRING, 1.0).via("a score so near to one that its odds are not told from it")
def test_con_17_who_is_likely_is_who_scores_enough(one: Features, other: Features, least: float) -> None:
    match = MODEL.compare(one, other)
    assert MODEL.likely(one, other, least) == (match if match.score >= least else None)
    assert MODEL.likely(one, other, match.score) == match


@given(drawn, drawn, st.data())
def test_con_17_what_both_records_gain_never_lowers_the_score(
    one: Features, other: Features, data: st.DataObject
) -> None:
    empty = Features()
    lacking = [
        name
        for name in ("given", "family", "birth", "emails", "phones", "places")
        if getattr(one, name) == getattr(other, name) == getattr(empty, name)
    ]
    if not lacking:
        return
    name = data.draw(st.sampled_from(lacking))
    gained = {name: data.draw(drawn.map(lambda made: getattr(made, name)))}
    before, after = MODEL.compare(one, other), MODEL.compare(replace(one, **gained), replace(other, **gained))
    assert after.score >= before.score - 1e-12


@given(drawn, drawn, st.dictionaries(st.sampled_from(FIELDS), st.floats(0, 2)))
def test_con_17_a_score_is_a_probability_whatever_the_weights(
    one: Features, other: Features, factors: dict[str, float]
) -> None:
    match = PersonModel(factors).compare(one, other)
    assert 0 <= match.score <= 1
    assert all(reason.contribution == 0 for reason in match.reasons if factors.get(reason.field) == 0)


@given(st.lists(drawn, max_size=6), st.randoms())
def test_con_17_the_order_of_records_makes_no_difference(records: list[Features], random: Any) -> None:
    order = list(range(len(records)))
    random.shuffle(order)
    straight = {pair: match.score for pair, match in pairs(records, MODEL)}
    shuffled = {
        tuple(sorted((order[one], order[other]))): match.score
        for (one, other), match in pairs([records[place] for place in order], MODEL)
    }
    assert shuffled == straight


@given(drawn)
def test_con_17_keys_of_a_record_are_few_and_distinct(record: Features) -> None:
    keys = blocking_keys(record)
    assert len(keys) == len(set(keys)) <= MOST_KEYS


@pytest.mark.parametrize("name", ["dataset1.csv", "dataset3.csv"])
def test_con_17_duplicates_of_known_data_are_found(name: str) -> None:
    data = known(name)
    scores = data.scores(MODEL)
    for threshold in (REVIEW - 0.05, REVIEW, REVIEW + 0.05):
        judged = data.judge(scores, threshold)
        assert judged.f1 >= 0.98, (threshold, judged)
