"""A directory outside keeps the users of a tenant, through REST (PLT-02)."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from rapport.identity.v1 import identity_providers_pb2 as providers_pb2
from rapport.identity.v1 import teams_pb2, users_pb2
from tests.callers import Caller, Tenant, api_key
from tests.eventually import eventually
from tests.issuer import Browser, running_issuer
from tests.people import listed, posted


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def directory(tenant: Tenant) -> Caller:
    """The directory's connector."""
    return await tenant.service_account("provisioning")


@pytest_asyncio.fixture(loop_scope="session")
async def rest(directory: Caller) -> AsyncIterator[httpx2.AsyncClient]:
    async with directory.rest() as client:
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def team(tenant: Tenant) -> str:
    made = await tenant.admin.team.create_team(
        teams_pb2.CreateTeamRequest(team=teams_pb2.Team(display_name="Field sales"))
    )
    return str(made.id)


async def a_directory(tenant: Tenant, **terms: Any) -> str:
    """A provider that keeps users."""
    wanted = providers_pb2.IdentityProvider(
        display_name="Directory",
        issuer=f"https://{secrets.token_hex(6)}.example",
        client_id="rapport",
        default_role="read_only",
        **terms,
    )
    made = await tenant.admin.identity_provider.create_identity_provider(
        providers_pb2.CreateIdentityProviderRequest(identity_provider=wanted)
    )
    return str(made.id)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def provider(tenant: Tenant, team: str) -> str:
    """What the directory's groups mean; it may take over users by their addresses."""
    mappings = [
        providers_pb2.GroupMapping(group="Sales", role="rep", team_id=team),
        providers_pb2.GroupMapping(group="Service", role="agent"),
    ]
    return await a_directory(tenant, group_mappings=mappings, links_by_email=True, email_domains=[tenant.host])


def somebody(tenant: Tenant, provider: str, **more: Any) -> dict[str, Any]:
    key = secrets.token_hex(6)
    return {
        "identityProviderId": provider,
        "externalId": key,
        "userName": f"{key}@{tenant.host}",
        "name": {"givenName": "Ada", "familyName": "Okafor"},
    } | more


def whom(wanted: dict[str, Any]) -> dict[str, Any]:
    """What names a user to the directory's provider."""
    return {name: wanted[name] for name in ("identityProviderId", "externalId")}


async def provisioned(rest: httpx2.AsyncClient, wanted: dict[str, Any]) -> dict[str, Any]:
    return await posted(rest, "users:provision", wanted)


async def test_plt_02_a_user_is_made_once_and_the_same_request_changes_nothing(
    rest: httpx2.AsyncClient, tenant: Tenant, provider: str
) -> None:
    wanted = somebody(tenant, provider)
    first, second = await provisioned(rest, wanted), await provisioned(rest, wanted)
    assert first == second
    assert (first["displayName"], first["roles"], first["state"]) == ("Ada Okafor", ["read_only"], "USER_STATE_ACTIVE")
    renamed = await provisioned(rest, wanted | {"displayName": "Ada O.", "userName": f"new-{wanted['userName']}"})
    assert (renamed["id"], renamed["displayName"]) == (first["id"], "Ada O.")
    assert renamed["etag"] != first["etag"]


async def test_plt_02_users_are_found_by_the_filters_that_directories_use(
    rest: httpx2.AsyncClient, tenant: Tenant, provider: str
) -> None:
    wanted = somebody(tenant, provider)
    made = await provisioned(rest, wanted)
    known = f'identity_provider_id = "{provider}" AND external_id = "{wanted["externalId"]}"'
    for query in (known, f'email = "{wanted["userName"]}"'):
        found = (await rest.get("/v1/users", params={"filter": query})).json()["users"]
        assert [user["id"] for user in found] == [made["id"]]


async def test_plt_02_roles_and_teams_follow_group_membership(
    rest: httpx2.AsyncClient, tenant: Tenant, provider: str, team: str
) -> None:
    wanted = somebody(tenant, provider)
    user = await provisioned(rest, wanted | {"groups": ["Sales", "Bowling"]})
    assert (user["roles"], user["teamIds"]) == (["rep"], [team])
    user = await provisioned(rest, wanted | {"groups": ["Service"]})
    assert (user["roles"], user.get("teamIds")) == (["agent"], None)


