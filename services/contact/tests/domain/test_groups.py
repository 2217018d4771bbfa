"""Groups, and how members of them may be approached."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from rapport_contact.domain.channel import Channel, EmailAddress, PhoneNumber
from rapport_contact.domain.consent import Consent, ConsentState
from rapport_contact.domain.contacting import ContactChannel, ContactReason, Purpose
from rapport_contact.domain.group import Group, GroupKind, GroupMembership, approach
from rapport_contact.domain.reach import Reach
from rapport_kit.errors import Invalid

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PERSON, OTHER, GROUP = UUID(int=1), UUID(int=2), UUID(int=3)
ADDRESSES = (
    Channel(address=EmailAddress("ada@club.example"), normalized="ada@club.example"),
    Channel(address=PhoneNumber("+447700900123"), normalized="+447700900123"),
)


def said(state: ConsentState, channel: ContactChannel | None = None) -> Consent:
    return Consent(
        person_id=PERSON, purpose=Purpose.SALES, channel=channel, state=state, source="form", effective_time=NOW
    )


def approached(*consents: Consent) -> tuple[ContactChannel | None, ContactReason | None]:
    return approach(Reach(PERSON, channels=ADDRESSES, consents=consents), Purpose.SALES, ContactChannel, NOW)


def test_con_07_a_member_is_approached_by_the_first_channel_that_may_be_used() -> None:
    assert approached(said(ConsentState.GRANTED, ContactChannel.PHONE)) == (ContactChannel.PHONE, None)


def test_con_07_a_member_by_no_channel_is_skipped_for_what_stands_in_the_way_of_the_first() -> None:
    assert approached() == (None, ContactReason.NO_CONSENT)
    assert approached(said(ConsentState.DENIED)) == (None, ContactReason.DENIED)


@pytest.mark.parametrize("members", [(None, None), (PERSON, OTHER)])
def test_con_07_a_membership_is_of_one_member(members: tuple[UUID | None, UUID | None]) -> None:
    person_id, organisation_id = members
    with pytest.raises(Invalid, match="person_id"):
        GroupMembership(group_id=GROUP, person_id=person_id, organisation_id=organisation_id).settle()


def test_con_07_a_membership_does_not_end_before_it_begins() -> None:
    lasting = GroupMembership(group_id=GROUP, person_id=PERSON, start_date=date(2026, 1, 2), end_date=date(2026, 1, 2))
    lasting.settle()
    lasting.end_date = date(2026, 1, 1)
    with pytest.raises(Invalid, match="end_date"):
        lasting.settle()


def test_con_07_a_group_has_a_name() -> None:
    group = Group(display_name=" Rotary ", kind=GroupKind.CLUB)
    group.settle()
    assert group.display_name == "Rotary"
    with pytest.raises(Invalid, match="display_name"):
        Group(display_name=" ", kind=GroupKind.CLUB).settle()
