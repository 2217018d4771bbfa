"""The caller's tenant; and new ones, for operators of the platform."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from rapport.identity.v1 import tenants_pb2 as pb
from rapport_identity.crypto.passwords import Passwords
from rapport_identity.domain.built_in_roles import ADMINISTRATOR
from rapport_identity.domain.tenant import Tenant
from rapport_identity.handlers.opening import FirstUser, open_tenant
from rapport_identity.storage.repositories import IdentityUnitOfWork
from rapport_kit.crud import Resource


class Tenants(Resource[Tenant]):
    """TenantService."""

    serves = pb.DESCRIPTOR.services_by_name["TenantService"]
    entity = Tenant
    message = pb.Tenant

    def __init__(self, passwords: Passwords) -> None:
        self._passwords = passwords

    async def admit(self, entity: Tenant, uow: IdentityUnitOfWork, changed: Collection[str]) -> None:
        """Host names must be free."""
        if "hosts" in changed:
            await uow.tenants.claim_hosts(entity)

    async def create_tenant(self, request: pb.CreateTenantRequest, uow: IdentityUnitOfWork) -> pb.Tenant:
        """Open a tenant with its first administrator."""
        tenant: Tenant = self.resource.codec.from_message(request.tenant, "tenant")
        admin = FirstUser(
            email=request.admin_email,
            display_name=request.admin_display_name or request.admin_email,
            password=request.admin_password,
            roles=(ADMINISTRATOR,),
        )
        await open_tenant(uow, self._passwords, tenant, [admin])
        await uow.flush()
        await uow.enter(uow.principal.tenant)  # where the answer is kept under the request's id, and looked for
        return cast(pb.Tenant, uow.message(tenant))
