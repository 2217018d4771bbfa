"""Channels: equal addresses compare equal, and of each kind exactly one is primary."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from rapport_contact.domain.channel import (
    Address,
    Channel,
    EmailAddress,
    PhoneNumber,
    PostalAddress,
    SocialProfile,
    Website,
    read_number,
    settle_channels,
)
from rapport_contact.domain.person import Person
from rapport_contact.storage.documents import search_document
from rapport_kit.errors import Invalid

THEN = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "normalized"),
    [
        (EmailAddress(" Ada.L@Example.ORG "), "ada.l@example.org"),
        (EmailAddress("ada@bücher.example.com"), "ada@xn--bcher-kva.example.com"),
        (PhoneNumber("020 7946 0958", "GB"), "+442079460958"),
        (PhoneNumber("+33 1 99 00 12 34"), "+33199001234"),
        (PhoneNumber("(02) 5550 1234"), "+61255501234"),
        (PhoneNumber("+44 20 7946 0958 ext. 12"), "+442079460958;ext=12"),
        (PostalAddress(("1  High St",), "LEEDS", "", "LS1 1AA", "GB"), "1 high st, ls1 1aa, leeds, gb"),
        (Website("Example.org/"), "https://example.org"),
        (Website("HTTP://Bücher.example:8080/A?b=C"), "http://xn--bcher-kva.example:8080/A?b=C"),
        (SocialProfile("Mastodon", "@Ada@Example.social"), "mastodon:ada@example.social"),
    ],
)
def test_an_address_has_one_normal_form(address: Address, normalized: str) -> None:
    assert address.normalized("AU") == normalized


@pytest.mark.parametrize(
    ("address", "field", "reason"),
    [
        (EmailAddress("ada"), "email.address", "INVALID_EMAIL"),
        (EmailAddress("ada@localhost@x"), "email.address", "INVALID_EMAIL"),
        (PhoneNumber("call me", "GB"), "phone.number", "INVALID_PHONE"),
        (PhoneNumber("12", "GB"), "phone.number", "INVALID_PHONE"),
        (PhoneNumber("020 7946 0958"), "phone.region", "REGION_REQUIRED"),
        (PostalAddress(country="GB"), "postal", "REQUIRED"),
        (Website("javascript://alert(1)"), "website.uri", "INVALID_URI"),
        (Website("https://ada:secret@example.org"), "website.uri", "INVALID_URI"),
        (Website("https://example.org:99999"), "website.uri", "INVALID_URI"),
        (Website("nowhere"), "website.uri", "INVALID_URI"),
        (SocialProfile("x", "@"), "social.handle", "REQUIRED"),
    ],
)
def test_what_is_no_address_is_refused_at_its_place(address: Address, field: str, reason: str) -> None:
    with pytest.raises(Invalid) as error:
        settle_channels([Channel(address=Website("example.org")), Channel(address=address)])
    assert [(fault.field, fault.reason) for fault in error.value.violations] == [(f"channels[1].{field}", reason)]


def test_all_faulty_channels_are_told_at_once() -> None:
    with pytest.raises(Invalid) as error:
        settle_channels(
            [
                Channel(address=EmailAddress("x")),
                Channel(address=EmailAddress("a@b.org"), valid_from=NOW, valid_to=THEN),
                Channel(address=PhoneNumber("x", "GB")),
            ]
        )
    assert [fault.field for fault in error.value.violations] == [
        "channels[0].email.address",
        "channels[1].valid_to",
        "channels[2].phone.number",
    ]


def emails(*primary: bool) -> list[Channel]:
    return [Channel(address=EmailAddress(f"a{n}@b.org"), primary=mark) for n, mark in enumerate(primary)]


def test_the_first_of_a_kind_becomes_primary() -> None:
    channels = [*emails(False, False), Channel(address=Website("b.org"))]
    settle_channels(channels)
    assert [channel.primary for channel in channels] == [True, False, True]


def test_of_two_that_are_marked_the_later_is_primary() -> None:
    channels = emails(True, True, False)
    settle_channels(channels)
    assert [channel.primary for channel in channels] == [False, True, False]


def test_what_has_ended_is_never_primary() -> None:
    channels = emails(True, False)
    channels[0].valid_to = THEN
    settle_channels(channels)
    assert [channel.primary for channel in channels] == [False, True]


addresses = st.sampled_from([EmailAddress("a@b.org"), Website("b.org"), SocialProfile("x", "a")])
channel_lists = st.lists(
    st.builds(Channel, address=addresses, primary=st.booleans(), valid_to=st.sampled_from([None, THEN])), max_size=8
)


@given(channel_lists)
def test_each_kind_has_exactly_one_primary_while_any_is_true(channels: list[Channel]) -> None:
    settle_channels(channels)
    for kind in {type(channel.address) for channel in channels}:
        of_kind = [channel for channel in channels if type(channel.address) is kind]
        current = [channel for channel in of_kind if channel.valid_to is None]
        assert sum(channel.primary for channel in of_kind) == min(len(current), 1)


@given(channel_lists)
def test_to_settle_twice_changes_nothing(channels: list[Channel]) -> None:
    settle_channels(channels)
    before = [(channel.primary, channel.normalized) for channel in channels]
    settle_channels(channels)
    assert [(channel.primary, channel.normalized) for channel in channels] == before


@given(st.text(max_size=60))
def test_no_text_makes_an_address_fail_otherwise_than_by_a_refusal(text: str) -> None:
    for address in (
        EmailAddress(text),
        PhoneNumber(text),
        PhoneNumber(text, "GB"),
        Website(text),
        SocialProfile(text, text),
    ):
        try:
            address.normalized("")
        except Invalid as error:
            assert error.violations  # noqa: PT017 - both outcomes are right


@given(st.from_regex(r"[A-Za-z0-9._+-]{1,70}@[A-Za-z0-9.-]{1,20}(\.(com|test|example))?", fullmatch=True))
@example(f"{'a' * 64}@example.com")
@example(f"{'a' * 65}@example.com")
@example(f"a@{'b' * 63}.{'c' * 63}.{'d' * 63}.{'e' * 58}.com")
def test_a_plain_address_is_what_the_library_takes_it_for(address: str) -> None:
    try:
        checked = validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        with pytest.raises(Invalid):
            EmailAddress(address).normalized("")
    else:
        assert EmailAddress(address).normalized("") == f"{checked.local_part}@{checked.ascii_domain}".lower()


def test_a_number_that_was_typed_as_it_is_stored_is_read_once() -> None:
    person = Person(display_name="Ada", channels=[Channel(address=PhoneNumber("+493012345678"))])
    vars(person)["_tenant"] = UUID(int=1)
    read_number.cache_clear()
    person.settle()
    assert "493012345678" in " ".join(search_document(person))
    assert read_number.cache_info().misses == 1
