"""Who works with Rapport."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast
from uuid import UUID

from rapport.identity.v1 import users_pb2 as pb
from rapport_identity.crypto.passwords import Passwords
from rapport_identity.domain.password import check_password
from rapport_identity.domain.role import combined
from rapport_identity.domain.user import User
from rapport_identity.handlers.administrators import check_administered
from rapport_identity.handlers.assignment import check_governs, check_roles, check_teams
from rapport_identity.handlers.handover import successor
from rapport_identity.handlers.principals import user_principal
from rapport_identity.handlers.throttle import Attempt
from rapport_identity.storage.repositories import IdentityUnitOfWork
from rapport_kit.auth.permissions import explain
from rapport_kit.auth.principal import Principal
from rapport_kit.crud import Resource
from rapport_kit.errors import Invalid, Refused

_DECIDES_ACCESS = {"roles", "team_id", "team_ids"}


class Users(Resource[User]):
    """UserService."""

    serves = pb.DESCRIPTOR.services_by_name["UserService"]
    entity = User
    message = pb.User

    def __init__(self, passwords: Passwords) -> None:
        self._passwords = passwords

    async def admit(self, entity: User, uow: IdentityUnitOfWork, changed: Collection[str]) -> None:
        """Roles and teams must exist, nobody changes a user who may do more than they, and one administrator stays."""
        await check_governs(uow, await uow.users.stored_roles(entity.id))
        await check_roles(uow, entity.roles, "user.roles")
        await check_teams(uow, sorted(entity.memberships), "user.team_ids")
        await check_administered(uow, entity)
        if entity.create_time is not None and not _DECIDES_ACCESS.isdisjoint(changed):
            await uow.revoke_subjects(entity.id)

    async def deactivate_user(self, request: pb.DeactivateUserRequest, uow: IdentityUnitOfWork) -> pb.User:
        """Shut a user out at once: sessions, API keys and tokens."""
        user = await self._governed(uow, request.id, request.etag)
        if user.id == uow.principal.subject:
            raise Refused("USER_SELF", "nobody deactivates themselves", id=user.id)
        await shut_out(uow, user, await successor(user, request.successor_id, uow))
        await uow.flush()
        return cast(pb.User, uow.message(user))

    async def reactivate_user(self, request: pb.ReactivateUserRequest, uow: IdentityUnitOfWork) -> pb.User:
        """Let a user sign in again."""
        user = await self._governed(uow, request.id, request.etag)
        user.reactivate()
        await uow.flush()
        return cast(pb.User, uow.message(user))

    async def set_user_password(self, request: pb.SetUserPasswordRequest, uow: IdentityUnitOfWork) -> pb.User:
        """Give a user a password; whoever is signed in with the old one no longer is."""
        user = await self._governed(uow, request.id, request.etag)
        check_password(request.password, user.email, "password")
        await uow.passwords.set(user.id, await self._passwords.hash(request.password))
        await uow.revoke_sessions(*await uow.sessions.end(user.id))
        return cast(pb.User, uow.message(user))

    async def change_password(
        self, request: pb.ChangePasswordRequest, uow: IdentityUnitOfWork
    ) -> pb.ChangePasswordResponse:
        """Change one's own; guessing the old one through a stolen session is slowed down like a sign-in."""
        user = await uow.users.by_id(uow.principal.subject)
        if user is None:
            raise Refused("NOT_A_USER", "only users have passwords")
        with self._passwords.admission():
            attempt = Attempt(uow, user.email)
            await attempt.begin()
            if not await self._passwords.matches(await uow.passwords.hash_of(user.id), request.old_password):
                raise Invalid.field("old_password", "WRONG", "is not the present password")
            await attempt.succeeded()
            check_password(request.new_password, user.email, "new_password")
            await uow.passwords.set(user.id, await self._passwords.hash(request.new_password))
        ended = await uow.sessions.end(user.id, but=uow.principal.session_id)
        await uow.revoke_sessions(*ended)
        return pb.ChangePasswordResponse(ended=len(ended))

    async def revoke_user_sessions(
        self, request: pb.RevokeUserSessionsRequest, uow: IdentityUnitOfWork
    ) -> pb.RevokeUserSessionsResponse:
        """Sign a user out everywhere."""
        user = await self._governed(uow, request.id)
        ended = await uow.sessions.end(user.id)
        await uow.revoke_sessions(*ended)
        return pb.RevokeUserSessionsResponse(ended=len(ended))

    async def explain_permission(
        self, request: pb.ExplainPermissionRequest, uow: IdentityUnitOfWork
    ) -> pb.ExplainPermissionResponse:
        """Which of a user's roles grant or deny a permission."""
        user = await uow.users.get(request.id)
        together = explain(await user_principal(uow, user, user.roles), request.permission)
        response = pb.ExplainPermissionResponse(scope=f"SCOPE_{together.scope.name}" if together.scope else None)
        for key, role in sorted((await uow.roles.by_keys(user.roles)).items()):
            grants, denials = combined([role])
            alone = explain(Principal(uow.tenant, user.id, grants, denials=denials), request.permission)
            for pattern, scope in alone.granted_by:
                response.reasons.add(role=key, pattern=pattern, scope=f"SCOPE_{scope.name}")
            for pattern in alone.denied_by:
                response.reasons.add(role=key, pattern=pattern, denied=True)
        return response

    async def _governed(self, uow: IdentityUnitOfWork, id: str, etag: str = "") -> User:  # noqa: A002
        """The user, locked, if the caller may do at least as much."""
        user = await uow.users.get(UUID(id), etag=etag)
        await check_governs(uow, user.roles)
        return user


async def shut_out(uow: IdentityUnitOfWork, user: User, successor_id: UUID | None = None) -> None:
    """Deactivate a user, say who takes over, and end everything the user could still call with.

    Raises:
        Refused: see `check_administered`.
    """
    user.deactivate(successor_id)
    await check_administered(uow, user)
    keys = await uow.api_keys.of_owner(user.id)
    for key in keys:
        key.revoke()
    ended = await uow.sessions.end(user.id)
    await uow.revoke_sessions(*ended, *(key.id for key in keys))
    await uow.revoke_subjects(user.id)
