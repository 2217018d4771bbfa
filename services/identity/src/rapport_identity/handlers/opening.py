"""What a tenant begins with: a business unit, a team, its first users, and the timer that tidies up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from rapport_identity.crypto.passwords import Passwords
from rapport_identity.domain.password import check_password
from rapport_identity.domain.team import BusinessUnit, Team
from rapport_identity.domain.tenant import Tenant
from rapport_identity.domain.user import User
from rapport_identity.handlers.sweep import SWEEP
from rapport_identity.storage.repositories import IdentityUnitOfWork
from rapport_kit.jobs import schedule


@dataclass(frozen=True, slots=True)
class FirstUser:
    """A user that a tenant is opened with; `team` is the name of the user's home."""

    email: str
    display_name: str
    password: str
    roles: tuple[str, ...]
    team: str = ""


async def open_tenant(
    uow: IdentityUnitOfWork, passwords: Passwords, tenant: Tenant, users: Sequence[FirstUser]
) -> dict[str, User]:
    """Create `tenant` and `users`, in the transaction of `uow`; gives the users by e-mail address.

    Every team that a user names is made, in one business unit that has the tenant's name.

    Raises:
        AlreadyExists: another tenant has one of the host names.
    """
    await uow.enter(tenant.id)
    uow.tenants.add(tenant)
    await uow.tenants.claim_hosts(tenant)
    unit = uow.business_units.add(BusinessUnit(display_name=tenant.display_name))
    teams: dict[str, Team] = {}
    made: dict[str, User] = {}
    for first in users:
        name = first.team or tenant.display_name
        if name not in teams:
            teams[name] = uow.teams.add(Team(display_name=name, business_unit_id=unit.id))
        user = User(email=first.email, display_name=first.display_name, roles=list(first.roles), team_id=teams[name].id)
        user.settle()
        check_password(first.password, user.email, "admin_password")
        uow.users.add(user)
        await uow.passwords.set(user.id, await passwords.hash(first.password))
        made[user.email] = user
    await schedule(uow, SWEEP, "", uow.now + timedelta(hours=1), every=timedelta(hours=1))
    return made
