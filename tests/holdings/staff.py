"""Who works for a tenant, and how they come in."""

from __future__ import annotations

from rapport.identity.v1 import (
    api_keys_pb2,
    business_units_pb2,
    identity_providers_pb2,
    provisioning_pb2,
    roles_pb2,
    service_accounts_pb2,
    teams_pb2,
    users_pb2,
)
from tests.holdings.held import Holdings


async def fill_identity(held: Holdings) -> None:
    """Users, what groups them, and their credentials."""
    admin, mark = held.tenant.admin, held.mark
    for n in range(2):
        unit = await admin.business_unit.create_business_unit(
            business_units_pb2.CreateBusinessUnitRequest(
                business_unit=business_units_pb2.BusinessUnit(display_name=f"Unit {mark} {n}"),
                request_id=held.request_id(),
            )
        )
        team = await admin.team.create_team(
            teams_pb2.CreateTeamRequest(
                team=teams_pb2.Team(display_name=f"Team {mark} {n}", business_unit_id=unit.id),
                request_id=held.request_id(),
            )
        )
        grant = roles_pb2.Grant(permission="contact.people.get", scope=roles_pb2.SCOPE_OWN)
        role = roles_pb2.Role(key=f"{mark}-{n}", display_name=f"Role {mark} {n}", grants=[grant])
        await admin.role.create_role(roles_pb2.CreateRoleRequest(role=role, request_id=held.request_id()))
        user = users_pb2.User(
            email=f"{mark}.{n}@staff.example", display_name=f"User {mark} {n}", roles=[role.key], team_id=team.id
        )
        made = await admin.user.create_user(users_pb2.CreateUserRequest(user=user, request_id=held.request_id()))
        key = api_keys_pb2.ApiKey(display_name=f"Key {mark} {n}", owner_id=made.id)
        await admin.api_key.create_api_key(api_keys_pb2.CreateApiKeyRequest(api_key=key))
        account = service_accounts_pb2.ServiceAccount(display_name=f"Account {mark} {n}", roles=[role.key])
        await admin.service_account.create_service_account(
            service_accounts_pb2.CreateServiceAccountRequest(service_account=account)
        )
        await _fill_provider(held, n)


async def _fill_provider(held: Holdings, n: int) -> None:
    admin, mark = held.tenant.admin, held.mark
    provider = identity_providers_pb2.IdentityProvider(
        display_name=f"Provider {mark} {n}", issuer=f"https://{mark}.{n}.idp.example", client_id=f"client {mark}"
    )
    made = await admin.identity_provider.create_identity_provider(
        identity_providers_pb2.CreateIdentityProviderRequest(identity_provider=provider, request_id=held.request_id())
    )
    await admin.provisioning.provision_user(
        provisioning_pb2.ProvisionUserRequest(
            identity_provider_id=made.id, external_id=f"{mark}-u{n}", user_name=f"{mark}.{n}@kept.example"
        )
    )
