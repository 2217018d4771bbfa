"""Other systems, which call in their own name."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import cast

from rapport.identity.v1 import service_accounts_pb2 as pb
from rapport_identity.crypto.secrets import SecretKind, issue
from rapport_identity.domain.credentials import ServiceAccount
from rapport_identity.handlers.assignment import check_governs, check_roles, check_teams
from rapport_identity.storage.repositories import IdentityUnitOfWork
from rapport_kit.crud import Resource
from rapport_kit.domain import uuid7
from rapport_kit.errors import Invalid

LONGEST_OVERLAP = timedelta(days=7)


class ServiceAccounts(Resource[ServiceAccount]):
    """ServiceAccountService."""

    serves = pb.DESCRIPTOR.services_by_name["ServiceAccountService"]
    entity = ServiceAccount
    message = pb.ServiceAccount

    async def admit(self, entity: ServiceAccount, uow: IdentityUnitOfWork, changed: Collection[str]) -> None:
        """Roles and team must exist, and nobody makes or changes an account that may do more than they may."""
        await check_governs(uow, await uow.service_accounts.stored_roles(entity.id))
        await check_roles(uow, entity.roles, "service_account.roles")
        await check_teams(uow, [entity.team_id] if entity.team_id else [], "service_account.team_id")
        if entity.create_time is not None and not {"roles", "team_id"}.isdisjoint(changed):
            await uow.revoke_subjects(entity.id)

    async def create_service_account(
        self, request: pb.CreateServiceAccountRequest, uow: IdentityUnitOfWork
    ) -> pb.CreateServiceAccountResponse:
        """Make an account with its first secret."""
        account: ServiceAccount = self.resource.codec.from_message(request.service_account, "service_account")
        await self.admit(account, uow, pb.ServiceAccount.DESCRIPTOR.fields_by_name.keys())
        uow.service_accounts.add(account)
        secret = await _new_secret(uow, account)
        await uow.flush()
        message = cast(pb.ServiceAccount, uow.message(account))
        # What was only validated has no secret to show.
        return pb.CreateServiceAccountResponse(
            service_account=message, client_secret="" if request.validate_only else secret
        )

    async def rotate_service_account_secret(
        self, request: pb.RotateServiceAccountSecretRequest, uow: IdentityUnitOfWork
    ) -> pb.RotateServiceAccountSecretResponse:
        """Replace the secret, with or without a time in which the old one is good as well."""
        overlap = request.overlap.ToTimedelta()
        if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
            raise Invalid.field("overlap", "OUT_OF_RANGE", "must be between nothing and seven days")
        account = await self._governed(uow, request.id)
        await uow.credentials.expire(account.id, uow.now + overlap)
        return pb.RotateServiceAccountSecretResponse(client_secret=await _new_secret(uow, account))

    async def deactivate_service_account(
        self, request: pb.DeactivateServiceAccountRequest, uow: IdentityUnitOfWork
    ) -> pb.ServiceAccount:
        """Shut it out."""
        account = await self._governed(uow, request.id, request.etag)
        account.deactivate()
        await uow.revoke_subjects(account.id)
        await uow.flush()
        return cast(pb.ServiceAccount, uow.message(account))

    async def reactivate_service_account(
        self, request: pb.ReactivateServiceAccountRequest, uow: IdentityUnitOfWork
    ) -> pb.ServiceAccount:
        """Let it back in."""
        account = await self._governed(uow, request.id, request.etag)
        account.reactivate()
        await uow.flush()
        return cast(pb.ServiceAccount, uow.message(account))

    async def _governed(self, uow: IdentityUnitOfWork, id: str, etag: str = "") -> ServiceAccount:  # noqa: A002
        account = await uow.service_accounts.get(id, etag=etag)
        await check_governs(uow, account.roles)
        return account


async def _new_secret(uow: IdentityUnitOfWork, account: ServiceAccount) -> str:
    secret_id = uuid7()
    secret, digest = issue(SecretKind.CLIENT, uow.tenant, secret_id)
    await uow.credentials.add(secret_id, account.id, digest)
    return secret
