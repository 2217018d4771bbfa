"""Teams, and the business units they are part of."""

from __future__ import annotations

from collections.abc import Collection

from rapport.identity.v1 import business_units_pb2, teams_pb2
from rapport_identity.domain.team import BusinessUnit, Team
from rapport_identity.storage.repositories import IdentityUnitOfWork
from rapport_kit.crud import Resource
from rapport_kit.errors import Invalid, Refused


class Teams(Resource[Team]):
    """TeamService."""

    serves = teams_pb2.DESCRIPTOR.services_by_name["TeamService"]
    entity = Team
    message = teams_pb2.Team

    async def admit(self, entity: Team, uow: IdentityUnitOfWork, changed: Collection[str]) -> None:
        """The business unit must exist."""
        if entity.business_unit_id is not None and not await uow.business_units.exists(entity.business_unit_id):
            raise Invalid.field("team.business_unit_id", "BUSINESS_UNIT_UNKNOWN", "names no business unit")

    async def release(self, entity: Team, uow: IdentityUnitOfWork) -> None:
        """It must be nobody's home."""
        if await uow.users.any_in(entity.id):
            raise Refused("TEAM_IN_USE", "users have this team as their home", id=entity.id)


class BusinessUnits(Resource[BusinessUnit]):
    """BusinessUnitService."""

    serves = business_units_pb2.DESCRIPTOR.services_by_name["BusinessUnitService"]
    entity = BusinessUnit
    message = business_units_pb2.BusinessUnit

    async def admit(self, entity: BusinessUnit, uow: IdentityUnitOfWork, changed: Collection[str]) -> None:
        """The parent must exist, and the tree must stay one."""
        if entity.parent_id is None:
            return
        await uow.business_units.lock_tree()
        if not await uow.business_units.exists(entity.parent_id):
            raise Invalid.field("business_unit.parent_id", "BUSINESS_UNIT_UNKNOWN", "names no business unit")
        (await uow.business_units.tree()).check_move(entity.id, entity.parent_id)

    async def release(self, entity: BusinessUnit, uow: IdentityUnitOfWork) -> None:
        """It must have no teams and nothing below it."""
        await uow.business_units.lock_tree()
        below = (await uow.business_units.tree()).below(entity.id)
        if len(below) > 1 or await uow.teams.any_in(entity.id):
            raise Refused("BUSINESS_UNIT_IN_USE", "teams or business units belong to it", id=entity.id)
