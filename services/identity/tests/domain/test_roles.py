"""Roles: what they allow together, and who may hand them out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport_identity.domain.built_in_roles import ROLES
from rapport_identity.domain.role import Grant, Role, check_may_hand_out, combined, covers
from rapport_kit.auth.principal import Principal, Scope, patterns
from rapport_kit.domain import uuid7
from rapport_kit.errors import Denied, Invalid

WORDS = ["a", "b", "c"]
permissions = st.builds(lambda *words: ".".join(words), *[st.sampled_from(WORDS)] * 3)
wide = permissions.flatmap(lambda permission: st.sampled_from(patterns(permission)))
grants = st.dictionaries(wide, st.sampled_from(Scope), max_size=4)
denials = st.frozensets(wide, max_size=2)


def principal(held: dict[str, Scope], denied: frozenset[str] = frozenset()) -> Principal:
    return Principal(uuid7(), uuid7(), held, denials=denied)


@given(wide, wide, permissions)
def test_what_covers_a_pattern_matches_all_that_it_matches(wider: str, narrower: str, permission: str) -> None:
    if covers(wider, narrower) and narrower in patterns(permission):
        assert wider in patterns(permission)


@given(grants, denials, grants, permissions)
def test_nobody_hands_out_more_than_they_have(
    own: dict[str, Scope], denied: frozenset[str], given_away: dict[str, Scope], permission: str
) -> None:
    giver = principal(own, denied)
    try:
        check_may_hand_out(giver, given_away)
    except Denied:
        return
    received, held = principal(given_away).scope(permission), giver.scope(permission)
    assert received is None or (held is not None and received.reach <= held.reach)


@given(st.lists(grants, max_size=3), permissions)
def test_several_roles_allow_what_any_of_them_does_and_no_more(
    several: list[dict[str, Scope]], permission: str
) -> None:
    roles = [
        Role(key="x", display_name="", grants=[Grant(pattern, scope) for pattern, scope in each.items()])
        for each in several
    ]
    together, _ = combined(roles)
    alone = [scope for each in several if (scope := principal(each).scope(permission))]
    assert principal(together).scope(permission) == max(alone, key=lambda scope: scope.reach, default=None)


def test_a_denial_of_one_role_beats_the_grant_of_another() -> None:
    held, denied = combined(
        [
            Role(key="x", display_name="", grants=[Grant("*", Scope.ALL)]),
            Role(key="y", display_name="", denials=["*.export"]),
        ]
    )
    assert principal(held, denied).scope("contact.people.export") is None
    assert principal(held, denied).scope("contact.people.get") is Scope.ALL


@pytest.mark.parametrize(
    "pattern", ["", "contact", "contact.", "*.*", "contact.*.get", "Contact.people.get", "a.b.c.d"]
)
def test_a_pattern_that_nothing_could_match_is_refused(pattern: str) -> None:
    with pytest.raises(Invalid) as caught:
        Role(key="x", display_name="", grants=[Grant(pattern, Scope.OWN)]).settle()
    assert caught.value.violations[0].field == "grants[0].permission"


def test_the_built_in_roles_are_the_nine_of_the_contract_and_sound() -> None:
    systems = ["integration", "provisioning"]
    assert list(ROLES) == ["admin", "manager", "rep", "marketer", "agent", "analyst", "read_only", *systems]
    for role in ROLES.values():
        role.settle()


@pytest.mark.parametrize(
    ("role", "permission", "scope"),
    [
        ("admin", "identity.users.create", Scope.ALL),
        ("manager", "contact.people.update", Scope.UNIT),
        ("manager", "identity.users.create", None),
        ("rep", "contact.people.list", Scope.TEAM),
        ("rep", "contact.people.export", None),
        ("rep", "identity.api_keys.create", Scope.OWN),
        ("marketer", "marketing.campaigns.create", Scope.ALL),
        ("marketer", "sales.opportunities.get", None),
        ("agent", "contact.people.get", Scope.ALL),
        ("agent", "contact.people.update", Scope.TEAM),
        ("analyst", "sales.opportunities.get", Scope.ALL),
        ("analyst", "sales.opportunities.update", None),
        ("read_only", "contact.people.get", Scope.ALL),
        ("read_only", "contact.people.create", None),
        ("integration", "contact.people.create", Scope.ALL),
        ("integration", "identity.users.create", None),
    ],
)
def test_a_built_in_role_allows_what_its_name_says(role: str, permission: str, scope: Scope | None) -> None:
    held, denied = combined([ROLES[role]])
    assert principal(held, denied).scope(permission) == scope


def test_no_built_in_role_but_the_administrators_can_make_an_administrator() -> None:
    admin, _ = combined([ROLES["admin"]])
    for key, role in ROLES.items():
        if key != "admin":
            with pytest.raises(Denied):
                check_may_hand_out(principal(*combined([role])), admin)
    check_may_hand_out(principal(admin), admin)
