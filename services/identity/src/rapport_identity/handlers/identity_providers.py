"""Whose word is taken for who somebody is."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from rapport.identity.v1 import identity_providers_pb2 as pb
from rapport_identity.crypto.sealing import seal, unseal
from rapport_identity.domain.identity_provider import IdentityProvider
from rapport_identity.domain.role import check_may_hand_out
from rapport_identity.handlers.assignment import check_roles, check_teams
from rapport_identity.settings import identity_settings
from rapport_identity.storage.repositories import IdentityUnitOfWork
from rapport_kit.auth.principal import Scope
from rapport_kit.crud import Resource
from rapport_kit.settings import SettingsError

EVERYTHING = {"*": Scope.ALL}
_PURPOSE = "client_secret"


class IdentityProviders(Resource[IdentityProvider]):
    """IdentityProviderService."""

    serves = pb.DESCRIPTOR.services_by_name["IdentityProviderService"]
    entity = IdentityProvider
    message = pb.IdentityProvider

    async def admit(self, entity: IdentityProvider, uow: IdentityUnitOfWork, changed: Collection[str]) -> None:
        """Nobody lets in, or puts into roles, whom they could not themselves."""
        if entity.links_by_email:  # its issuer can then be anybody
            check_may_hand_out(uow.principal, EVERYTHING)
        await check_roles(uow, entity.roles, "identity_provider.group_mappings")
        await check_teams(uow, sorted(entity.teams), "identity_provider.group_mappings")

    async def set_identity_provider_secret(
        self, request: pb.SetIdentityProviderSecretRequest, uow: IdentityUnitOfWork
    ) -> pb.IdentityProvider:
        """Keep a client secret, encrypted for this provider alone."""
        provider = await uow.identity_providers.get(request.id, etag=request.etag)
        keys = identity_settings().keys_for(_PURPOSE)
        provider.sealed_secret = seal(keys, request.secret.encode(), provider.id.bytes) if request.secret else None
        provider.secret_time = uow.now if request.secret else None
        await uow.flush()
        return cast(pb.IdentityProvider, uow.message(provider))


def secret_of(provider: IdentityProvider) -> str:
    """The client secret; empty for a public client.

    Raises:
        SettingsError: it was encrypted with none of the present keys.
    """
    if provider.sealed_secret is None:
        return ""
    opened = unseal(identity_settings().keys_for(_PURPOSE), provider.sealed_secret, provider.id.bytes)
    if opened is None:
        raise SettingsError("RAPPORT_IDENTITY_KEY_ENCRYPTION_KEYS: none of them opens the secret of a provider")
    return opened.decode()


async def reseal_secrets(uow: IdentityUnitOfWork) -> None:
    """Move every secret to the newest key, so that the others can be dropped."""
    keys = identity_settings().keys_for(_PURPOSE)
    for provider, sealed in await uow.identity_providers.secrets():
        if unseal(keys[:1], sealed, provider.bytes) is None and (opened := unseal(keys[1:], sealed, provider.bytes)):
            await uow.identity_providers.reseal(provider, seal(keys, opened, provider.bytes), sealed)
