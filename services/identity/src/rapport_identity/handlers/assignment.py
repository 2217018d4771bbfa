"""Who may give which roles and teams to whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from rapport_identity.domain.role import check_may_hand_out, combined
from rapport_identity.storage.repositories import IdentityUnitOfWork
from rapport_kit.errors import Invalid


async def check_roles(uow: IdentityUnitOfWork, keys: Iterable[str], field: str) -> None:
    """Refuse roles that do not exist, and those that allow more than the caller may.

    Raises:
        Invalid: a key names no role.
        Denied: see `check_may_hand_out`.
    """
    wanted = sorted(set(keys))
    found = await uow.roles.by_keys(wanted)
    for key in wanted:
        if key not in found:
            raise Invalid.field(field, "ROLE_UNKNOWN", f"there is no role {key!r}")
    check_may_hand_out(uow.principal, *combined(found.values()))


async def check_governs(uow: IdentityUnitOfWork, roles: Iterable[str]) -> None:
    """Refuse to change somebody who may do more than the caller: a new password would make the two one."""
    found = await uow.roles.by_keys(sorted(set(roles)))
    check_may_hand_out(uow.principal, *combined(found.values()))


async def check_teams(uow: IdentityUnitOfWork, teams: Sequence[UUID], field: str) -> None:
    """Refuse teams that do not exist."""
    if frozenset(teams) - await uow.teams.known(teams):
        raise Invalid.field(field, "TEAM_UNKNOWN", "names no team")
