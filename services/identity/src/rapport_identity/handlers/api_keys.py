"""Secrets with which a user's own programs call."""

from __future__ import annotations

from typing import cast

from rapport.identity.v1 import api_keys_pb2 as pb
from rapport_identity.crypto.secrets import SecretKind, issue
from rapport_identity.domain.credentials import ApiKey
from rapport_identity.domain.user import UserState
from rapport_identity.handlers.assignment import check_governs
from rapport_identity.storage.repositories import IdentityUnitOfWork
from rapport_kit.auth.permissions import in_scope
from rapport_kit.crud import Resource
from rapport_kit.domain import uuid7
from rapport_kit.errors import Denied, Invalid


class ApiKeys(Resource[ApiKey]):
    """ApiKeyService."""

    serves = pb.DESCRIPTOR.services_by_name["ApiKeyService"]
    entity = ApiKey
    message = pb.ApiKey

    async def create_api_key(self, request: pb.CreateApiKeyRequest, uow: IdentityUnitOfWork) -> pb.CreateApiKeyResponse:
        """Make a key for oneself, or for a user within one's record scope who may do no more than oneself."""
        key: ApiKey = self.resource.codec.from_message(request.api_key, "api_key", now=uow.now)
        if key.owner_id is None and uow.principal.kind == "user":
            key.owner_id = uow.principal.subject
        owner = await uow.users.held(key.owner_id) if key.owner_id is not None else None
        if owner is None or owner.state is not UserState.ACTIVE:
            raise Invalid.field("api_key.owner_id", "USER_UNKNOWN", "names no active user")
        key.team_id = owner.team_id
        if not in_scope(uow.principal, uow.scope, key):
            raise Denied(
                "PERMISSION_DENIED", "the key would be beyond your reach", permission="identity.api_keys.create"
            )
        if not set(key.roles) <= set(owner.roles):
            raise Invalid.field("api_key.roles", "ROLE_NOT_HELD", "the owner does not have all of these roles")
        await check_governs(uow, key.roles or owner.roles)
        uow.api_keys.add(key)
        secret_id = uuid7()
        secret, digest = issue(SecretKind.API_KEY, uow.tenant, secret_id)
        await uow.credentials.add(secret_id, key.id, digest)
        await uow.flush()
        # What was only validated has no secret to show.
        return pb.CreateApiKeyResponse(
            api_key=cast(pb.ApiKey, uow.message(key)), secret="" if request.validate_only else secret
        )

    async def revoke_api_key(self, request: pb.RevokeApiKeyRequest, uow: IdentityUnitOfWork) -> pb.ApiKey:
        """End a key for good."""
        key = await uow.api_keys.get(request.id, etag=request.etag)
        key.revoke()
        await uow.revoke_sessions(key.id)
        await uow.flush()
        return cast(pb.ApiKey, uow.message(key))
