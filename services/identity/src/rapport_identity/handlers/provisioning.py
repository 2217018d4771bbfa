"""Users as a directory outside has them (RFC 7643, RFC 7644)."""

from __future__ import annotations

from typing import cast

from rapport.identity.v1 import provisioning_pb2 as pb
from rapport.identity.v1 import users_pb2
from rapport_identity.domain.identity_provider import IdentityProvider
from rapport_identity.domain.profile import full_name
from rapport_identity.domain.user import User, UserState, normal_email
from rapport_identity.handlers.administrators import check_administered
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
        active = request.active or not request.HasField("active")
        user = await self._present(uow, provider, request.external_id, email)
        if user is None:
            state = UserState.ACTIVE if active else UserState.DEACTIVATED
            user = uow.users.add(User(email=email, display_name=email, state=state))
            user.identity_provider_id, user.external_id = provider.id, request.external_id
            provider.welcome(user, request.groups)
        elif provider.place(user, request.groups):
            await check_administered(uow, user)
            await uow.revoke_subjects(user.id)
        _describe(user, request, email)
        if active and user.state is UserState.DEACTIVATED:
            user.reactivate()
        elif not active and user.state is UserState.ACTIVE:
            await shut_out(uow, user)
        user.settle()
        await uow.flush()
        if request.subject and not await uow.links.add(provider.issuer, request.subject, user.id):
            raise AlreadyExists("SUBJECT_LINKED", "subject: is that of another user", fields="subject")
        return cast(users_pb2.User, uow.message(user))

    async def deprovision_user(self, request: pb.DeprovisionUserRequest, uow: IdentityUnitOfWork) -> users_pb2.User:
        """Shut out at once whoever left; a directory that keeps an account may always end it."""
        provider = await uow.identity_providers.get(request.identity_provider_id)
        user = await uow.users.by_external_id(provider.id, request.external_id)
        if user is None:
            raise NotFound("USER_NOT_FOUND", "no such user", external_id=request.external_id)
        if user.state is UserState.ACTIVE:
            await shut_out(uow, user)
            await uow.flush()
        return cast(users_pb2.User, uow.message(user))

    async def _present(
        self, uow: IdentityUnitOfWork, provider: IdentityProvider, external_id: str, email: str
    ) -> User | None:
        """The user whom the directory means: by its own id, else by an address that it may take over.

        Raises:
            Denied: the user may do more than this directory may give, and more than the caller.
            AlreadyExists: the address is that of a user whom a directory keeps, or whom this one may not take over.
        """
        user = await uow.users.by_external_id(provider.id, external_id)
        if user is None and (user := await uow.users.by_email(email)) is not None:
            if user.identity_provider_id is not None:
                raise AlreadyExists("USER_ALREADY_EXISTS", "user_name: another user has it", fields="user_name")
            if not provider.links(email):
                message = "user_name: a user has it whom this provider may not take over"
                raise AlreadyExists("ACCOUNT_NOT_LINKED", message, fields="user_name")
            user.identity_provider_id, user.external_id = provider.id, external_id
        if user is not None and not set(user.roles) <= provider.roles:
            await check_governs(uow, user.roles)
        return user


def _describe(user: User, request: pb.ProvisionUserRequest, email: str) -> None:
    user.email = email
    named = request.display_name or full_name(request.name.given_name, request.name.family_name)
    user.display_name = named or user.display_name
    user.locale = request.locale or user.locale
    user.time_zone = request.time_zone or user.time_zone