async def test_plt_02_within_a_minute_of_deprovisioning_all_sessions_and_api_keys_are_dead(
    rest: httpx2.AsyncClient, tenant: Tenant, provider: str
) -> None:
    wanted = somebody(tenant, provider)
    user = await provisioned(rest, wanted)
    password = "correct horse battery staple"
    await tenant.admin.user.set_user_password(users_pb2.SetUserPasswordRequest(id=user["id"], password=password))
    browser, key = Browser(tenant), await api_key(tenant.admin, owner_id=user["id"])
    await browser.client.post("/v1/sessions", json={"email": wanted["userName"], "password": password})
    async with key.rest() as program:

        async def answers() -> list[int]:
            return [(await door.get("/v1/people")).status_code for door in (browser.client, program)]

        assert await answers() == [200, 200]
        gone = await rest.post("/v1/users:deprovision", json=whom(wanted))
        assert gone.json()["state"] == "USER_STATE_DEACTIVATED"
        began = time.monotonic()

        async def dead() -> None:
            assert await answers() == [401, 401]

        await eventually(dead)
        assert time.monotonic() - began < 60
    again = await rest.post("/v1/users:deprovision", json=whom(wanted))
    assert again.json() == gone.json()
    back = await provisioned(rest, wanted)
    assert (back["id"], back["state"]) == (user["id"], "USER_STATE_ACTIVE")


async def test_con_14_what_a_deprovisioned_user_leaves_open_is_found_by_the_manager_of_the_team(
    rest: httpx2.AsyncClient, tenant: Tenant, provider: str, team: str
) -> None:
    leaver, manager = [await tenant.user(role, team_id=team) for role in ("rep", "manager")]
    known = await tenant.admin.user.get_user(users_pb2.GetUserRequest(id=leaver.id))
    wanted = somebody(tenant, provider, userName=known.email, groups=["Sales"])
    assert (await provisioned(rest, wanted))["id"] == leaver.id
    async with leaver.rest() as theirs:
        task, done = [await posted(theirs, "tasks", {"title": title}) for title in ("Call back", "Done")]
        await posted(theirs, f"tasks/{done['id']}:complete", {})
    gone = await rest.post("/v1/users:deprovision", json=whom(wanted))
    assert gone.status_code == 200, gone.text
    async with manager.rest() as seen:

        async def found() -> None:
            asked = {"filter": 'NOT owner_id:* AND state = "TASK_STATE_OPEN"'}
            assert [each["id"] for each in await listed(seen, "tasks", asked)] == [task["id"]]

        await eventually(found)
        taken = await seen.patch(f"/v1/tasks/{task['id']}", json={"ownerId": manager.id})
        assert (taken.status_code, taken.json()["ownerId"]) == (200, manager.id)


async def test_plt_02_a_directory_has_no_power_over_who_may_do_more_than_it_may_give(
    rest: httpx2.AsyncClient, tenant: Tenant, provider: str
) -> None:
    wanted = somebody(tenant, provider, subject="of the attacker")
    powerful = users_pb2.User(email=wanted["userName"], display_name="Powerful", roles=["admin"])
    made = await tenant.admin.user.create_user(users_pb2.CreateUserRequest(user=powerful))
    answer = await rest.post("/v1/users:provision", json=wanted)
    assert (answer.status_code, answer.json()["reason"]) == (403, "GRANT_EXCEEDS_OWN")
    async with tenant.admin.rest() as admin:  # who may do everything may hand even administrators over
        assert (await provisioned(admin, wanted))["id"] == made.id


async def test_plt_02_a_user_who_was_made_by_hand_is_taken_over_by_address_and_only_once(
    rest: httpx2.AsyncClient, tenant: Tenant, provider: str
) -> None:
    wanted = somebody(tenant, provider)
    by_hand = users_pb2.User(email=wanted["userName"], display_name="By hand", roles=["rep"])
    made = await tenant.admin.user.create_user(users_pb2.CreateUserRequest(user=by_hand))
    assert (await provisioned(rest, wanted | {"groups": ["Sales"]}))["id"] == made.id
    other = await rest.post("/v1/users:provision", json=wanted | {"externalId": secrets.token_hex(6)})
    assert (other.status_code, other.json()["reason"]) == (409, "USER_ALREADY_EXISTS")


