"""The rules of identity providers, of what they state, and of sign-ins on their way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport_identity.domain.identity_provider import GroupMapping, IdentityProvider
from rapport_identity.domain.oidc_flow import Flow, local_path, redirect_uri
from rapport_identity.domain.profile import ClaimNames, Profile
from rapport_identity.domain.user import User
from rapport_kit.domain import uuid7
from rapport_kit.errors import Invalid

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TEAMS = [uuid7() for _ in range(3)]
ROLES = ["admin", "agent", "rep"]
GROUPS = ["a", "b", "c"]
mappings = st.lists(
    st.builds(GroupMapping, st.sampled_from(GROUPS), st.sampled_from(ROLES), st.sampled_from([None, *TEAMS])),
    max_size=4,
)
users = st.builds(
    User,
    email=st.just("a@x.org"),
    display_name=st.just("A"),
    roles=st.lists(st.sampled_from(ROLES), unique=True),
    team_id=st.sampled_from([None, *TEAMS]),
    team_ids=st.lists(st.sampled_from(TEAMS), unique=True),
)

scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
anything = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3), max_leaves=5)


def flow() -> Flow:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    return Flow(
        uuid7(),
        uuid7(),
        uuid7(),
        NOW + timedelta(minutes=10),
        "state",
        "nonce",
        verifier,
        "https://crm.example/cb",
        "/",
    )


def provider(**more: Any) -> IdentityProvider:
    return IdentityProvider(**{"display_name": "X", "issuer": "https://x.example", "client_id": "x"} | more)


@given(mappings, users, st.sets(st.sampled_from(GROUPS)))
def test_groups_decide_what_they_map_to_and_nothing_else(
    mapped: list[GroupMapping], user: User, groups: set[str]
) -> None:
    kept = provider(group_mappings=mapped)
    user.settle()
    before = (set(user.roles), set(user.memberships))
    kept.place(user, groups)
    mapped_roles = {mapping.role for mapping in mapped}
    assert set(user.roles) - mapped_roles == before[0] - mapped_roles
    assert user.memberships - kept.teams == before[1] - kept.teams
    assert set(user.roles) & mapped_roles == {mapping.role for mapping in mapped if mapping.group in groups}
    assert user.memberships & kept.teams == {each.team_id for each in mapped if each.group in groups and each.team_id}
    assert not kept.place(user, groups)


def test_the_challenge_is_that_of_rfc_7636() -> None:
    assert flow().challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"  # appendix B


def test_an_authentication_request_keeps_the_endpoints_own_query_and_cannot_be_overruled_by_it() -> None:
    url = flow().request("https://x.example/authorize?tenant=7&state=theirs", "rapport", ["openid", "email"])
    asked = parse_qs(urlsplit(url).query)
    assert (asked["tenant"], asked["state"], asked["scope"]) == (["7"], ["state"], ["openid email"])
    assert asked["code_challenge_method"] == ["S256"]


@given(st.text(max_size=30) | st.text("/\\.:@#?aä\t\n ", max_size=12))
def test_a_return_path_never_leads_to_another_site(path: str) -> None:
    try:
        kept = local_path(path)
    except Invalid:
        return
    here = urlsplit(urljoin("https://crm.example/v1/oidc/callback", kept.replace("\\", "/")))
    assert (here.scheme, here.netloc) == ("https", "crm.example")


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "crm.example",
        "https://evil.example",
        "https://crm.example:80@evil.example",
        "https://crm.example/path",
        "ftp://crm.example",
        "https://crm.example:x",
        "https://evil.example\\@crm.example",
        "https://crm.example.evil.example",
    ],
)
def test_a_browser_is_sent_back_to_the_site_it_came_from_only(origin: str) -> None:
    with pytest.raises(Invalid):
        redirect_uri(origin, "crm.example")
    assert redirect_uri("https://CRM.example:8443", "crm.example") == "https://CRM.example:8443/v1/oidc/callback"


@given(st.dictionaries(st.sampled_from(["email", "email_verified", "given_name", "name", "groups"]), anything))
def test_claims_of_any_type_are_read_and_never_make_an_address_verified_that_is_none(claims: dict[str, Any]) -> None:
    profile = Profile.of("https://x.example", claims | {"sub": "s"}, ClaimNames())
    assert profile.email or not profile.email_verified
    assert profile.groups is None or all(isinstance(group, str) for group in profile.groups)


def test_claims_are_found_under_the_names_that_the_provider_uses() -> None:
    names = ClaimNames(email="upn", email_verified="xms_edov", groups="roles")
    claims = {"sub": "s", "upn": "Ada@X.org", "xms_edov": 1, "roles": "sales", "email": "other@x.org"}
    profile = Profile.of("https://x.example", claims, names)
    assert (profile.email, profile.email_verified, profile.groups) == ("ada@x.org", True, frozenset({"sales"}))
