"""From a user or a service account to the principal that its tokens carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from rapport_identity.domain.credentials import ServiceAccount
from rapport_identity.domain.role import Role, combined
from rapport_identity.domain.user import User
from rapport_identity.storage.repositories import IdentityUnitOfWork
from rapport_kit.auth.principal import Principal, Scope


async def user_principal(
    uow: IdentityUnitOfWork, user: User, roles: Sequence[str], session_id: UUID | None = None
) -> Principal:
    """What a user may do with `roles`, which are the user's own or some of them."""
    found = await uow.roles.by_keys(roles)
    return await _principal(uow, "user", user.id, found, user.team_id, user.memberships, session_id)


async def service_account_principal(uow: IdentityUnitOfWork, account: ServiceAccount) -> Principal:
    """What another system may do."""
    teams = frozenset({account.team_id} if account.team_id else ())
    found = await uow.roles.by_keys(account.roles)
    return await _principal(uow, "service", account.id, found, account.team_id, teams, account.id)


async def _principal(
    uow: IdentityUnitOfWork,
    kind: str,
    subject: UUID,
    roles: Mapping[str, Role],
    team: UUID | None,
    teams: frozenset[UUID],
    session_id: UUID | None,
) -> Principal:
    grants, denials = combined(roles.values())
    reach = frozenset(grants.values())
    return Principal(
        tenant=uow.tenant,
        subject=subject,
        grants=grants,
        denials=denials,
        team_id=team,
        # A token travels with every call: it names no more teams than its grants look at.
        team_ids=teams if reach & {Scope.TEAM, Scope.UNIT} else frozenset(),
        unit_team_ids=await _unit_teams(uow, team) if Scope.UNIT in reach else frozenset(),
        kind=kind,
        session_id=session_id,
    )


async def _unit_teams(uow: IdentityUnitOfWork, team: UUID | None) -> frozenset[UUID]:
    """The teams of the business units below and including that of `team`."""
    unit = await uow.teams.unit_of(team) if team is not None else None
    if unit is None:
        return frozenset()
    tree = await uow.business_units.tree()
    return await uow.teams.in_units(sorted(tree.below(unit)))
