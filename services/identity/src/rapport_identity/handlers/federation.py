"""From what an issuer states to the user whom it means."""

from __future__ import annotations

from rapport_identity.domain.built_in_roles import ADMINISTRATOR
from rapport_identity.domain.identity_provider import IdentityProvider
from rapport_identity.domain.profile import Profile
from rapport_identity.domain.user import User, UserState
from rapport_identity.handlers.administrators import was_last_administrator
from rapport_identity.storage.repositories import IdentityUnitOfWork
from rapport_kit.errors import Refused, Unauthenticated


async def user_of(uow: IdentityUnitOfWork, provider: IdentityProvider, profile: Profile) -> User:
    """The active user whom the issuer means, by subject, else by an address it may speak for, else a new one.

    Raises:
        Unauthenticated: the user is shut out.
        Refused: there is no such user, and none may be made.
    """
    user = await _linked(uow, profile)
    known = user is not None
    if user is None:
        _check_address(provider, profile)
        user = await uow.users.by_email(profile.email)
        if user is not None and not provider.links(profile.email):
            raise Refused("ACCOUNT_NOT_LINKED", "an account has this address, and is not linked with this provider")
    if user is not None and user.state is not UserState.ACTIVE:
        raise Unauthenticated("SIGN_IN_REFUSED", "the account is deactivated")
    if user is None:
        user = await _new(uow, provider, profile)
    elif profile.groups is not None and provider.place(user, profile.groups):
        if await was_last_administrator(uow, user):  # who must not be kept from signing in, either
            user.roles = sorted([*user.roles, ADMINISTRATOR])
        await uow.revoke_subjects(user.id)
    await uow.flush()
    if not known and not await uow.links.add(profile.issuer, profile.subject, user.id):
        raise Refused("ACCOUNT_NOT_LINKED", "the provider's account was just linked with another one")
    return user


async def _linked(uow: IdentityUnitOfWork, profile: Profile) -> User | None:
    linked = await uow.links.user_of(profile.issuer, profile.subject)
    return None if linked is None else await uow.users.by_id(linked)


def _check_address(provider: IdentityProvider, profile: Profile) -> None:
    """An address that the issuer has not verified, or may not speak for, says nothing about who somebody is."""
    if not profile.email or not profile.email_verified:
        raise Refused("EMAIL_NOT_VERIFIED", "the identity provider states no verified e-mail address")
    if not provider.speaks_for(profile.email):
        raise Refused("EMAIL_DOMAIN_REFUSED", "the identity provider may not speak for this address")


async def _new(uow: IdentityUnitOfWork, provider: IdentityProvider, profile: Profile) -> User:
    if not provider.creates_users:
        raise Refused("ACCOUNT_UNKNOWN", "nobody has this address, and the provider makes no accounts")
    user = User(email=profile.email, display_name=profile.display_name)
    provider.welcome(user, profile.groups or ())
    user.settle()
    return uow.users.add(user)
