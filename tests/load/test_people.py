"""What the bench copies into contact's tables is what contact would have written itself."""

from __future__ import annotations

from uuid import UUID

import phonenumbers
import pytest

from rapport_contact.domain.channel import Channel, EmailAddress, PhoneNumber
from rapport_contact.domain.person import Person
from rapport_contact.service import service
from rapport_contact.storage import documents, match_keys
from rapport_kit.testing.stack import keys_of
from tests.load import contact, people
from tests.load.people import Drawn
from tests.load.sample import Sample, percentile

TENANT = UUID("018f0000-0000-7000-8000-000000000001")
SOME = [people.person(number) for number in range(1, 400)]


def as_contact_has_it(drawn: Drawn) -> Person:
    channels = [Channel(address=EmailAddress(drawn.email))]
    if drawn.phone:
        channels.append(Channel(address=PhoneNumber(drawn.phone)))
    person = Person(id=drawn.id, given_name=drawn.given_name, family_name=drawn.family_name, channels=channels)
    person.__dict__["_tenant"] = TENANT
    person.settle()
    return person


def test_a_copied_person_is_found_by_the_words_of_a_created_one() -> None:
    for drawn in SOME:
        assert contact.search_document(drawn, TENANT) == documents.search_document(as_contact_has_it(drawn))


def test_a_copied_person_has_the_keys_of_a_created_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, key in keys_of(service).items():
        monkeypatch.setenv(name, key)
    for drawn in SOME:
        person = as_contact_has_it(drawn)
        person.organisation_id = drawn.organisation_id
        assert contact.match_keys(drawn, TENANT) == match_keys.keys_of_person(person)


def test_channels_are_drawn_in_their_normal_form() -> None:
    for drawn in SOME:
        normalized = [channel.normalized for channel in as_contact_has_it(drawn).channels]
        assert normalized == [address for address in (drawn.email, drawn.phone) if address]


def test_phone_numbers_are_valid() -> None:
    numbers = [phonenumbers.parse(drawn.phone) for drawn in SOME if drawn.phone]
    assert numbers
    assert all(map(phonenumbers.is_valid_number, numbers))


def test_no_two_people_or_channels_share_an_identifier() -> None:
    ids = [id for drawn in SOME for id in (drawn.id, drawn.email_id, drawn.phone_id) if id]  # noqa: A001
    assert len(set(ids)) == len(ids)


def test_growing_in_steps_makes_each_organisation_once() -> None:
    steps = [people.organisations(1, 10), people.organisations(11, 100), people.organisations(101, 1000)]
    assert [number for step in steps for number in step] == list(range(1000 // people.PEOPLE_PER_ORGANISATION + 1))


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.95, 95), (0.99, 99), (1.0, 100)])
def test_percentiles_are_by_nearest_rank(share: float, expected: float) -> None:
    assert percentile(list(range(1, 101)), share) == expected


def test_a_sample_without_answers_meets_no_target() -> None:
    assert Sample.of([], 1.0).p95 == float("inf")
