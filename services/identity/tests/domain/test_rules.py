"""The rules of tenants, users, trees, credentials, sessions, throttles and keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport_identity.crypto.secrets import SecretKind, issue, read
from rapport_identity.crypto.signing import make_key, private_key
from rapport_identity.domain.credentials import ApiKey
from rapport_identity.domain.password import check_password
from rapport_identity.domain.session import ABSOLUTE, IDLE, Session
from rapport_identity.domain.signing_key import LEAD, PERIOD, TAIL, SigningKey, next_active_time, published, signer
from rapport_identity.domain.tenant import Tenant, normal_host
from rapport_identity.domain.throttle import ACCOUNT, LONGEST_WAIT, network_of
from rapport_identity.domain.unit_tree import MOST_LEVELS, UnitTree
from rapport_identity.domain.user import User, normal_email
from rapport_kit.auth.claims import LIFETIME_SECONDS
from rapport_kit.domain import uuid7
from rapport_kit.errors import Invalid, Refused
from rapport_kit.settings import SettingsError

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        (" Ada@Example.ORG ", "ada@example.org"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("o'neil+crm@x.example", "o'neil+crm@x.example"),
    ],
)
def test_an_email_address_has_one_normal_form(typed: str, normal: str) -> None:
    assert normal_email(typed) == normal == normal_email(normal)


@pytest.mark.parametrize(
    "typed", ["", "ada", "@x.org", "ada@", "a b@x.org", "a@x@y.org", "a\0@x.org", "a@" + "x" * 200]
)
def test_what_is_no_email_address_is_refused_by_field(typed: str) -> None:
    with pytest.raises(Invalid) as caught:
        User(email=typed, display_name="x").settle()
    assert caught.value.violations[0].field == "email"


@given(st.text(max_size=80))
def test_any_text_is_a_normal_address_or_refused(typed: str) -> None:
    try:
        normal = normal_email(typed)
    except Invalid:
        return
    assert normal_email(normal) == normal


@pytest.mark.parametrize(
    ("typed", "normal"),
    [("CRM.Example.com:8443", "crm.example.com"), ("localhost", "localhost"), ("127.0.0.1:80", "127.0.0.1")],
)
def test_a_host_name_has_one_normal_form(typed: str, normal: str) -> None:
    assert normal_host(typed) == normal


def test_a_bad_host_name_is_refused_by_place() -> None:
    with pytest.raises(Invalid) as caught:
        Tenant(display_name="x", hosts=["good.example", "-bad-.example"]).settle()
    assert caught.value.violations[0].field == "hosts[1]"


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "my ada.lovelace 1815", "x" * 201])
def test_a_guessable_password_is_refused(password: str) -> None:
    assert refusal(password) in {"LENGTH", "GUESSABLE"}


def test_a_long_ordinary_sentence_is_a_good_password() -> None:
    assert refusal("it rained in March") is None


def refusal(password: str) -> str | None:
    """Why Ada may not have a password."""
    try:
        check_password(password, "ada.lovelace@example.org", "password")
    except Invalid as error:
        return error.reason
    return None


units = st.integers(0, 7).map(lambda number: UUID(int=number))


@given(st.lists(st.tuples(units, st.none() | units), max_size=20))
def test_a_tree_that_is_only_changed_by_permitted_moves_never_has_a_cycle(
    moves: list[tuple[UUID, UUID | None]],
) -> None:
    parents: dict[UUID, UUID | None] = {}
    for unit, parent in moves:
        try:
            UnitTree(parents).check_move(unit, parent)
        except Refused:
            continue
        parents[unit] = parent
    for unit in parents:
        seen, above = set[UUID](), parents.get(unit)
        while above is not None:
            assert above not in seen
            seen.add(above)
            above = parents.get(above)
        assert unit not in seen


def test_a_tree_has_at_most_twenty_levels() -> None:
    chain = [UUID(int=number) for number in range(MOST_LEVELS)]
    parents: dict[UUID, UUID | None] = dict(zip(chain, [None, *chain], strict=False))
    UnitTree(parents).check_move(uuid7(), chain[-2])
    with pytest.raises(Refused) as caught:
        UnitTree(parents).check_move(uuid7(), chain[-1])
    assert caught.value.reason == "BUSINESS_UNIT_DEPTH"


def test_what_is_below_a_unit_includes_itself_and_nothing_beside_it() -> None:
    root, left, right, leaf = (UUID(int=number) for number in range(4))
    tree = UnitTree({root: None, left: root, right: root, leaf: left})
    assert tree.below(left) == {left, leaf}
    assert tree.below(root) == {root, left, right, leaf}


@pytest.mark.parametrize(
    ("change", "alive"),
    [
        (lambda session: None, True),
        (lambda session: setattr(session, "end_time", NOW), False),
        (lambda session: setattr(session, "last_use_time", NOW - IDLE), False),
        (lambda session: setattr(session, "create_time", NOW - ABSOLUTE), False),
    ],
)
def test_a_session_ends_by_itself_when_idle_or_old(change: Callable[[Session], Any], alive: bool) -> None:
    session = Session(user_id=uuid7(), create_time=NOW, last_use_time=NOW)
    change(session)
    assert session.alive(NOW) is alive


def test_a_key_that_is_born_dead_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        ApiKey(display_name="x", expire_time=NOW).settle(NOW)
    assert caught.value.violations[0].field == "expire_time"


def test_an_api_key_never_has_a_role_that_its_owner_lost() -> None:
    key = ApiKey(display_name="x", roles=["rep", "analyst"])
    assert key.narrowed(["analyst", "manager"]) == ["analyst"]
    assert ApiKey(display_name="x").narrowed(["analyst"]) == ["analyst"]


def test_waits_double_after_the_free_tries_up_to_a_quarter_of_an_hour() -> None:
    waits = [ACCOUNT.wait(failures).total_seconds() for failures in range(9)]
    assert waits == [0, 0, 0, 0, 0, 1, 2, 4, 8]
    assert ACCOUNT.wait(10_000) == LONGEST_WAIT


@pytest.mark.parametrize(("failures", "seconds"), [(0, 0), (4, 0), (5, 3), (6, 4)])
def test_a_try_that_is_counted_after_one_that_began_later_waits_only_for_failures(failures: int, seconds: int) -> None:
    later = NOW + timedelta(seconds=2)
    assert ACCOUNT.left(failures, later, NOW) == timedelta(seconds=seconds)
    assert ACCOUNT.left(failures, NOW, later + LONGEST_WAIT) == timedelta(0)


@given(st.lists(st.integers(0, 2 * 24 * 60), max_size=40))
def test_every_token_can_be_verified_by_keys_that_were_published_before_it_was_signed(minutes: list[int]) -> None:
    """Whenever verifiers ask, a token signed with `key` is alive for five minutes and finds `key` published."""
    keys: list[SigningKey] = []
    now, known_since = NOW, dict[str, datetime]()
    for step in [0, *minutes]:
        now += timedelta(minutes=step)
        active_time = next_active_time(keys, now)
        if active_time is not None:
            keys.append(SigningKey(f"k{len(keys)}", "", "", b"", active_time))
        keys = published(keys, now)
        for key in keys:
            known_since.setdefault(key.kid, now)
        signing = signer(keys, now)
        assert signing is not None
        assert signing.kid == "k0" or now - known_since[signing.kid] >= min(LEAD, step * timedelta(minutes=1))
        alive = now + timedelta(seconds=LIFETIME_SECONDS)
        assert signing in published([*keys, SigningKey("later", "", "", b"", now + LEAD)], alive)


def test_a_key_signs_for_a_day_and_its_follower_is_made_in_time() -> None:
    first = SigningKey("first", "", "", b"", NOW)
    assert next_active_time([first], NOW + PERIOD - LEAD - timedelta(seconds=1)) is None
    assert next_active_time([first], NOW + PERIOD - LEAD) == NOW + PERIOD
    second = SigningKey("second", "", "", b"", NOW + PERIOD)
    assert signer([first, second], NOW + PERIOD - timedelta(seconds=1)) == first
    assert signer([first, second], NOW + PERIOD) == second
    assert published([first, second], NOW + PERIOD + TAIL - timedelta(seconds=1)) == [first, second]
    assert published([first, second], NOW + PERIOD + TAIL) == [second]


def test_a_private_key_opens_with_its_encryption_key_in_its_own_row_only() -> None:
    one, other = (b"1" * 32,), (b"2" * 32,)
    key = make_key(NOW, one)
    assert private_key(key, other + one).thumbprint() == key.kid
    with pytest.raises(SettingsError):
        private_key(key, other)
    stranger = make_key(NOW, one)
    with pytest.raises(SettingsError):
        private_key(SigningKey(key.kid, key.x, key.y, stranger.private, NOW), one)


def test_a_secret_opens_its_own_digest_and_names_its_tenant_and_row() -> None:
    tenant, row = uuid7(), uuid7()
    text, digest = issue(SecretKind.API_KEY, tenant, row)
    secret = read(SecretKind.API_KEY, text)
    assert secret is not None
    assert (secret.tenant, secret.id, secret.opens(digest)) == (tenant, row, True)
    assert not secret.opens(issue(SecretKind.API_KEY, tenant, row)[1])
    assert digest.hex() not in text


@given(st.text(max_size=130))
def test_what_is_no_secret_is_read_as_none(text: str) -> None:
    assert read(SecretKind.SESSION, text) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::2"),
    ],
)
def test_addresses_of_one_line_count_together(one: str, other: str) -> None:
    assert network_of(one) == network_of(other)


@pytest.mark.parametrize(
    ("one", "other"), [("192.0.2.1", "192.0.2.2"), ("2001:db8:0:1::1", "2001:db8:0:2::1"), ("", "x")]
)
def test_addresses_of_two_lines_count_apart(one: str, other: str) -> None:
    assert network_of(one) != network_of(other)
