"""A page token is good for one caller, one list, one place in it, and three days."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.contact.v1 import people_pb2
from rapport_kit.auth.principal import Principal
from rapport_kit.errors import Invalid
from rapport_kit.query import PageTokens
from rapport_kit.query.listing import binding

NOW = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
TOKENS = PageTokens([os.urandom(32)])
ANN = Principal(tenant=uuid4(), subject=uuid4())
METHOD = "rapport.contact.v1.PersonService/ListPeople"


def bound(principal: Principal = ANN, method: str = METHOD, **request: Any) -> bytes:
    asked = people_pb2.ListPeopleRequest(filter="family_name = Ada", order_by="family_name")
    for name, value in request.items():
        setattr(asked, name, value)
    return binding(asked, method, principal)


def refused(token: str, bound_to: bytes, now: datetime = NOW, tokens: PageTokens = TOKENS) -> str:
    with pytest.raises(Invalid) as caught:
        tokens.open(token, bound_to, now)
    (violation,) = caught.value.violations
    assert (caught.value.reason, violation.field) == ("INVALID_PAGE_TOKEN", "page_token")
    return violation.message


_NUMBERS = st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False)
_VALUES = st.none() | _NUMBERS | st.text() | st.uuids() | st.dates() | st.datetimes(timezones=st.just(UTC))


@given(st.lists(_VALUES, max_size=4).map(tuple))
def test_a_token_gives_back_the_key_it_was_made_of(key: tuple[Any, ...]) -> None:
    token = TOKENS.seal(key, b"list", NOW)
    assert TOKENS.open(token, b"list", NOW) == key
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_a_token_shows_nothing_of_the_row_it_points_at() -> None:
    token = TOKENS.seal(("Lovelace", date(1815, 12, 10)), bound(), NOW)
    assert "Lovelace" not in token
    assert token != TOKENS.seal(("Lovelace", date(1815, 12, 11)), bound(), NOW)


@pytest.mark.parametrize(
    "other",
    [
        bound(Principal(tenant=uuid4(), subject=ANN.subject)),
        bound(Principal(tenant=ANN.tenant, subject=uuid4())),
        bound(method="rapport.contact.v1.OrganisationService/ListOrganisations"),
        bound(filter="family_name = Bo"),
        bound(order_by="family_name desc"),
        bound(show_deleted=True),
    ],
    ids=["tenant", "caller", "method", "filter", "order", "trash"],
)
def test_a_token_of_another_list_or_caller_is_refused(other: bytes) -> None:
    token = TOKENS.seal(("a",), bound(), NOW)
    assert TOKENS.open(token, bound(), NOW) == ("a",)
    assert "very list" in refused(token, other)


def test_the_page_size_may_change_between_pages() -> None:
    token = TOKENS.seal(("a",), bound(page_size=10, include_total_size=True), NOW)
    assert TOKENS.open(token, bound(page_size=20, page_token=token), NOW) == ("a",)


@given(st.data())
def test_a_token_with_any_change_is_refused(data: st.DataObject) -> None:
    token = TOKENS.seal(("Lovelace",), bound(), NOW)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters().filter(lambda character: character != token[place]))
    for changed in (token[:place] + other + token[place + 1 :], token[:place], token + other):
        assert "very list" in refused(changed, bound())


@given(st.text())
def test_any_other_text_is_refused(text: str) -> None:
    assert "very list" in refused(text, bound())


def test_a_token_ends_after_three_days() -> None:
    token = TOKENS.seal(("a",), bound(), NOW)
    assert TOKENS.open(token, bound(), NOW + timedelta(days=3)) == ("a",)
    assert "3 days" in refused(token, bound(), NOW + timedelta(days=3, seconds=1))


def test_a_new_key_seals_while_the_old_one_still_opens() -> None:
    old, new = os.urandom(32), os.urandom(48)
    before, during, afterwards = PageTokens([old]), PageTokens([new, old]), PageTokens([new])
    assert during.open(before.seal(("a",), b"", NOW), b"", NOW) == ("a",)
    assert afterwards.open(during.seal(("b",), b"", NOW), b"", NOW) == ("b",)
    assert "very list" in refused(before.seal(("a",), b"", NOW), b"", tokens=afterwards)


@pytest.mark.parametrize("keys", [[], [b"short"], [os.urandom(32), b""]])
def test_a_weak_key_is_refused_at_start(keys: list[bytes]) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        PageTokens(keys)
