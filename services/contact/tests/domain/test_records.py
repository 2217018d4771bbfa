"""People and organisations, and their agreement with the contract."""

from __future__ import annotations

import pytest

from rapport.contact.v1 import organisations_pb2, people_pb2
from rapport_contact.domain.channel import Channel, EmailAddress
from rapport_contact.domain.organisation import Organisation, SizeBand
from rapport_contact.domain.person import LifecycleStage, Person
from rapport_contact.domain.record import ExternalId
from rapport_contact.handlers.organisations import Organisations
from rapport_contact.handlers.people import People
from rapport_kit.codec import Codec
from rapport_kit.domain import Money, PartialDate
from rapport_kit.errors import Invalid

people = Codec(Person, people_pb2.Person, computed=People.computed)
organisations = Codec(Organisation, organisations_pb2.Organisation, computed=Organisations.computed)


def test_a_person_is_shown_by_the_parts_of_the_name() -> None:
    person = Person(name_prefix="Dr", given_name=" Ada ", middle_name="K.", family_name="Lovelace", name_suffix="PhD")
    person.settle()
    assert person.display_name == "Dr Ada K. Lovelace PhD"


def test_a_display_name_that_is_given_stays() -> None:
    person = Person(display_name="The Countess", given_name="Ada")
    person.settle()
    assert person.display_name == "The Countess"


def test_a_person_without_a_name_is_shown_by_a_channel() -> None:
    person = Person(channels=[Channel(address=EmailAddress("Ada@Example.org"))])
    person.settle()
    assert person.display_name == "ada@example.org"


def test_a_person_of_whom_nothing_is_known_is_refused() -> None:
    with pytest.raises(Invalid, match="display_name: must be set"):
        Person(job_title="engineer").settle()


def test_a_system_names_a_record_once() -> None:
    person = Person(
        given_name="Ada", external_ids=[ExternalId("erp", "1"), ExternalId("shop", "1"), ExternalId("erp", "2")]
    )
    with pytest.raises(Invalid) as error:
        person.settle()
    assert error.value.violations[0].field == "external_ids[0].system"


def test_domains_are_lower_case_ascii_and_each_once() -> None:
    organisation = Organisation(display_name="Acme", domains=["Example.ORG", "bücher.example", "example.org."])
    organisation.settle()
    assert organisation.domains == ["example.org", "xn--bcher-kva.example"]


@pytest.mark.parametrize("domain", ["localhost", "a b.org", "", "https://example.org", "x" * 64 + ".org"])
def test_what_is_no_domain_is_refused(domain: str) -> None:
    with pytest.raises(Invalid, match=r"domains\[0\]: must be an internet domain"):
        Organisation(display_name="Acme", domains=[domain]).settle()


def test_an_organisation_does_not_belong_to_itself() -> None:
    organisation = Organisation(display_name="Acme")
    organisation.parent_id = organisation.id
    with pytest.raises(Invalid, match="parent_id"):
        organisation.settle()


def test_people_travel_as_the_contract_says() -> None:
    message = people_pb2.Person(
        given_name="Ada",
        birth_date={"month": 12, "day": 10},
        channels=[{"email": {"address": "Ada@Example.org"}, "label": "work"}],
        annotations={"crm": "7"},
    )
    person = people.from_message(message)
    assert person.lifecycle_stage is LifecycleStage.SUBSCRIBER
    assert person.birth_date == PartialDate(12, 10)
    answer = people.to_message(person)
    assert isinstance(answer, people_pb2.Person)
    assert answer.display_name == "Ada"
    assert answer.etag == '"0"'
    assert answer.channels[0].normalized == "ada@example.org"
    assert answer.channels[0].primary


def test_organisations_travel_as_the_contract_says() -> None:
    message = organisations_pb2.Organisation(
        display_name="Acme",
        size_band=organisations_pb2.SIZE_BAND_1_TO_10,
        annual_revenue={"currency_code": "EUR", "units": 12, "nanos": 340_000_000},
        tax_ids=[{"country": "FR", "value": "FR123"}],
    )
    organisation = organisations.from_message(message)
    assert organisation.size_band is SizeBand.UP_TO_10
    assert organisation.annual_revenue == Money(1234, "EUR")
    answer = organisations.to_message(organisation)
    assert isinstance(answer, organisations_pb2.Organisation)
    assert answer.annual_revenue == message.annual_revenue
    assert answer.tax_ids == message.tax_ids


def test_what_a_channel_lacks_is_told_by_its_place_in_the_request() -> None:
    message = people_pb2.Person(given_name="Ada", channels=[{"label": "work"}, {"email": {"address": "x"}}])
    with pytest.raises(Invalid) as missing:
        people.from_message(message, "person")
    assert [fault.field for fault in missing.value.violations] == ["person.channels[0].address"]
    del message.channels[0]
    with pytest.raises(Invalid) as wrong:
        people.from_message(message, "person")
    assert [fault.field for fault in wrong.value.violations] == ["person.channels[0].email.address"]


def test_a_new_channel_takes_over_as_primary_when_an_update_marks_it() -> None:
    person = people.from_message(people_pb2.Person(given_name="A", channels=[{"email": {"address": "a@b.org"}}]))
    update = people_pb2.Person(
        channels=[
            {"id": str(person.channels[0].id), "email": {"address": "a@b.org"}, "primary": True},
            {"email": {"address": "b@b.org"}, "primary": True},
        ]
    )
    assert people.apply(update, person, ["channels"]) == {"channels"}
    assert [channel.primary for channel in person.channels] == [False, True]


def test_the_country_for_national_numbers_comes_from_the_caller_of_the_codec() -> None:
    message = people_pb2.Person(given_name="A", channels=[{"phone": {"number": "020 7946 0958"}}])
    assert people.from_message(message, default_region="GB").channels[0].normalized == "+442079460958"
