"""A tenant always has an active user with the role `admin`."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

import pytest
from google.protobuf import field_mask_pb2

from rapport.identity.v1 import identity_providers_pb2 as providers_pb2
from rapport.identity.v1 import provisioning_pb2, service_accounts_pb2, users_pb2
from rapport_identity.bootstrap import FirstUser, bootstrap_tenant
from rapport_identity.domain.tenant import Tenant
from rapport_kit.errors import Refused

PASSWORD = "correct horse battery staple"


@dataclass
class Administrator:
    """One of the administrators of a new tenant; `caller` is signed in as them."""

    caller: Any
    id: str
    email: str

    async def has(self, *roles: str) -> Any:
        """Give themselves these roles and no others."""
        user = users_pb2.User(id=self.id, roles=roles)
        mask = field_mask_pb2.FieldMask(paths=["roles"])
        return await self.caller.users.update_user(users_pb2.UpdateUserRequest(user=user, update_mask=mask))

    async def deactivates(self, other: Administrator) -> Any:
        return await self.caller.users.deactivate_user(users_pb2.DeactivateUserRequest(id=other.id))


async def tenant_of(identity: Any, administrators: int) -> list[Administrator]:
    host = f"{secrets.token_hex(6)}.example.com"
    first = [FirstUser(f"admin{n}@{host}", f"Admin {n}", PASSWORD, ("admin",)) for n in range(administrators)]
    await bootstrap_tenant(identity.database, Tenant(display_name=host, hosts=[host]), first)
    made = []
    for user in first:
        caller = await identity.signed_in(user.email, host=host)
        made.append(Administrator(caller, str((await identity.principal(caller)).subject), user.email))
    return made


async def is_refused(attempt: Awaitable[Any]) -> None:
    with pytest.raises(Refused) as caught:
        await attempt
    assert caught.value.reason == "LAST_ADMINISTRATOR"


async def test_the_last_administrator_stays_one(identity: Any) -> None:
    (only,) = await tenant_of(identity, 1)
    await is_refused(only.has())
    await is_refused(only.has("rep"))
    assert list((await only.has("admin", "rep")).roles) == ["admin", "rep"]


async def test_an_administrator_goes_while_another_is_left_who_may_sign_in(identity: Any) -> None:
    one, other, third = await tenant_of(identity, 3)
    await one.deactivates(other)
    assert list((await third.has("rep")).roles) == ["rep"]
    await is_refused(one.has())


async def test_a_service_account_with_every_right_does_not_deactivate_the_last_administrator(identity: Any) -> None:
    (only,) = await tenant_of(identity, 1)
    account = service_accounts_pb2.ServiceAccount(display_name="Mighty", roles=["admin"])
    made = await only.caller.service_accounts.create_service_account(
        service_accounts_pb2.CreateServiceAccountRequest(service_account=account)
    )
    credentials = {"client_id": made.service_account.id, "client_secret": made.client_secret}
    service = await identity.exchange(client_credentials=credentials)
    await is_refused(service.users.deactivate_user(users_pb2.DeactivateUserRequest(id=only.id)))
    left = await only.caller.users.get_user(users_pb2.GetUserRequest(id=only.id))
    assert left.state == users_pb2.USER_STATE_ACTIVE


@pytest.mark.parametrize("way", ["roles", "deactivation"])
async def test_two_administrators_at_once_cannot_leave_none(identity: Any, way: str) -> None:
    for _ in range(3):
        one, other = await tenant_of(identity, 2)
        attempts = [one.has(), other.has()] if way == "roles" else [one.deactivates(other), other.deactivates(one)]
        results = await asyncio.gather(*attempts, return_exceptions=True)
        (refused,) = [result for result in results if isinstance(result, BaseException)]
        assert isinstance(refused, Refused)
        assert refused.reason == "LAST_ADMINISTRATOR"


async def test_a_directory_does_not_take_the_last_administrator_away(identity: Any) -> None:
    (only,) = await tenant_of(identity, 1)
    wanted = providers_pb2.IdentityProvider(
        display_name="Directory",
        issuer=f"https://{secrets.token_hex(6)}.example",
        client_id="rapport",
        group_mappings=[providers_pb2.GroupMapping(group="Chiefs", role="admin")],
        links_by_email=True,
        email_domains=[only.email.partition("@")[2]],
    )
    provider = await only.caller.identity_providers.create_identity_provider(
        providers_pb2.CreateIdentityProviderRequest(identity_provider=wanted)
    )

    async def provision(**state: Any) -> Any:
        request = provisioning_pb2.ProvisionUserRequest(
            identity_provider_id=provider.id, external_id="1", user_name=only.email, **state
        )
        return await only.caller.provisioning.provision_user(request)

    assert list((await provision(groups=["Chiefs"])).roles) == ["admin"]
    await is_refused(provision())
    await is_refused(provision(groups=["Chiefs"], active=False))
    await is_refused(provision(active=False))
    gone = provisioning_pb2.DeprovisionUserRequest(identity_provider_id=provider.id, external_id="1")
    await is_refused(only.caller.provisioning.deprovision_user(gone))
