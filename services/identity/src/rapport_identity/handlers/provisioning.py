"""Users as a directory outside has them (RFC 7643, RFC 7644)."""

from __future__ import annotations

from typing import cast

from rapport.identity.v1 import provisioning_pb2 as pb
from rapport.identity.v1 import users_pb2
from rapport_identity.domain.identity_provider import IdentityProvider
from rapport_identity.domain.profile import full_name
from rapport_identity.domain.user import User, UserState, normal_email
from rapport_identity.handlers.assignment import check_governs
from rapport_identity.handlers.users import shut_out
from rapport_identity.storage.repositories import IdentityUnitOfWork
from rapport_kit.errors import AlreadyExists, NotFound


class Provisioning:
    """ProvisioningService."""

    serves = pb.DESCRIPTOR.services_by_name["ProvisioningService"]

    async def provision_user(self, request: pb.ProvisionUserRequest, uow: IdentityUnitOfWork) -> users_pb2.User:
        """Bring a user into the directory's state; the same request twice changes nothing the second time."""
        provider = await uow.identity_providers.get(request.identity_provider_id)
        email = normal_email(request.user_name, "user_name")
        user = await self._present(uow, provider, request.external_id, email)
        if user is None:
            user = uow.users.add(User(email=email, display_name=email, external_id=request.external_id))
            provider.welcome(user, request.groups)
        elif provider.place(user, request.groups):
            await uow.revoke_subjects(user.id)
        _describe(user, request, email)
        if user.state is UserState.DEACTIVATED:
            user.reactivate()
        user.settle()
        await uow.flush()
        if request.subject and not await uow.links.add(provider.issuer, request.subject, user.id):
            raise AlreadyExists("SUBJECT_LINKED", "subject: is that of another user", fields="subject")
        return cast(users_pb2.User, uow.message(user))

    async def deprovision_user(self, request: pb.DeprovisionUserRequest, uow: IdentityUnitOfWork) -> users_pb2.User:
        """Shut out at once whoever left; a directory that made an account may always end it."""
        user = await uow.users.by_external_id(request.external_id)
        if user is None:
            raise NotFound("USER_NOT_FOUND", "no such user", external_id=request.external_id)
        if user.state is UserState.ACTIVE:
            await shut_out(uow, user)
            await uow.flush()
        return cast(users_pb2.User, uow.message(user))

    async def _present(
        self, uow: IdentityUnitOfWork, provider: IdentityProvider, external_id: str, email: str
    ) -> User | None:
        """The user whom the directory means: by its own id, else by the address, which it then takes over.

        Raises:
            Denied: the user may do more than this directory may give, and more than the caller.
            AlreadyExists: the address is that of a user whom the directory knows by another id.
        """
        user = await uow.users.by_external_id(external_id)
        if user is None and (user := await uow.users.by_email(email)) is not None:
            if user.external_id:
                raise AlreadyExists("USER_ALREADY_EXISTS", "user_name: another user has it", fields="user_name")
            user.external_id = external_id
        if user is not None and not set(user.roles) <= provider.roles:
            await check_governs(uow, user.roles)
        return user


def _describe(user: User, request: pb.ProvisionUserRequest, email: str) -> None:
    user.email = email
    named = request.display_name or full_name(request.name.given_name, request.name.family_name)
    user.display_name = named or user.display_name
    user.locale = request.locale or user.locale
    user.time_zone = request.time_zone or user.time_zone
