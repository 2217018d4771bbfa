"""The provider of `tests.oidc_provider` as a test sees it, and browsers that sign in through it."""

from __future__ import annotations

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2

from rapport.identity.v1 import identity_providers_pb2 as pb
from rapport.identity.v1 import users_pb2
from rapport_kit.local.ports import LOOPBACK, free_port
from tests.callers import Tenant
from tests.eventually import eventually

CALLBACK = "/v1/oidc/callback"
SECRET = "what only the two of them know"


@dataclass(frozen=True)
class Issuer:
    """The running provider."""

    url: str
    control: httpx2.AsyncClient

    async def person(self, **claims: Any) -> str:
        """Somebody with an account there; gives the subject."""
        subject = secrets.token_hex(8)
        await self.states(subject, **claims)
        return subject

    async def states(self, subject: str, **claims: Any) -> None:
        """From now on, this is what is stated about somebody."""
        (await self.control.put(f"/people/{subject}", json=claims)).raise_for_status()

    async def client(self, tenant: Tenant, **more: Any) -> str:
        """A client with which people of `tenant` sign in; gives its id."""
        name = f"rapport {secrets.token_hex(4)}"
        redirects = [f"http://{tenant.host}{CALLBACK}"]
        given = {"secret": SECRET, "redirect_uris": redirects} | more
        (await self.control.put(f"/clients/{name}", json=given)).raise_for_status()
        return name

    async def provider(self, tenant: Tenant, *, client: dict[str, Any] | None = None, **fields: Any) -> Any:
        """An identity provider of `tenant` that makes accounts for whoever has an account here."""
        terms: dict[str, Any] = {"creates_users": True, "email_domains": [tenant.host], "default_role": "rep"} | fields
        wanted = pb.IdentityProvider(
            display_name="Staff", issuer=self.url, client_id=await self.client(tenant, **client or {}), enabled=True
        )
        wanted.MergeFrom(pb.IdentityProvider(**terms))
        providers = tenant.admin.identity_provider
        made = await providers.create_identity_provider(pb.CreateIdentityProviderRequest(identity_provider=wanted))
        return await providers.set_identity_provider_secret(
            pb.SetIdentityProviderSecretRequest(id=made.id, secret=(client or {}).get("secret", SECRET))
        )


@dataclass
class Browser:
    """Somebody's browser at the site of a tenant; it is signed in at the issuer as `subject`."""

    tenant: Tenant
    subject: str = ""
    client: httpx2.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        # Keeps no connection, and so needs no closing.
        self.client = httpx2.AsyncClient(
            base_url=self.tenant.suite.stack.address,
            headers={"host": self.tenant.host},
            limits=httpx2.Limits(max_keepalive_connections=0),
            timeout=30,
        )

    async def begin(self, provider_id: str, **more: Any) -> httpx2.Response:
        """Ask to sign in."""
        return await self.client.post("/v1/oidc:begin", json={"identityProviderId": provider_id, **more})

    async def approved(self, provider_id: str, **more: Any) -> httpx2.URL:
        """Go to the issuer and agree; gives where it sends the browser back to."""
        begun = await self.begin(provider_id, **more)
        assert begun.status_code == 200, begun.text
        assert "flow" not in begun.json()
        async with httpx2.AsyncClient(cookies={"person": self.subject}) as elsewhere:
            answer = await elsewhere.get(begun.json()["authorizationUrl"])
        assert answer.status_code == 302, answer.text
        back = httpx2.URL(answer.headers["location"])
        assert (back.host, back.path) == (self.tenant.host, CALLBACK)
        return back

    async def back(self, url: httpx2.URL, **headers: str) -> httpx2.Response:
        """Follow the issuer's answer."""
        return await self.client.get(f"{url.path}?{url.query.decode()}", headers=headers)

    async def sign_in(self, provider_id: str) -> httpx2.Response:
        """All of it."""
        return await self.back(await self.approved(provider_id))

    async def me(self) -> dict[str, Any]:
        """Who the site takes this browser for."""
        answer = await self.client.get("/v1/whoami")
        assert answer.status_code == 200, answer.text
        known: dict[str, Any] = answer.json()
        return known


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
    """The status and the reason of an answer that opened no session."""
    assert "rapport_session" not in answer.headers.get("set-cookie", "")
    return answer.status_code, answer.json()["reason"]


async def user_named(tenant: Tenant, email: str) -> Any:
    """The user with that address."""
    found = await tenant.admin.user.list_users(users_pb2.ListUsersRequest(filter=f'email = "{email}"'))
    return found.users[0]


@asynccontextmanager
async def running_issuer() -> AsyncIterator[Issuer]:
    """The provider as a process of its own, for as long as the block lasts."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.oidc_provider", str(port), stderr=asyncio.subprocess.DEVNULL
    )
    url = f"http://{LOOPBACK}:{port}"
    try:
        async with httpx2.AsyncClient(base_url=url, timeout=10) as control:
            await eventually(lambda: control.get("/jwks"), httpx2.HTTPError)
            yield Issuer(url, control)
    finally:
        process.kill()
        await process.wait()
