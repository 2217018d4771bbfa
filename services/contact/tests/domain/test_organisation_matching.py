"""Which organisations are taken for one, and why (CON-17)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport_contact.domain.channel import Address, Channel, EmailAddress, PhoneNumber, PostalAddress, Website
from rapport_contact.domain.matching.model import Match
from rapport_contact.domain.matching.organisation_features import (
    OrganisationFeatures,
    organisation_features,
    organisation_keys,
)
from rapport_contact.domain.matching.organisation_model import ORGANISATION_FIELDS, OrganisationModel
from rapport_contact.domain.organisation import Organisation, TaxId

MODEL = OrganisationModel()
REVIEW = 0.5
SEAT = PostalAddress(lines=("12 Mill Lane",), city="Leeds", postcode="LS1 4DY", country="GB")
MAIL, PHONE = EmailAddress("info@acme.example"), PhoneNumber("+4930123456")
VAT = TaxId("DE", "DE 123 456 789")


def features(name: str, *reached: Address, **more: Any) -> OrganisationFeatures:
    organisation = Organisation(display_name=name, channels=[Channel(address=address) for address in reached], **more)
    organisation.settle("GB")
    return organisation_features(organisation)


def compared(one: OrganisationFeatures, other: OrganisationFeatures) -> Match:
    """Compared as in production: only what shares a key is."""
    assert set(organisation_keys(one)) & set(organisation_keys(other)), "never compared"
    return MODEL.compare(one, other)


@pytest.mark.parametrize(
    ("one", "other", "field", "method"),
    [
        (features("Acme Inc."), features("ACME"), "name", "company_suffix"),
        (features("Acme"), features("Trading as", legal_name="Acme"), "name", "exact"),
        (features("Müller & Söhne GmbH", SEAT), features("Soehne Mueller", SEAT), "name", "token_set"),
        (features("Baker Hill Bank", PHONE), features("Hill Bank Baker", PHONE), "name", "token_set"),
        (features("Acme", domains=["acme.example"]), features("Acme Tools", MAIL), "domain", "exact"),
        (features("Acme", Website("https://www.acme.example/x")), features("Acme Tools", MAIL), "domain", "exact"),
        (features("Acme", MAIL), features("Acme Tools", MAIL), "email", "exact"),
        (features("Acme", PHONE), features("Acme Tools", PHONE), "phone", "exact"),
        (features("Acme", SEAT), features("Acme Tools", SEAT), "address", "exact"),
        (features("Acme", tax_ids=[VAT]), features("Zenith", tax_ids=[TaxId("DE", "123456789")]), "tax_id", "exact"),
    ],
)
def test_con_17_organisations_are_compared_by_name_and_by_what_is_theirs(
    one: OrganisationFeatures, other: OrganisationFeatures, field: str, method: str
) -> None:
    match = compared(one, other)
    assert {reason.field: reason.method for reason in match.reasons}[field] == method
    assert match.score >= REVIEW


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (features("Acme Logistics", MAIL, PHONE, SEAT), features("Zenith Catering", MAIL, PHONE, SEAT)),
        (features("Acme", EmailAddress("acme@gmail.com")), features("Zenith", EmailAddress("zenith@gmail.com"))),
        (features("Acme", Website("https://facebook.com/acme")), features("Zenith", Website("https://facebook.com/z"))),
        (features("Acme", tax_ids=[VAT]), features("Acme", tax_ids=[TaxId("DE", "987654321")])),
        (features("GmbH"), features("Inc")),
    ],
)
def test_con_17_organisations_that_share_their_surroundings_are_not_one(
    one: OrganisationFeatures, other: OrganisationFeatures
) -> None:
    assert MODEL.compare(one, other).score < REVIEW


def test_con_17_tax_numbers_of_different_countries_say_nothing() -> None:
    one, other = features("Acme", tax_ids=[VAT]), features("Acme", tax_ids=[TaxId("FR", "FR99")])
    assert "tax_id" not in {reason.field for reason in MODEL.compare(one, other).reasons}


NAMES = st.sampled_from(("Acme", "Acme Inc", "Zenith Tools", "Tools Zenith Ltd"))
CHANNELS = st.lists(st.sampled_from((MAIL, PHONE, SEAT, Website("https://acme.example"))), max_size=3, unique=True)
RECORDS = st.builds(
    lambda name, reached, tax: features(name, *reached, tax_ids=tax), NAMES, CHANNELS, st.sampled_from(([], [VAT]))
)


@given(RECORDS, RECORDS, st.dictionaries(st.sampled_from(ORGANISATION_FIELDS), st.floats(0, 2)))
def test_con_17_which_organisation_comes_first_makes_no_difference(
    one: OrganisationFeatures, other: OrganisationFeatures, factors: dict[str, float]
) -> None:
    model = OrganisationModel(factors)
    assert model.compare(one, other) == model.compare(other, one)
    assert 0 <= model.compare(one, other).score <= 1
    assert model.keys(one) == list(dict.fromkeys(model.keys(one)))
