"""Answers of an issuer that let nobody in (PLT-02)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import pytest_asyncio

from rapport.identity.v1 import identity_providers_pb2 as providers_pb2
from tests.callers import Suite, Tenant
from tests.databases import rows
from tests.issuer import SECRET, Browser, Issuer, refused, somebody


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
