"""A code for claims: the token endpoint, the ID token, and the userinfo endpoint for what the ID token leaves out."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from rapport_identity.domain.oidc_flow import Flow
from rapport_identity.oidc.fetch import IssuerFault, fetch
from rapport_identity.oidc.id_token import Expected, TokenFault, key_id, verify
from rapport_identity.oidc.issuers import Issuer, Issuers

LONGEST_ACCESS_TOKEN = 16_384


class CodeRefused(IssuerFault):
    """The issuer is well, and knows no such code: it was guessed, stolen or used before (RFC 6749, section 5.2)."""


@dataclass(frozen=True, slots=True)
class Client:
    """What Rapport is at an issuer; the secret is empty for a public client."""

    issuer: str
    client_id: str
    secret: str = field(repr=False)


async def claims_for(
    issuers: Issuers, client: Client, flow: Flow, code: str, *, wanted: str, now: float
) -> Mapping[str, Any]:
    """What the issuer states about whoever came back with `code`; the userinfo endpoint is asked if `wanted` lacks.

    Raises:
        IssuerFault: the issuer does not answer, or not as it must.
        CodeRefused: it refuses the code.
        TokenFault: its token is not the one that the flow asked for.
    """
    issuer = await issuers.get(client.issuer)
    answer = await _tokens(issuer, client, flow, code)
    id_token, access_token = answer.get("id_token"), answer.get("access_token")
    if not isinstance(id_token, str) or not isinstance(access_token, str) or len(access_token) > LONGEST_ACCESS_TOKEN:
        raise IssuerFault("its token endpoint gave no tokens")
    keys = await issuers.keys(client.issuer, key_id(id_token))
    claims = verify(id_token, keys, Expected(client.issuer, client.client_id, flow.nonce, access_token, now))
    if wanted in claims or not issuer.userinfo_endpoint:
        return claims
    return await _with_userinfo(issuer, claims, access_token)


async def _tokens(issuer: Issuer, client: Client, flow: Flow, code: str) -> Mapping[str, Any]:
    """The answer to the token request (RFC 6749, section 4.1.3; RFC 7636, section 4.5)."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": flow.redirect_uri,
        "code_verifier": flow.verifier,
    }
    headers: dict[str, str] = {}
    if client.secret and issuer.basic:
        # Form encoding (RFC 6749, section 2.3.1), with %20 for a space: some issuers read no +.
        pair = f"{quote(client.client_id, safe='')}:{quote(client.secret, safe='')}"
        headers["authorization"] = f"Basic {b64encode(pair.encode()).decode('ascii')}"
    else:
        form["client_id"] = client.client_id
        if client.secret:
            form["client_secret"] = client.secret
    answer = await fetch(issuer.token_endpoint, form=form, headers=headers)
    if answer.get("error") == "invalid_grant":
        raise CodeRefused("its token endpoint refused the code")
    if "error" in answer:
        raise IssuerFault("its token endpoint refused this client")
    return answer


async def _with_userinfo(issuer: Issuer, claims: Mapping[str, Any], access_token: str) -> Mapping[str, Any]:
    """The claims of the ID token, and what the userinfo endpoint adds to them (section 5.3.2: of the same subject)."""
    if not access_token.isascii() or not access_token.isprintable():
        raise IssuerFault("its access token cannot be sent back")
    more = await fetch(issuer.userinfo_endpoint, headers={"authorization": f"Bearer {access_token}"})
    if more.get("sub") != claims["sub"]:
        raise TokenFault("userinfo of another subject")
    return {**more, **claims}
