"""Access tokens, API keys and session cookies all lead to one short token."""

from __future__ import annotations

import asyncio
from contextvars import Context

import httpx2
import pytest

from rapport_gateway import credentials

from .people_peer import Peer


async def sign_in(client: httpx2.AsyncClient) -> str:
    """Signs Ada in; the client keeps her cookies. Returns the CSRF token."""
    answer = await client.post("/v1/sessions", json={"email": "ada@example.org", "password": "correct horse"})
    assert answer.status_code == 200
    return client.cookies["rapport_csrf"]


def test_nobody_is_let_in_by_default() -> None:
    with pytest.raises(LookupError):
        Context().run(credentials.current.get)


async def test_an_access_token_goes_through_as_it_is(client: httpx2.AsyncClient, peer: Peer) -> None:
    await client.get("/v1/people", headers={"authorization": "Bearer abc.def.ghi"})

    assert peer.metadata[-1]["authorization"] == "Bearer abc.def.ghi"
    assert peer.issued == []


@pytest.mark.parametrize("headers", [{"authorization": "Bearer rpk_good"}, {"x-api-key": "rpk_good"}])
async def test_an_api_key_becomes_a_token(client: httpx2.AsyncClient, peer: Peer, headers: dict[str, str]) -> None:
    await client.get("/v1/people", headers=headers)
    await client.get("/v1/people", headers=headers)

    assert peer.metadata[-1]["authorization"] == "Bearer token-of-key"
    assert len(peer.issued) == 1


async def test_requests_that_come_together_exchange_their_key_once(client: httpx2.AsyncClient, peer: Peer) -> None:
    peer.issue_delay = 0.05

    answers = await asyncio.gather(*(client.get("/v1/people", headers={"x-api-key": "rpk_good"}) for _ in range(20)))

    assert {answer.status_code for answer in answers} == {200}
    assert len(peer.issued) == 1


async def test_a_wrong_key_is_401_and_does_not_flood_identity(client: httpx2.AsyncClient, peer: Peer) -> None:
    answers = [await client.get("/v1/people", headers={"x-api-key": "rpk_bad"}) for _ in range(5)]

    assert {answer.status_code for answer in answers} == {401}
    assert answers[0].headers["www-authenticate"].startswith("Bearer")
    assert len(peer.issued) == 1


async def test_a_refused_key_that_is_mended_works_after_a_second(client: httpx2.AsyncClient, peer: Peer) -> None:
    await client.get("/v1/people", headers={"x-api-key": "rpk_new"})
    peer.keys["rpk_new"] = "token-of-new-key"
    await asyncio.sleep(1.05)

    assert (await client.get("/v1/people", headers={"x-api-key": "rpk_new"})).status_code == 200


async def test_a_token_about_to_end_is_not_used_again(client: httpx2.AsyncClient, peer: Peer) -> None:
    peer.token_seconds = 5

    for _ in range(2):
        await client.get("/v1/people", headers={"x-api-key": "rpk_good"})

    assert len(peer.issued) == 2


async def test_a_token_that_was_taken_back_is_exchanged_anew(client: httpx2.AsyncClient, peer: Peer) -> None:
    await client.get("/v1/people", headers={"x-api-key": "rpk_good"})
    peer.revoked.add("token-of-key")
    peer.keys["rpk_good"] = "second-token-of-key"

    refused = await client.get("/v1/people", headers={"x-api-key": "rpk_good"})
    again = await client.get("/v1/people", headers={"x-api-key": "rpk_good"})

    assert (refused.status_code, refused.json()["reason"]) == (401, "TOKEN_REVOKED")
    assert again.status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Basic YTpi"},
        {"authorization": "Bearer "},
        {"authorization": "Bearer a", "x-api-key": "rpk_good"},
    ],
)
async def test_what_is_no_credential_is_refused(
    client: httpx2.AsyncClient, peer: Peer, headers: dict[str, str]
) -> None:
    answer = await client.get("/v1/people", headers=headers)

    assert (answer.status_code, answer.json()["reason"]) == (401, "UNAUTHENTICATED")
    assert peer.requests == []


