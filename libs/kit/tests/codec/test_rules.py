"""Every request is held to what its contract says, and all that is wrong with it is told at once."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.contact.v1 import organisations_pb2, people_pb2
from rapport_kit.codec import check
from rapport_kit.errors import Invalid

ID = "01a20023-27e9-7c23-bc64-9786f897c81b"


def faults(request: Any) -> dict[str, str]:
    """The reason for each field that is refused."""
    try:
        check(request)
    except Invalid as error:
        return {violation.field: violation.reason for violation in error.violations}
    return {}


def create(**fields: Any) -> Any:
    return people_pb2.CreatePersonRequest(person=people_pb2.Person(**fields))


def found(*, organisation: bool = False, **fields: Any) -> Any:
    return organisations_pb2.CreateOrganisationRequest(
        organisation=organisations_pb2.Organisation(display_name="Acme", **fields)
    )


def test_all_violations_are_told_with_their_paths() -> None:
    request = create(
        given_name="x" * 101,
        locale="not a locale",
        time_zone="Mars/Base",
        organisation_id="7",
        channels=[{"email": {"address": "a@example.org"}}, {"email": {}}, {"phone": {"number": "1", "region": "XX"}}],
        external_ids=[{"system": "erp"}],
        annotations={"note": "y" * 1001},
        birth_date={"year": 2023, "month": 2, "day": 29},
    )
    request.request_id = "again"
    assert faults(request) == {
        "person.given_name": "TOO_LONG",
        "person.locale": "INVALID_LOCALE",
        "person.time_zone": "INVALID_TIME_ZONE",
        "person.organisation_id": "INVALID_UUID",
        "person.channels[1].email.address": "REQUIRED",
        "person.channels[2].phone.region": "INVALID_COUNTRY",
        "person.external_ids[0].value": "REQUIRED",
        'person.annotations["note"]': "TOO_LONG",
        "person.birth_date": "INVALID_DATE",
        "request_id": "INVALID_UUID",
    }


def test_a_sound_request_passes() -> None:
    request = create(
        given_name="Zoë",
        locale="zh-Hant-TW",
        time_zone="Europe/Paris",
        organisation_id=ID,
        birth_date={"month": 2, "day": 29},
        annotations={"note": "line one\nline two\ttabbed"},
        channels=[{"phone": {"number": "1", "region": "GB"}}],
    )
    request.request_id = ID.upper()
    assert faults(request) == {}


@pytest.mark.parametrize(
    "locale", ["en", "en-GB", "de-CH-1996", "sl-rozaj-biske", "en-u-ca-gregory", "es-419", "en-x-us"]
)
def test_well_formed_language_tags_pass(locale: str) -> None:
    assert faults(create(locale=locale)) == {}


@pytest.mark.parametrize("locale", ["e", "en_GB", "en-", "english-GB-London-2", "en-a", "éñ"])
def test_malformed_language_tags_are_refused(locale: str) -> None:
    assert faults(create(locale=locale)) == {"person.locale": "INVALID_LOCALE"}


def test_what_must_be_set_may_not_be_blank() -> None:
    assert faults(people_pb2.GetPersonRequest()) == {"id": "REQUIRED"}
    assert faults(people_pb2.CreatePersonRequest()) == {"person": "REQUIRED"}
    assert faults(people_pb2.BatchGetPeopleRequest()) == {"ids": "REQUIRED"}
    blank = organisations_pb2.Organisation(display_name=" \t ")
    assert faults(organisations_pb2.CreateOrganisationRequest(organisation=blank)) == {
        "organisation.display_name": "REQUIRED"
    }


def test_every_item_of_a_list_is_checked() -> None:
    assert faults(people_pb2.BatchGetPeopleRequest(ids=[ID, "", "x"])) == {
        "ids[1]": "INVALID_UUID",
        "ids[2]": "INVALID_UUID",
    }


def test_counts_are_bounded_before_the_items_are_looked_at() -> None:
    assert faults(people_pb2.BatchGetPeopleRequest(ids=["x"] * 1001)) == {"ids": "TOO_MANY"}
    assert faults(create(annotations={str(n): "" for n in range(51)})) == {"person.annotations": "TOO_MANY"}


def test_output_only_fields_are_ignored() -> None:
    assert faults(create(id="mine", team_id="ours", channels=[{"id": "x", "email": {"address": "a@b.org"}}])) == {}


def test_an_update_must_say_which_record_and_nothing_else() -> None:
    organisation = organisations_pb2.Organisation(industry="mining", annual_revenue={"currency_code": "EUR"})
    request = organisations_pb2.UpdateOrganisationRequest(organisation=organisation)
    assert faults(request) == {"organisation.id": "REQUIRED"}
    request.organisation.id = "x"
    assert faults(request) == {"organisation.id": "INVALID_UUID"}
    request.organisation.id = ID
    assert faults(request) == {}
    request.organisation.tax_ids.add(country="FR")
    assert faults(request) == {"organisation.tax_ids[0].value": "REQUIRED"}


@pytest.mark.parametrize(
    ("date", "told"),
    [
        ({"year": 2024, "month": 2, "day": 29}, None),
        ({"month": 2, "day": 29}, None),
        ({"year": 2024}, "must have a month and a day; the year may be absent"),
        ({"year": 2023, "month": 2, "day": 29}, "is no day of the calendar"),
        ({"year": 2024, "month": 13, "day": 1}, "is no day of the calendar"),
        ({"year": 10_000, "month": 1, "day": 1}, "is no day of the calendar"),
    ],
)
def test_what_is_wrong_with_a_date_is_told(date: dict[str, int], told: str | None) -> None:
    request = create(given_name="Ada", birth_date=date)
    if told is None:
        assert faults(request) == {}
        return
    with pytest.raises(Invalid, match=told):
        check(request)


def test_an_enum_value_of_a_later_version_is_refused() -> None:
    assert faults(create(lifecycle_stage=77)) == {"person.lifecycle_stage": "UNKNOWN_ENUM_VALUE"}


@pytest.mark.parametrize(
    ("money", "reason"),
    [
        ({"currency_code": "EUR", "units": 1, "nanos": 990_000_000}, None),
        ({"currency_code": "JPY", "units": 5}, None),
        ({"currency_code": "KWD", "nanos": 1_000_000}, None),
        ({"currency_code": "EUR", "nanos": 1_000_000}, "INVALID_MONEY"),
        ({"currency_code": "JPY", "nanos": 500_000_000}, "INVALID_MONEY"),
        ({"currency_code": "EUR", "units": -1, "nanos": 10_000_000}, "INVALID_MONEY"),
        ({"currency_code": "EUR", "units": 2**62}, "INVALID_MONEY"),
        ({"currency_code": "eur", "units": 1}, "INVALID_CURRENCY"),
        ({"units": 1}, "INVALID_CURRENCY"),
        ({"currency_code": "XAU", "units": 1}, "INVALID_CURRENCY"),
    ],
)
def test_an_amount_is_whole_in_the_currency_s_smallest_unit(money: dict[str, Any], reason: str | None) -> None:
    assert faults(found(annual_revenue=money)) == ({"organisation.annual_revenue": reason} if reason else {})


@given(st.characters(categories=["Cc"]), st.text(max_size=5), st.text(max_size=5))
def test_control_characters_never_pass(control: str, before: str, after: str) -> None:
    expected = {} if control in "\t\n\r" else {"person.job_title": "CONTROL_CHARACTER"}
    clean = [text.translate(dict.fromkeys((*range(32), *range(127, 160)))) for text in (before, after)]
    assert faults(create(job_title=clean[0] + control + clean[1])) == expected


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=100))
def test_any_other_text_passes(text: str) -> None:
    assert faults(create(given_name=text, annotations={"k": text})) == {}


def test_a_request_that_is_wrong_a_thousand_times_is_refused_quickly() -> None:
    request = people_pb2.BatchCreatePeopleRequest(
        requests=[create(given_name="\0", channels=[{"email": {}} for _ in range(5)]) for _ in range(1000)]
    )
    start = time.perf_counter()
    assert len(faults(request)) == 6000
    assert time.perf_counter() - start < 1
