"""The providers that a tenant has set up (PLT-02)."""

from __future__ import annotations

from typing import Any

import pytest

from rapport.identity.v1 import identity_providers_pb2 as providers_pb2
from rapport.identity.v1 import roles_pb2
from rapport_kit.errors import Denied, Invalid
from tests.callers import Tenant
from tests.databases import rows
from tests.issuer import SECRET, Browser, Issuer, refused, somebody

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


async def test_plt_02_another_tenants_provider_is_no_way_in(
    issuer: Issuer, tenant: Tenant, provider: str, other_tenant: Tenant
) -> None:
    here = await somebody(issuer, tenant, "crossing")
    there = Browser(other_tenant, here.subject)
    assert refused(await there.begin(provider)) == (404, "IDENTITY_PROVIDER_NOT_FOUND")
    back = await here.approved(provider)
    there.client.cookies.update(dict(here.client.cookies))
    assert refused(await there.back(back)) == (401, "SIGN_IN_FLOW_UNKNOWN")
    theirs = await issuer.provider(other_tenant)
    offered = (await there.client.get("/v1/signInOptions")).json()["options"]
    assert [option["identityProviderId"] for option in offered] == [theirs.id]


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
