"""Signing in through an issuer of OpenID Connect that runs as a process of its own (PLT-02)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from rapport.identity.v1 import identity_providers_pb2 as providers_pb2
from rapport.identity.v1 import roles_pb2, teams_pb2, users_pb2
from rapport_kit.errors import Denied, Invalid
from tests.callers import Suite, Tenant
from tests.databases import rows
from tests.issuer import SECRET, Browser, Issuer, running_issuer

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def issuer() -> AsyncIterator[Issuer]:
    async with running_issuer() as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def provider(issuer: Issuer, tenant: Tenant) -> str:
    """A provider that makes accounts."""
    return str((await issuer.provider(tenant)).id)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def other_tenant(suite: Suite) -> Tenant:
    return await suite.open_tenant("elsewhere")


async def somebody(issuer: Issuer, tenant: Tenant, name: str = "ada", **claims: Any) -> Browser:
    """A browser of somebody with a verified address, unless `claims` say otherwise."""
    stated = {
        "email": f"{name}.{len(name)}{id(claims)}@{tenant.host}",
        "email_verified": True,
        "given_name": name.title(),
        "family_name": "Okafor",
    }
    return Browser(tenant, await issuer.person(**stated | claims))


def refused(answer: httpx2.Response) -> tuple[int, str]:
    assert "rapport_session" not in answer.headers.get("set-cookie", "")
    return answer.status_code, answer.json()["reason"]


async def user_named(tenant: Tenant, email: str) -> Any:
    found = await tenant.admin.user.list_users(users_pb2.ListUsersRequest(filter=f'email = "{email}"'))
    return found.users[0]


async def test_plt_02_a_first_sign_in_makes_an_account_and_a_session_like_a_password_does(
    issuer: Issuer, tenant: Tenant, provider: str
) -> None:
    browser = await somebody(issuer, tenant)
    answer = await browser.sign_in(provider)
    assert answer.status_code == 200, answer.text
    assert "secret" not in answer.json()
    me = await browser.me()
    assert (me["displayName"], me["caller"]["kind"]) == ("Ada Okafor", "user")
    assert {"contact.people.create"} <= {grant["permission"] for grant in me["grants"]}
    assert [session["current"] for session in (await browser.client.get("/v1/sessions")).json()["sessions"]] == [True]
    without_token = await browser.client.post("/v1/sessions:revoke", json={})
    assert without_token.json()["reason"] == "CSRF_TOKEN_INVALID"
    token = {"x-csrf-token": browser.client.cookies["rapport_csrf"]}
    assert (await browser.client.post("/v1/sessions:revoke", json={}, headers=token)).status_code == 200
    assert (await browser.client.get("/v1/whoami")).status_code == 401


async def test_plt_02_a_subject_stays_the_same_user_whatever_its_address_becomes(
    issuer: Issuer, tenant: Tenant, provider: str
) -> None:
    browser = await somebody(issuer, tenant, "grace")
    await browser.sign_in(provider)
    first = (await browser.me())["caller"]["subject"]
    await issuer.states(browser.subject, email=f"somebody-else@{tenant.host}", email_verified=False)
    again = Browser(tenant, browser.subject)
    assert (await again.sign_in(provider)).status_code == 200
    assert (await again.me())["caller"]["subject"] == first


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "EdDSA"])
async def test_plt_02_each_algorithm_that_is_allowed_is_understood(
    issuer: Issuer, tenant: Tenant, algorithm: str
) -> None:
    made = await issuer.provider(tenant, client={"alg": algorithm})
    assert (await (await somebody(issuer, tenant, algorithm)).sign_in(made.id)).status_code == 200


async def test_plt_02_what_an_id_token_leaves_out_is_asked_of_the_userinfo_endpoint(
    issuer: Issuer, tenant: Tenant
) -> None:
    made = await issuer.provider(tenant, client={"thin": True})
    browser = await somebody(issuer, tenant, "thin")
    assert (await browser.sign_in(made.id)).status_code == 200
    assert (await browser.me())["displayName"] == "Thin Okafor"


async def test_plt_02_a_browser_is_led_on_within_this_site(issuer: Issuer, tenant: Tenant, provider: str) -> None:
    browser = await somebody(issuer, tenant, "led")
    back = await browser.approved(provider, returnPath="/people?view=mine")
    answer = await browser.back(back, accept="text/html,application/xhtml+xml")
    assert (answer.status_code, answer.headers["location"]) == (303, "/people?view=mine")
    for elsewhere in ("//evil.example", "https://evil.example", "/\\evil.example", "people", "/a\nb"):
        begun = await browser.begin(provider, returnPath=elsewhere)
        assert begun.json()["violations"][0]["field"] == "return_path"


async def test_plt_02_what_an_issuer_adds_to_its_answer_is_ignored(
    issuer: Issuer, tenant: Tenant, provider: str
) -> None:
    browser = await somebody(issuer, tenant, "more")
    back = (await browser.approved(provider)).copy_merge_params({"session_state": "1", "hd": "x", "iss": issuer.url})
    assert (await browser.back(back)).status_code == 200


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def strict(issuer: Issuer, other_tenant: Tenant) -> str:
    """A provider of the other tenant, where failures may add up."""
    return str((await issuer.provider(other_tenant)).id)


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "of another flow"},
        {"aud": "another client"},
        {"aud": ["another client"]},
        {"azp": "another client"},
        {"iss": "https://another.example"},
        {"exp": 1_700_000_000},
        {"iat": 1_700_000_000},
        {"nbf": 4_000_000_000},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
        {"exp": "tomorrow"},
    ],
    ids=lambda lie: f"{next(iter(lie))}={next(iter(lie.values()))}",
)
async def test_plt_02_a_token_that_says_the_wrong_thing_opens_nothing(
    issuer: Issuer, other_tenant: Tenant, strict: str, lie: dict[str, Any]
) -> None:
    browser = await somebody(issuer, other_tenant, **lie)
    assert refused(await browser.sign_in(strict)) == (401, "SIGN_IN_REFUSED")
    assert (await browser.client.get("/v1/whoami")).status_code == 401


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
async def test_plt_02_a_signature_that_proves_nothing_opens_nothing(
    issuer: Issuer, other_tenant: Tenant, algorithm: str
) -> None:
    made = await issuer.provider(other_tenant, client={"alg": algorithm, "secret": "x" * 40})
    browser = await somebody(issuer, other_tenant)
    assert refused(await browser.sign_in(made.id)) == (401, "SIGN_IN_REFUSED")


async def test_plt_02_an_answer_is_good_once_and_for_the_browser_that_asked(
    issuer: Issuer, other_tenant: Tenant, strict: str
) -> None:
    unknown = (401, "SIGN_IN_FLOW_UNKNOWN")
    browser = await somebody(issuer, other_tenant, "once")
    back = await browser.approved(strict)
    assert refused(await Browser(other_tenant, browser.subject).back(back)) == unknown
    stranger = Browser(other_tenant, browser.subject)
    await stranger.approved(strict)
    assert refused(await stranger.back(back)) == unknown
    kept = dict(browser.client.cookies)
    assert (await browser.back(back)).status_code == 200
    assert "rapport_oidc" not in browser.client.cookies
    assert refused(await browser.back(back)) == unknown
    replaying = Browser(other_tenant, browser.subject)
    replaying.client.cookies.update(kept)
    assert refused(await replaying.back(back)) == (400, "IDENTITY_PROVIDER_FAILED")  # the code is spent


async def test_plt_02_an_answer_is_good_once_even_at_an_issuer_that_takes_a_code_twice(
    issuer: Issuer, other_tenant: Tenant
) -> None:
    made = await issuer.provider(other_tenant, client={"codes_last": True})
    browser = await somebody(issuer, other_tenant, "twice")
    back = await browser.approved(made.id)
    replaying = Browser(other_tenant, browser.subject)
    replaying.client.cookies.update(dict(browser.client.cookies))
    answers = await asyncio.gather(browser.back(back), replaying.back(back))
    (late,) = (answer for answer in answers if answer.status_code != 200)
    assert refused(late) == (401, "SIGN_IN_FLOW_UNKNOWN")


async def test_plt_02_a_code_that_was_stolen_is_worth_nothing_in_another_flow(
    issuer: Issuer, other_tenant: Tenant, strict: str
) -> None:
    victim, thief = await somebody(issuer, other_tenant, "victim"), await somebody(issuer, other_tenant, "thief")
    stolen = await victim.approved(strict)
    mine = (await thief.approved(strict)).copy_set_param("code", stolen.params["code"])
    assert refused(await thief.back(mine)) == (400, "IDENTITY_PROVIDER_FAILED")


async def test_plt_02_an_issuer_that_refuses_or_is_another_lets_nobody_in(
    issuer: Issuer, other_tenant: Tenant, strict: str
) -> None:
    browser = await somebody(issuer, other_tenant, "denied")
    back = await browser.approved(strict)
    mixed_up = back.copy_merge_params({"iss": "https://another.example"})
    assert refused(await browser.back(mixed_up)) == (401, "SIGN_IN_REFUSED")
    denied = back.copy_remove_param("code").copy_merge_params({"error": "access_denied"})
    assert refused(await browser.back(denied)) == (401, "SIGN_IN_REFUSED")


async def test_plt_02_failures_slow_a_network_address_down_as_wrong_passwords_do(issuer: Issuer, suite: Suite) -> None:
    slowed = await suite.open_tenant("slowed")
    browser = await somebody(issuer, slowed)
    back = await browser.approved((await issuer.provider(slowed)).id)
    denied = back.copy_remove_param("code").copy_merge_params({"error": "access_denied"})
    reasons = [refused(await browser.back(denied)) for _ in range(31)]
    assert reasons == [(401, "SIGN_IN_REFUSED")] * 30 + [(429, "SIGN_IN_THROTTLED")]


async def test_plt_02_what_is_the_issuers_fault_locks_no_office_out(issuer: Issuer, suite: Suite) -> None:
    office = await suite.open_tenant("office")
    sound = (await issuer.provider(office)).id
    misconfigured = (await issuer.provider(office, client={"secret": SECRET})).id
    await office.admin.identity_provider.set_identity_provider_secret(
        providers_pb2.SetIdentityProviderSecretRequest(id=misconfigured, secret="not the one it has")
    )
    lying = await somebody(issuer, office, nonce="of another flow")
    waiting, unlucky = await somebody(issuer, office), await somebody(issuer, office)
    back = (await waiting.approved(sound)).copy_remove_param("code")
    denied, unwell = (back.copy_merge_params({"error": error}) for error in ("access_denied", "server_error"))
    assert refused(await waiting.back(denied)) == (401, "SIGN_IN_REFUSED")
    # One more that counts, and whoever comes next has to wait.
    counted = "UPDATE sign_in_failure SET failures = 29 WHERE tenant = $1 AND failures > 0 RETURNING key"
    assert len(await rows(suite.stack, "identity", counted, office.id)) == 1
    assert refused(await waiting.back(unwell)) == (401, "SIGN_IN_REFUSED")
    assert refused(await lying.sign_in(sound)) == (401, "SIGN_IN_REFUSED")
    assert refused(await unlucky.sign_in(misconfigured)) == (400, "IDENTITY_PROVIDER_FAILED")
    assert (await (await somebody(issuer, office, "punctual")).sign_in(sound)).status_code == 200


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


async def test_plt_02_another_tenants_provider_is_no_way_in(
    issuer: Issuer, tenant: Tenant, provider: str, other_tenant: Tenant
) -> None:
    here = await somebody(issuer, tenant, "crossing")
    there = Browser(other_tenant, here.subject)
    assert refused(await there.begin(provider)) == (404, "IDENTITY_PROVIDER_NOT_FOUND")
    back = await here.approved(provider)
    there.client.cookies.update(dict(here.client.cookies))
    assert refused(await there.back(back)) == (401, "SIGN_IN_FLOW_UNKNOWN")
    offered = (await there.client.get("/v1/signInOptions")).json()["options"]
    assert provider not in [option["identityProviderId"] for option in offered]


async def test_plt_02_a_provider_that_is_switched_off_is_neither_offered_nor_taken(
    issuer: Issuer, tenant: Tenant
) -> None:
    made = await issuer.provider(tenant)
    browser = await somebody(issuer, tenant, "late")
    back = await browser.approved(made.id)
    off = providers_pb2.IdentityProvider(id=made.id, enabled=False)
    await tenant.admin.identity_provider.update_identity_provider(
        providers_pb2.UpdateIdentityProviderRequest(identity_provider=off, update_mask={"paths": ["enabled"]})
    )
    assert refused(await browser.back(back)) == (404, "IDENTITY_PROVIDER_NOT_FOUND")
    offered = (await browser.client.get("/v1/signInOptions")).json().get("options", [])
    assert made.id not in [option["identityProviderId"] for option in offered]


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


async def test_plt_02_the_client_secret_is_never_shown_nor_stored_readable(
    issuer: Issuer, tenant: Tenant, provider: str
) -> None:
    async with tenant.admin.rest() as rest:
        shown = [await rest.get(f"/v1/identityProviders/{provider}"), await rest.get("/v1/identityProviders")]
    assert shown[0].json()["secretTime"]
    assert all(SECRET not in answer.text and "ealed" not in answer.text for answer in shown)
    needles = (SECRET, SECRET.encode().hex())
    for (table,) in await rows(tenant.suite.stack, "identity", TABLES):
        found = await rows(tenant.suite.stack, "identity", f'SELECT t::text AS row FROM "{table}" AS t')
        assert not any(needle in row["row"] for row in found for needle in needles), table


async def test_plt_02_nobody_makes_a_provider_that_could_do_more_than_they_may(issuer: Issuer, tenant: Tenant) -> None:
    grant = roles_pb2.Grant(permission="identity.identity_providers.*", scope=roles_pb2.SCOPE_ALL)
    role = roles_pb2.Role(key="federation", display_name="Federation", grants=[grant])
    await tenant.admin.role.create_role(roles_pb2.CreateRoleRequest(role=role))
    limited = await tenant.user("federation")
    base = {"display_name": "X", "issuer": "https://x.example", "client_id": "x", "email_domains": ["x.example"]}
    for more in ({"links_by_email": True}, {"default_role": "admin"}):
        wanted = providers_pb2.IdentityProvider(**base | more)
        with pytest.raises(Denied):
            await limited.identity_provider.create_identity_provider(
                providers_pb2.CreateIdentityProviderRequest(identity_provider=wanted)
            )


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"issuer": "ftp://x.example"}, "issuer"),
        ({"issuer": "https://x.example?a=b"}, "issuer"),
        ({"issuer": "https://user@x.example"}, "issuer"),
        ({"creates_users": True}, "email_domains"),
        ({"email_domains": ["not a domain"]}, "email_domains[0]"),
        ({"scopes": ["open id"]}, "scopes[1]"),
        ({"group_mappings": [{"group": "x"}]}, "group_mappings[0].role"),
        ({"default_role": "nonsense"}, "identity_provider.group_mappings"),
    ],
)
async def test_plt_02_what_no_provider_can_be_is_refused_by_field(
    tenant: Tenant, fields: dict[str, Any], field: str
) -> None:
    wanted = providers_pb2.IdentityProvider(
        **{"display_name": "X", "issuer": "https://x.example", "client_id": "x"} | fields
    )
    with pytest.raises(Invalid) as caught:
        await tenant.admin.identity_provider.create_identity_provider(
            providers_pb2.CreateIdentityProviderRequest(identity_provider=wanted)
        )
    assert caught.value.violations[0].field.endswith(field)