@pytest.mark.parametrize(
    "terms",
    [{}, {"email_domains": ["{host}"]}, {"links_by_email": True, "email_domains": ["elsewhere.example"]}],
    ids=["knows no addresses", "links nobody", "speaks for others"],
)
async def test_plt_02_a_directory_takes_nobody_over_whose_address_is_not_its_own_to_state(
    rest: httpx2.AsyncClient, tenant: Tenant, terms: dict[str, Any]
) -> None:
    domains = [domain.format(host=tenant.host) for domain in terms.get("email_domains", [])]
    wanted = somebody(tenant, await a_directory(tenant, **terms | {"email_domains": domains}), subject="thief")
    present = users_pb2.User(email=wanted["userName"], display_name="Victim", roles=["read_only"])
    made = await tenant.admin.user.create_user(users_pb2.CreateUserRequest(user=present))
    async with tenant.admin.rest() as admin:
        for caller in (rest, admin):
            answer = await caller.post("/v1/users:provision", json=wanted)
            assert (answer.status_code, answer.json()["reason"]) == (409, "ACCOUNT_NOT_LINKED")
    assert await tenant.admin.user.get_user(users_pb2.GetUserRequest(id=made.id)) == made


async def test_plt_02_two_directories_mean_two_users_by_the_same_external_id(
    rest: httpx2.AsyncClient, tenant: Tenant, provider: str
) -> None:
    mine = somebody(tenant, provider)
    others = somebody(tenant, await a_directory(tenant), externalId=mine["externalId"])
    first, second = await provisioned(rest, mine), await provisioned(rest, others)
    assert first["id"] != second["id"]
    assert second["identityProviderId"] == others["identityProviderId"]
    gone = await rest.post("/v1/users:deprovision", json=whom(others))
    assert (gone.json()["id"], gone.json()["state"]) == (second["id"], "USER_STATE_DEACTIVATED")
    assert await provisioned(rest, mine) == first


async def test_plt_02_a_user_whom_the_directory_has_as_inactive_is_shut_out_and_stays_so(
    rest: httpx2.AsyncClient, tenant: Tenant, provider: str
) -> None:
    never = await provisioned(rest, somebody(tenant, provider, active=False))
    assert never["state"] == "USER_STATE_DEACTIVATED"
    wanted = somebody(tenant, provider)
    user = await provisioned(rest, wanted)
    browser, password = Browser(tenant), "correct horse battery staple"
    await tenant.admin.user.set_user_password(users_pb2.SetUserPasswordRequest(id=user["id"], password=password))
    await browser.client.post("/v1/sessions", json={"email": wanted["userName"], "password": password})
    assert (await browser.me())["caller"]["subject"] == user["id"]
    gone = await provisioned(rest, wanted | {"active": False})
    assert gone["state"] == "USER_STATE_DEACTIVATED"

    async def dead() -> None:
        assert (await browser.client.get("/v1/whoami")).status_code == 401

    await eventually(dead)
    assert await provisioned(rest, wanted | {"active": False}) == gone
    assert (await provisioned(rest, wanted | {"active": True}))["state"] == "USER_STATE_ACTIVE"


@pytest.mark.parametrize("role", ["integration"])
async def test_plt_02_only_who_may_provision_does(tenant: Tenant, provider: str, role: str) -> None:
    caller = await tenant.service_account(role)
    async with caller.rest() as rest:
        assert (await rest.post("/v1/users:provision", json=somebody(tenant, provider))).status_code == 403


async def test_plt_02_what_cannot_be_is_refused_by_field(
    rest: httpx2.AsyncClient, tenant: Tenant, provider: str
) -> None:
    wanted = somebody(tenant, provider)
    answer = await rest.post("/v1/users:provision", json=wanted | {"userName": "no address"})
    assert answer.json()["violations"][0]["field"] == "user_name"
    answer = await rest.post("/v1/users:deprovision", json=whom(wanted | {"externalId": "nobody's"}))
    assert (answer.status_code, answer.json()["reason"]) == (404, "USER_NOT_FOUND")


async def test_plt_02_a_provisioned_subject_signs_in_without_any_word_about_its_address(
    rest: httpx2.AsyncClient, tenant: Tenant
) -> None:
    async with running_issuer() as issuer:
        signing = await issuer.provider(tenant, creates_users=False)
        subject = await issuer.person()
        user = await provisioned(rest, somebody(tenant, signing.id, subject=subject))
        browser = Browser(tenant, subject)
        assert (await browser.sign_in(signing.id)).status_code == 200
        assert (await browser.me())["caller"]["subject"] == user["id"]
        taken = await rest.post("/v1/users:provision", json=somebody(tenant, signing.id, subject=subject))
        assert (taken.status_code, taken.json()["reason"]) == (409, "SUBJECT_LINKED")