async def test_signing_in_sets_cookies_and_keeps_the_secret_out_of_the_body(
    client: httpx2.AsyncClient, peer: Peer
) -> None:
    answer = await client.post(
        "/v1/sessions",
        json={"email": "ada@example.org", "password": "correct horse", "host": "evil", "address": "6.6.6.6"},
        headers={"user-agent": "browser/1"},
    )

    session, csrf = answer.headers.get_list("set-cookie")
    assert session.startswith("rapport_session=secret-of-ada; Path=/; Max-Age=3")
    assert "HttpOnly" in session
    assert "SameSite=Lax" in session
    assert "HttpOnly" not in csrf
    assert "secret-of-ada" not in answer.text
    assert (peer.last.host, peer.last.user_agent) == ("acme.localhost", "browser/1")
    assert peer.last.address == "127.0.0.1"


async def test_cookies_over_https_are_bound_to_the_host(client: httpx2.AsyncClient) -> None:
    answer = await client.post(
        "https://acme.example.org/v1/sessions", json={"email": "ada@example.org", "password": "correct horse"}
    )

    for cookie in answer.headers.get_list("set-cookie"):
        assert cookie.startswith("__Host-rapport_")
        assert "; Secure" in cookie
    assert "strict-transport-security" in answer.headers


async def test_a_cookie_reads_and_with_its_csrf_token_writes(client: httpx2.AsyncClient, peer: Peer) -> None:
    token = await sign_in(client)

    read = await client.get("/v1/people")
    written = await client.post("/v1/people", json={"displayName": "Bob"}, headers={"x-csrf-token": token})

    assert (read.status_code, written.status_code) == (200, 200)
    assert peer.metadata[-1]["authorization"] == "Bearer token-of-session"


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "CSRF_TOKEN_INVALID"),
        ({"x-csrf-token": "wrong"}, "CSRF_TOKEN_INVALID"),
        ({"x-csrf-token": "right", "sec-fetch-site": "cross-site"}, "CROSS_SITE"),
        ({"x-csrf-token": "right", "sec-fetch-site": "same-site"}, "CROSS_SITE"),
        ({"x-csrf-token": "right", "origin": "https://evil.example"}, "CROSS_SITE"),
        ({"x-csrf-token": "right", "origin": "null"}, "CROSS_SITE"),
    ],
)
async def test_a_change_from_another_site_is_refused(
    client: httpx2.AsyncClient, peer: Peer, headers: dict[str, str], reason: str
) -> None:
    token = await sign_in(client)
    before = len(peer.people)

    answer = await client.post(
        "/v1/people", json={}, headers={key: token if value == "right" else value for key, value in headers.items()}
    )

    assert (answer.status_code, answer.json()["reason"]) == (403, reason)
    assert len(peer.people) == before


async def test_the_csrf_token_of_another_session_is_refused(client: httpx2.AsyncClient) -> None:
    stolen = await sign_in(client)
    client.cookies.clear()
    await client.post("/v1/sessions", json={"email": "bob@example.org", "password": "correct horse"})

    answer = await client.post("/v1/people", json={}, headers={"x-csrf-token": stolen})

    assert answer.status_code == 403


async def test_signing_out_clears_the_cookies_and_the_kept_token(client: httpx2.AsyncClient, peer: Peer) -> None:
    token = await sign_in(client)
    secret = client.cookies["rapport_session"]

    answer = await client.delete("/v1/sessions/1", headers={"x-csrf-token": token})
    afterwards = await client.get("/v1/people", headers={"cookie": f"rapport_session={secret}"})

    assert all("Max-Age=0" in cookie for cookie in answer.headers.get_list("set-cookie"))
    assert afterwards.status_code == 401


async def test_signing_out_another_session_keeps_this_one(client: httpx2.AsyncClient, peer: Peer) -> None:
    token = await sign_in(client)

    answer = await client.delete("/v1/sessions/2", headers={"x-csrf-token": token})

    assert "set-cookie" not in answer.headers


async def test_a_dead_cookie_does_not_stop_a_new_sign_in(client: httpx2.AsyncClient) -> None:
    client.cookies.set("rapport_session", "ended")

    answer = await client.post("/v1/sessions", json={"email": "ada@example.org", "password": "correct horse"})

    assert answer.status_code == 200


async def test_a_call_without_a_credential_is_left_to_the_service(client: httpx2.AsyncClient, peer: Peer) -> None:
    await client.get("/v1/people")

    assert "authorization" not in peer.metadata[-1]
