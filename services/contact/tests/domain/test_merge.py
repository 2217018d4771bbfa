"""What survives when people are merged, and that parting them takes all of it back (CON-18)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport_contact.domain.channel import Channel, EmailAddress, PhoneNumber
from rapport_contact.domain.merge import Union, become, draft, part, plan, revive
from rapport_contact.domain.organisation import Organisation, SizeBand, TaxId
from rapport_contact.domain.person import LifecycleStage, Person, PersonKind
from rapport_contact.domain.record import ContactRecord, ExternalId
from rapport_contact.domain.survivorship import RULES, text_of, texts
from rapport_kit.domain import Money, PartialDate, uuid7
from rapport_kit.errors import Invalid

NOW = datetime(2030, 1, 1, tzinfo=UTC)
WORDS = st.sampled_from(("", "Ada", "Bea"))
ADDRESSES = st.sampled_from((EmailAddress("a@x.example"), EmailAddress("b@x.example"), PhoneNumber("+4930123456")))


def channel(address: Any, **more: Any) -> Channel:
    made = Channel(address=address, **more)
    made.normalize("")
    return made


channels = st.builds(
    channel, ADDRESSES, primary=st.booleans(), opted_out=st.booleans(), verified_time=st.sampled_from((None, NOW))
)


@st.composite
def people(draw: st.DrawFn) -> Person:
    owner = draw(st.sampled_from((None, uuid7())))
    found = Person(
        display_name=draw(st.sampled_from(("", "Shown"))) or "X",
        given_name=draw(WORDS),
        family_name=draw(WORDS),
        job_title=draw(WORDS),
        gender=draw(WORDS),
        birth_date=draw(st.sampled_from((None, PartialDate(2, 29), PartialDate(1, 2, 1980)))),
        lifecycle_stage=draw(st.sampled_from(LifecycleStage)),
        kind=draw(st.sampled_from((None, *PersonKind))),
        channels=draw(st.lists(channels, max_size=3, unique_by=lambda each: each.normalized)),
        external_ids=[ExternalId(system, uuid7().hex) for system in draw(st.sets(st.sampled_from(("crm", "erp"))))],
        annotations=draw(st.dictionaries(st.sampled_from(("k", "l")), st.sampled_from(("1", "2")))),
        owner_id=owner,
        team_id=uuid7() if owner else None,
        update_time=NOW - timedelta(days=draw(st.integers(0, 2))),
    )
    found.settle()
    return found


crowds = st.lists(people(), min_size=2, max_size=4)


def state(person: ContactRecord) -> dict[str, Any]:
    """All that a person is, whatever the order."""
    of_channels = {
        (each.normalized, each.primary, each.opted_out, each.verified_time, each.label) for each in person.channels
    }
    return texts(person) | {"channels": of_channels, "external_ids": set(person.external_ids)}


def joined(survivor: ContactRecord, losers: Sequence[ContactRecord], **choices: str) -> Union:
    merge = plan(survivor, losers, choices)
    for each in losers:
        become(each, survivor.id, merge.external_ids, NOW)
    return merge


def parted(merge: Union, survivor: ContactRecord, losers: Sequence[ContactRecord]) -> None:
    returned = part(merge, survivor, losers)
    for each in losers:
        revive(each, merge, returned)


@given(crowds)
def test_con_18_whoever_is_parted_at_once_is_as_before(crowd: list[Person]) -> None:
    before = [state(each) for each in crowd]
    survivor, *losers = crowd
    parted(joined(survivor, losers), survivor, losers)
    assert [state(each) for each in crowd] == before
    assert {each.merged_into for each in crowd} == {each.delete_time for each in crowd} == {None}


@given(crowds, st.sampled_from(("given_name", "job_title", "gender")))
def test_con_18_an_edit_survives_the_parting_and_nothing_else_does(crowd: list[Person], name: str) -> None:
    survivor, *losers = crowd
    before = state(survivor)
    merge = joined(survivor, losers)
    setattr(survivor, name, "Edited")
    parted(merge, survivor, losers)
    assert state(survivor) == before | {name: "Edited"}


@given(crowds)
def test_con_18_no_address_is_lost_or_doubled_and_one_of_each_kind_is_primary(crowd: list[Person]) -> None:
    survivor, *losers = crowd
    every = {each.normalized for person in crowd for each in person.channels}
    refused = {each.normalized for person in crowd for each in person.channels if each.opted_out}
    verified = {each.normalized for person in crowd for each in person.channels if each.verified_time}
    joined(survivor, losers)
    united = survivor.channels
    assert sorted(each.normalized for each in united) == sorted(every)
    assert {each.normalized for each in united if each.opted_out} == refused
    assert {each.normalized for each in united if each.verified_time} == verified
    for kind in {type(each.address) for each in united}:
        assert sum(each.primary for each in united if type(each.address) is kind) == 1


@given(crowds)
def test_con_18_each_value_is_somebodys_and_none_is_lost_to_an_empty_one(crowd: list[Person]) -> None:
    were = [draft(each) for each in crowd]
    survivor, *losers = crowd
    merge = joined(survivor, losers)
    by_id = {each.id: each for each in were}
    for name in RULES[Person].fields.keys() - {"display_name", "lifecycle_stage"}:
        assert text_of(getattr(survivor, name)) in {text_of(getattr(each, name)) for each in were}
        assert bool(text_of(getattr(survivor, name))) == any(text_of(getattr(each, name)) for each in were)
    for each in merge.fields:
        if each.field not in ("display_name", "lifecycle_stage") and "." not in each.field:
            assert text_of(getattr(by_id[each.source_id], each.field)) == each.value


TAXES = st.lists(st.sampled_from((TaxId("DE", "1"), TaxId("FR", "1"), TaxId("DE", "2"))), max_size=3, unique=True)
PARENTS = tuple(uuid7() for _ in range(2))


@st.composite
def organisations(draw: st.DrawFn) -> Organisation:
    owner = draw(st.sampled_from((None, uuid7())))
    found = Organisation(
        display_name=draw(st.sampled_from(("Acme", "Zenith"))),
        legal_name=draw(WORDS),
        industry=draw(WORDS),
        size_band=draw(st.sampled_from((None, *SizeBand))),
        annual_revenue=draw(st.sampled_from((None, Money(-5, "EUR"), Money(7_00, "JPY")))),
        parent_id=draw(st.sampled_from((None, *PARENTS))),
        domains=draw(st.lists(st.sampled_from(("a.example", "b.example")), max_size=2, unique=True)),
        tax_ids=draw(TAXES),
        channels=draw(st.lists(channels, max_size=3, unique_by=lambda each: each.normalized)),
        annotations=draw(st.dictionaries(st.sampled_from(("k", "l")), st.sampled_from(("1", "2")))),
        owner_id=owner,
        team_id=uuid7() if owner else None,
        update_time=NOW - timedelta(days=draw(st.integers(0, 2))),
    )
    found.settle()
    return found


companies = st.lists(organisations(), min_size=2, max_size=4)


@given(companies)
def test_con_18_organisations_that_are_parted_at_once_are_as_before(crowd: list[Organisation]) -> None:
    before = [state(each) for each in crowd]
    every = {(each.country, each.value) for company in crowd for each in company.tax_ids}
    survivor, *losers = crowd
    merge = joined(survivor, losers)
    assert {(each.country, each.value) for each in survivor.tax_ids} == every
    assert {*survivor.domains} == {domain for each in (survivor, *losers) for domain in each.domains}
    parted(merge, survivor, losers)
    assert [state(each) for each in crowd] == before


@given(companies, st.sampled_from(PARENTS))
def test_con_18_what_is_below_an_organisation_never_becomes_its_parent(crowd: list[Organisation], barred: UUID) -> None:
    before = state(crowd[0])
    survivor, *losers = crowd
    others = [each.parent_id for each in crowd if each.parent_id not in (None, barred)]
    merge = plan(survivor, losers, {}, barred={barred})
    assert survivor.parent_id in others or (not others and survivor.parent_id is None)
    part(merge, survivor, losers)
    assert state(survivor) == before


def test_con_18_a_choice_counts_before_the_newest_and_the_newest_before_the_older() -> None:
    old = Person(display_name="Old", job_title="Clerk", update_time=NOW - timedelta(days=1))
    new = Person(display_name="New", job_title="Head", locale="en", update_time=NOW)
    survivor = draft(old)
    plan(survivor, [new], {})
    assert (survivor.display_name, survivor.job_title) == ("New", "Head")
    survivor = draft(old)
    plan(survivor, [new], {"job_title": str(old.id), "locale": str(old.id)})
    assert (survivor.job_title, survivor.locale) == ("Clerk", "")


def test_con_18_a_verified_address_is_primary_before_a_newer_one() -> None:
    verified = channel(EmailAddress("v@x.example"), primary=True, verified_time=NOW)
    old = Person(display_name="X", channels=[verified], update_time=NOW - timedelta(days=1))
    new = Person(display_name="X", channels=[channel(EmailAddress("n@x.example"), primary=True)], update_time=NOW)
    for crowd in ((old, new), (new, old)):
        survivor = draft(crowd[0])
        plan(survivor, [crowd[1]], {})
        assert [each.normalized for each in survivor.channels if each.primary] == ["v@x.example"]
        survivor = draft(crowd[0])
        plan(survivor, [crowd[1]], {"channels": str(new.id)})
        assert [each.normalized for each in survivor.channels if each.primary] == ["n@x.example"]


def test_con_18_nobody_can_have_more_than_one_person_can() -> None:
    crowd = [
        Person(display_name="X", channels=[channel(EmailAddress(f"{one}-{n}@x.example")) for n in range(60)])
        for one in range(2)
    ]
    with pytest.raises(Invalid, match="more than 100 channels"):
        plan(crowd[0], crowd[1:], {})
    with pytest.raises(Invalid, match="names no field"):
        plan(crowd[0], crowd[1:], {"id": str(crowd[0].id)})
