"""What follows from the consent ledger, whatever is in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport_contact.domain.channel import Channel, EmailAddress, PhoneNumber
from rapport_contact.domain.consent import (
    NEEDS_GRANT,
    Consent,
    ConsentState,
    LawfulBasis,
    decisive,
    denial,
    standing,
)
from rapport_contact.domain.contacting import ContactChannel, ContactReason, Purpose
from rapport_contact.domain.privacy_request import BARRING, PrivacyRequest, PrivacyRight
from rapport_contact.domain.reach import ALLOWING, Reach
from rapport_kit.errors import Invalid

PERSON = UUID(int=1)
START = datetime(2026, 1, 1, tzinfo=UTC)
days = st.integers(0, 20).map(lambda day: START + timedelta(days=day))
purposes, channels = st.sampled_from(Purpose), st.sampled_from(ContactChannel)
refusals = st.sampled_from([ConsentState.DENIED, ConsentState.WITHDRAWN])
LEDGER_REFUSES = {
    ContactReason.NO_CONSENT,
    ContactReason.DENIED,
    ContactReason.WITHDRAWN,
    ContactReason.EXPIRED,
    ContactReason.DO_NOT_CALL,
}


@st.composite
def entries(draw: st.DrawFn, states: st.SearchStrategy[ConsentState] = st.sampled_from(ConsentState)) -> Consent:  # noqa: B008
    state = draw(states)
    specific = state is ConsentState.GRANTED
    return Consent(
        person_id=PERSON,
        purpose=draw(purposes if specific else purposes | st.none()),
        channel=draw(channels if specific else channels | st.none()),
        state=state,
        source="form",
        text_version="1",
        effective_time=draw(days),
        expire_time=draw(days | st.none()),
    )


ledgers = st.lists(entries(), max_size=4)


@given(ledgers, purposes, channels, days)
def test_every_ledger_has_an_answer_whatever_the_order_of_its_entries(
    ledger: list[Consent], purpose: Purpose, channel: ContactChannel, at: datetime
) -> None:
    reason, entry = standing(ledger, purpose, channel, at)
    assert reason in ALLOWING | LEDGER_REFUSES
    assert standing(ledger[::-1], purpose, channel, at) == (reason, entry)
    assert (entry is None) == (reason in (ContactReason.NO_CONSENT, ContactReason.PERFORMANCE))


@given(ledgers, entries(refusals), purposes, channels, days)
def test_a_refusal_at_least_as_late_as_every_grant_wins(
    ledger: list[Consent], refusal: Consent, purpose: Purpose, channel: ContactChannel, at: datetime
) -> None:
    late = max([entry.since for entry in ledger], default=START)
    refusal.effective_time, refusal.purpose, refusal.channel = late, None, channel
    reason, entry = standing([*ledger, refusal], purpose, channel, max(at, late))
    assert reason not in ALLOWING
    assert entry is not None
    assert entry.state is not ConsentState.GRANTED or reason is ContactReason.EXPIRED


@given(ledgers, entries(), purposes, channels, days)
def test_what_speaks_of_something_else_or_of_later_changes_nothing(
    ledger: list[Consent], other: Consent, purpose: Purpose, channel: ContactChannel, at: datetime
) -> None:
    if not other.covers(purpose, channel) or other.since > at:
        assert standing([*ledger, other], purpose, channel, at) == standing(ledger, purpose, channel, at)


@given(ledgers, st.sampled_from(sorted(NEEDS_GRANT)), channels, days)
def test_sales_and_marketing_are_never_allowed_without_a_grant_that_holds(
    ledger: list[Consent], purpose: Purpose, channel: ContactChannel, at: datetime
) -> None:
    reason, entry = standing(ledger, purpose, channel, at)
    if reason in ALLOWING:
        assert entry is not None
        assert entry.state is ConsentState.GRANTED
        assert (entry.purpose, entry.channel) == (purpose, channel)
        assert entry.since <= at
        assert entry.expire_time is None or at < entry.expire_time
        assert entry is decisive(ledger, purpose, channel, at)


@given(ledgers, st.sampled_from(sorted(BARRING)), purposes, channels, days, days)
def test_plt_08_mkt_19_no_ledger_allows_what_somebody_objected_to(
    ledger: list[Consent], right: PrivacyRight, purpose: Purpose, channel: ContactChannel, at: datetime, since: datetime
) -> None:
    request = PrivacyRequest(person_id=PERSON, right=right, receive_time=since)
    free = Reach(PERSON, consents=tuple(ledger)).check(purpose, channel, at)
    verdict = Reach(PERSON, consents=tuple(ledger), privacy_requests=(request,)).check(purpose, channel, at)
    if purpose in NEEDS_GRANT and at >= since:
        assert (verdict.allowed, verdict.reason) == (False, BARRING[right])
    else:
        assert verdict == free


def test_of_one_moment_the_strictest_entry_counts() -> None:
    granted, withdrawn = (
        Consent(
            person_id=PERSON,
            purpose=Purpose.MARKETING,
            channel=ContactChannel.EMAIL,
            state=state,
            source="form",
            effective_time=START,
        )
        for state in (ConsentState.GRANTED, ConsentState.WITHDRAWN)
    )
    for ledger in ([granted, withdrawn], [withdrawn, granted]):
        assert standing(ledger, Purpose.MARKETING, ContactChannel.EMAIL, START)[1] is withdrawn


def test_when_a_permission_for_a_time_ends_an_older_refusal_holds_again_for_service() -> None:
    refused = Consent(
        person_id=PERSON,
        channel=ContactChannel.SMS,
        state=ConsentState.DENIED,
        source="call",
        effective_time=START,
    )
    for_a_week = Consent(
        person_id=PERSON,
        purpose=Purpose.SERVICE,
        channel=ContactChannel.SMS,
        state=ConsentState.GRANTED,
        source="portal",
        effective_time=START + timedelta(days=1),
        expire_time=START + timedelta(days=8),
    )
    ledger = [refused, for_a_week]
    during, after = START + timedelta(days=2), START + timedelta(days=9)
    assert standing(ledger, Purpose.SERVICE, ContactChannel.SMS, during) == (ContactReason.GRANTED, for_a_week)
    assert standing(ledger, Purpose.SERVICE, ContactChannel.SMS, after) == (ContactReason.DENIED, refused)


def test_a_denial_of_calls_is_of_calls_for_all_purposes() -> None:
    entry = denial(PERSON, channel=ContactChannel.PHONE, reason="do_not_call", at=START)
    entry.settle()
    for purpose in Purpose:
        assert standing([entry], purpose, ContactChannel.PHONE, START) == (ContactReason.DO_NOT_CALL, entry)


def test_only_a_grant_by_another_basis_than_consent_needs_no_text() -> None:
    grant = Consent(
        person_id=PERSON,
        purpose=Purpose.SALES,
        channel=ContactChannel.PHONE,
        state=ConsentState.GRANTED,
        basis=LawfulBasis.LEGITIMATE_INTERESTS,
        source="trade fair",
    )
    grant.settle()
    grant.basis = LawfulBasis.CONSENT
    with pytest.raises(Invalid, match="text_version: must be set"):
        grant.settle()


def channel(address: EmailAddress | PhoneNumber, **facts: object) -> Channel:
    made = Channel(address=address, **facts)  # type: ignore[arg-type]
    made.normalize("")
    return made


def test_the_primary_address_is_used_unless_something_is_wrong_with_it() -> None:
    first = channel(EmailAddress("first@x.example"))
    primary = channel(EmailAddress("primary@x.example"), primary=True)
    reach = Reach(PERSON, channels=(first, primary))
    assert reach.check(Purpose.SERVICE, ContactChannel.EMAIL, START).address == "primary@x.example"
    primary.bounced_time = START
    assert reach.check(Purpose.SERVICE, ContactChannel.EMAIL, START).address == "first@x.example"
    primary.verified_time = START + timedelta(days=1)
    assert reach.check(Purpose.SERVICE, ContactChannel.EMAIL, START).address == "primary@x.example"


def test_no_text_message_goes_to_a_landline_and_nothing_to_an_address_of_the_past() -> None:
    landline = channel(PhoneNumber("+442079460958"))
    past = channel(EmailAddress("old@x.example"), valid_to=START)
    reach = Reach(PERSON, channels=(landline, past))
    assert reach.check(Purpose.SERVICE, ContactChannel.PHONE, START).allowed
    assert reach.check(Purpose.SERVICE, ContactChannel.SMS, START).reason is ContactReason.NO_ADDRESS
    assert reach.check(Purpose.SERVICE, ContactChannel.EMAIL, START).reason is ContactReason.NO_ADDRESS
