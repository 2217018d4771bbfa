"""A tenant never loses its last administrator: nobody who is left could make another one."""

from __future__ import annotations

from rapport_identity.domain.built_in_roles import ADMINISTRATOR
from rapport_identity.domain.user import User, UserState
from rapport_identity.storage.repositories import IdentityUnitOfWork
from rapport_kit.errors import Refused


async def check_administered(uow: IdentityUnitOfWork, user: User) -> None:
    """Refuse a change of `user` that would leave no active user with the role `admin`.

    Raises:
        Refused: LAST_ADMINISTRATOR.
    """
    if await was_last_administrator(uow, user):
        raise Refused("LAST_ADMINISTRATOR", "the tenant would have no active administrator left", id=user.id)


async def was_last_administrator(uow: IdentityUnitOfWork, user: User) -> bool:
    """Whether `user`, as stored, is the only active administrator, and as changed in this unit of work is none.

    Where it takes one away, no other transaction of the tenant takes another one away before this one ends.
    """
    if user.state is UserState.ACTIVE and ADMINISTRATOR in user.roles:
        return False
    if ADMINISTRATOR not in await uow.users.stored_roles(user.id):
        return False
    await uow.users.lock_administrators()
    return await uow.users.administrators() == {user.id}
