"""Quiet hours by the clock on the wall, and the choice of a channel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport_contact.domain.channel_preference import ChannelPreference, ChoiceReason, choose, preference_for
from rapport_contact.domain.contact_attempt import ChannelPropensity, Responsiveness
from rapport_contact.domain.contacting import ContactChannel, ContactReason, ContactVerdict, Provenance, Purpose
from rapport_contact.domain.quiet_hours import QuietHours
from rapport_kit.errors import Invalid

PERSON = UUID(int=1)
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC", "Pacific/Apia")
MINUTE = timedelta(minutes=1)
# Around the changes of the clocks of 2026 in these zones, and elsewhere in the year.
moments = st.builds(
    lambda day, minute: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day, minutes=minute),
    st.sampled_from([65, 66, 67, 86, 87, 88, 93, 94, 275, 276, 297, 298, 303, 304]) | st.integers(0, 364),
    st.integers(0, 1439),
)
clock = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 10, 30, 59]))
quiet_hours = st.builds(QuietHours, clock, clock).filter(lambda quiet: quiet.start != quiet.end)


@given(quiet_hours, moments, st.sampled_from(ZONES))
def test_quiet_hours_are_over_at_the_first_minute_that_the_clock_shows_outside_of_them(
    quiet: QuietHours, at: datetime, zone: str
) -> None:
    over = quiet.over(at, zone)
    assert not quiet.cover(over, zone)
    assert over >= at
    if quiet.cover(at, zone):
        minutes = int((over - at) / MINUTE)
        assert all(quiet.cover(at + n * MINUTE, zone) for n in range(0, minutes, max(1, minutes // 50)))
        assert quiet.cover(over - MINUTE, zone)
    else:
        assert over == at


@pytest.mark.parametrize(
    ("at", "over"),
    [
        ("2026-07-01T23:00", "2026-07-02T08:00"),
        ("2026-03-28T23:00", "2026-03-29T08:00"),  # the clock is put forward in this night
        ("2026-10-24T23:00", "2026-10-25T08:00"),  # and back in this one
        ("2026-10-25T07:59", "2026-10-25T08:00"),
        ("2026-10-25T08:00", "2026-10-25T08:00"),
    ],
)
def test_eight_in_the_morning_is_eight_on_the_wall_in_every_night(at: str, over: str) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    asked = datetime.fromisoformat(at).replace(tzinfo=berlin)
    found = QuietHours("22:00", "08:00").over(asked, "Europe/Berlin")
    assert found.astimezone(berlin).isoformat()[:16] == over


def test_an_end_that_the_clock_passes_over_is_the_moment_at_which_it_does() -> None:
    at = datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert QuietHours("22:00", "02:30").over(at, "Europe/Berlin") == datetime(2026, 3, 29, 1, tzinfo=UTC)


@pytest.mark.parametrize("quiet", [QuietHours("24:00", "08:00"), QuietHours("8:00", "09:00"), QuietHours("1", "1")])
def test_what_is_no_time_of_a_day_is_refused(quiet: QuietHours) -> None:
    with pytest.raises(Invalid, match=r"quiet_hours\.start"):
        quiet.check()


provenances, channels = st.sampled_from(Provenance), st.sampled_from(ContactChannel)
preferences = st.builds(
    ChannelPreference,
    person_id=st.just(PERSON),
    purpose=st.none() | st.sampled_from([Purpose.SERVICE, Purpose.BILLING]),
    channel=channels,
    rank=st.integers(0, 5),
    set_by=provenances,
    update_time=moments,
)


def verdicts_of(channel: ContactChannel) -> st.SearchStrategy[ContactVerdict]:
    reasons = st.sampled_from([ContactReason.PERFORMANCE, ContactReason.QUIET_HOURS, ContactReason.DENIED])
    return reasons.map(
        lambda reason: ContactVerdict(PERSON, Purpose.SERVICE, channel, reason is ContactReason.PERFORMANCE, reason)
    )


verdicts = st.tuples(*map(verdicts_of, ContactChannel))


@given(verdicts, st.lists(preferences, max_size=4))
def test_every_channel_is_chosen_or_rejected_and_only_one_that_may_be_used_is_chosen(
    asked: tuple[ContactVerdict, ...], known: list[ChannelPreference]
) -> None:
    choice = choose(asked, known, Purpose.SERVICE, Responsiveness.of([]))
    everyone = [*choice.rejected, *([choice.chosen] if choice.chosen else [])]
    assert sorted(each.channel for each in everyone) == sorted(ContactChannel)
    assert not any(each.allowed for each in choice.rejected)
    if choice.chosen is None:
        assert not any(verdict.usable for verdict in asked)
        assert choice.reason is ChoiceReason.NONE
    else:
        assert choice.chosen.usable


tallies = st.lists(st.builds(ChannelPropensity.of, channels, st.integers(1, 9), st.integers(0, 9)), max_size=3)


@given(verdicts, st.lists(preferences, max_size=4), tallies)
def test_what_was_stated_always_beats_what_was_inferred(
    asked: tuple[ContactVerdict, ...], known: list[ChannelPreference], tried: list[ChannelPropensity]
) -> None:
    choice = choose(asked, known, Purpose.SERVICE, Responsiveness.of(tried))
    counting = [preference_for(known, Purpose.SERVICE, verdict.channel) for verdict in asked if verdict.usable]
    stated = [each for each in counting if each and each.set_by is not Provenance.INFERRED]
    if stated:
        assert choice.reason in (ChoiceReason.PREFERRED_BY_CUSTOMER, ChoiceReason.PREFERRED_BY_USER)
        by_customer = [each for each in stated if each.set_by is Provenance.CUSTOMER]
        assert choice.chosen is not None
        assert choice.chosen.channel in {each.channel for each in by_customer or stated}


def test_a_preference_for_the_very_purpose_counts_more_than_one_for_all() -> None:
    general, special = (
        ChannelPreference(
            person_id=PERSON, purpose=purpose, channel=ContactChannel.SMS, rank=rank, set_by=Provenance.CUSTOMER
        )
        for purpose, rank in ((None, 0), (Purpose.BILLING, 4))
    )
    assert preference_for([general, special], Purpose.BILLING, ContactChannel.SMS) is special
    assert preference_for([general, special], Purpose.SERVICE, ContactChannel.SMS) is general


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_a_response_makes_the_next_likelier_and_silence_less_likely(responses: int, silences: int) -> None:
    attempts = responses + silences
    now = ChannelPropensity.of(ContactChannel.SMS, attempts, responses).probability
    assert 0 < now < 1
    assert ChannelPropensity.of(ContactChannel.SMS, attempts + 1, responses + 1).probability > now
    assert ChannelPropensity.of(ContactChannel.SMS, attempts + 1, responses).probability < now


def test_where_nobody_prefers_anything_the_likeliest_channel_is_chosen() -> None:
    asked = [
        ContactVerdict(PERSON, Purpose.SERVICE, channel, True, ContactReason.PERFORMANCE) for channel in ContactChannel
    ]
    tried = [ChannelPropensity.of(ContactChannel.EMAIL, 3, 0), ChannelPropensity.of(ContactChannel.POSTAL, 1, 1)]
    choice = choose(asked, [], Purpose.SERVICE, Responsiveness.of(tried))
    assert choice.chosen is not None
    assert (choice.chosen.channel, choice.reason) == (ContactChannel.POSTAL, ChoiceReason.RESPONSES)
    assert [each.channel for each in choice.rejected] == [
        ContactChannel.PHONE,
        ContactChannel.SMS,
        ContactChannel.SOCIAL,
        ContactChannel.EMAIL,
    ]
