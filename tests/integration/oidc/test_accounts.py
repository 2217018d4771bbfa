"""Whose account it is that somebody signs in to through an issuer, and what they may do then (PLT-02)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rapport.identity.v1 import identity_providers_pb2 as providers_pb2
from rapport.identity.v1 import teams_pb2, users_pb2
from tests.callers import Suite, Tenant
from tests.issuer import Browser, Issuer, refused, somebody, user_named


async def test_plt_02_an_address_that_is_not_verified_or_not_the_providers_to_state_makes_no_account(
    issuer: Issuer, tenant: Tenant, provider: str
) -> None:
    for claims, reason in (
        ({"email_verified": False}, "EMAIL_NOT_VERIFIED"),
        ({"email_verified": "false"}, "EMAIL_NOT_VERIFIED"),
        ({"email": "nobody"}, "EMAIL_NOT_VERIFIED"),
        ({"email": "ada@elsewhere.example"}, "EMAIL_DOMAIN_REFUSED"),
        ({"email": f"ada@{tenant.host}.evil.example"}, "EMAIL_DOMAIN_REFUSED"),
    ):
        browser = await somebody(issuer, tenant, **claims)
        assert refused(await browser.sign_in(provider)) == (400, reason)


async def test_plt_02_an_account_is_found_by_a_verified_address_only_where_the_provider_is_trusted_for_it(
    issuer: Issuer, tenant: Tenant, provider: str
) -> None:
    email = f"present@{tenant.host}"
    request = users_pb2.CreateUserRequest(user=users_pb2.User(email=email, display_name="Present", roles=["rep"]))
    present = await tenant.admin.user.create_user(request)
    trusted = (await issuer.provider(tenant, links_by_email=True, creates_users=False)).id
    claimant = await somebody(issuer, tenant, email=email, email_verified=False)
    assert refused(await claimant.sign_in(trusted)) == (400, "EMAIL_NOT_VERIFIED")
    await issuer.states(claimant.subject, email=email.upper(), email_verified=True)
    assert refused(await claimant.sign_in(provider)) == (400, "ACCOUNT_NOT_LINKED")
    assert (await claimant.sign_in(trusted)).status_code == 200
    assert (await claimant.me())["caller"]["subject"] == present.id
    stranger = await somebody(issuer, tenant, "stranger")
    assert refused(await stranger.sign_in(trusted)) == (400, "ACCOUNT_UNKNOWN")


async def test_plt_02_a_user_who_was_shut_out_stays_out(issuer: Issuer, tenant: Tenant, provider: str) -> None:
    browser = await somebody(issuer, tenant, "gone")
    await browser.sign_in(provider)
    user = (await browser.me())["caller"]["subject"]
    await tenant.admin.user.deactivate_user(users_pb2.DeactivateUserRequest(id=user))
    assert refused(await Browser(tenant, browser.subject).sign_in(provider)) == (401, "SIGN_IN_REFUSED")


async def test_plt_02_roles_and_teams_follow_the_groups_and_those_given_by_hand_stay(
    issuer: Issuer, tenant: Tenant
) -> None:
    request = teams_pb2.CreateTeamRequest(team=teams_pb2.Team(display_name="North"))
    team = (await tenant.admin.team.create_team(request)).id
    mappings = [
        providers_pb2.GroupMapping(group="Sales", role="manager", team_id=team),
        providers_pb2.GroupMapping(group="Reporting", role="analyst"),
    ]
    made = await issuer.provider(tenant, group_mappings=mappings)
    email = f"grouped@{tenant.host}"
    browser = await somebody(issuer, tenant, email=email, groups=["Sales", "Unknown"])

    async def after_signing_in(**claims: Any) -> tuple[list[str], list[str]]:
        await issuer.states(browser.subject, email=email, email_verified=True, **claims)
        assert (await browser.sign_in(made.id)).status_code == 200
        user = await user_named(tenant, email)
        return list(user.roles), list(user.team_ids)

    assert await after_signing_in(groups=["Sales", "Unknown"]) == (["manager"], [team])
    user = await user_named(tenant, email)
    user.roles.append("agent")
    await tenant.admin.user.update_user(users_pb2.UpdateUserRequest(user=user))
    assert await after_signing_in(groups=["Reporting"]) == (["agent", "analyst"], [])
    assert await after_signing_in() == (["agent", "analyst"], [])  # nothing is said about groups
    assert await after_signing_in(groups=[]) == (["agent"], [])


async def test_plt_02_groups_take_an_administrator_away_only_while_there_is_another(
    issuer: Issuer, suite: Suite
) -> None:
    tenant = await suite.open_tenant("bereft")
    made = await issuer.provider(
        tenant, group_mappings=[providers_pb2.GroupMapping(group="Chiefs", role="admin")], links_by_email=True
    )
    email = f"admin@{tenant.host}"
    browser = await somebody(issuer, tenant, email=email, groups=[])

    assert (await browser.sign_in(made.id)).status_code == 200
    assert list((await user_named(tenant, email)).roles) == ["admin"]
    successor = replace(tenant, admin=await tenant.user("admin"))
    assert (await browser.sign_in(made.id)).status_code == 200
    assert list((await user_named(successor, email)).roles) == []
