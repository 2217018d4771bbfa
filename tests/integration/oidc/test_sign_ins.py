"""Signing in through an issuer of OpenID Connect (PLT-02)."""

from __future__ import annotations

import pytest

from rapport.identity.v1 import events_pb2
from tests.callers import Tenant
from tests.databases import rows
from tests.issuer import Browser, Issuer, somebody
from tests.people import created, posted
from tests.timelines import entries, shows


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


async def test_con_11_a_sign_in_through_an_issuer_shows_on_the_timeline_of_whose_account_it_is(
    issuer: Issuer, tenant: Tenant
) -> None:
    trusted = (await issuer.provider(tenant, links_by_email=True, creates_users=False)).id
    async with tenant.admin.rest() as rest:
        person, email = await created(rest), f"known@{tenant.host}"
        user = await posted(rest, "users", {"email": email, "displayName": "Known", "personId": person["id"]})
        answer = await (await somebody(issuer, tenant, email=email)).sign_in(trusted)
        assert answer.status_code == 200, answer.text
        await shows(rest, person["id"], ["Signed in", "Created"])
        entry = (await entries(rest, person["id"]))[0]
        assert (entry["kind"], entry["actorId"], entry["source"]) == ("sign_in", user["id"], "identity")
    statement = "SELECT payload FROM event WHERE type = 'rapport.identity.v1.UserSignedIn'"
    told = await rows(tenant.suite.stack, "identity", statement)
    facts = [events_pb2.UserSignedIn.FromString(row["payload"]) for row in told]
    methods = [fact.method for fact in facts if fact.user_id == user["id"]]
    assert methods == [events_pb2.SIGN_IN_METHOD_IDENTITY_PROVIDER]
