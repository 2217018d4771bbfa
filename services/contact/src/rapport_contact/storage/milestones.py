"""Milestones, and what was told of them."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from rapport_contact.domain.milestone import Calendar, Milestone, MilestoneKind, Notice
from rapport_contact.storage.colleagues import TenantProfile
from rapport_contact.storage.contact_settings import TenantSettings
from rapport_contact.storage.tables import milestone, milestone_notice
from rapport_kit.uow import Repository, tenant_predicate


class Milestones(Repository[Milestone]):
    """All milestones of the tenant."""

    entity = Milestone

    async def birthday_of(self, person_id: UUID) -> Milestone | None:
        """The birthday of a person, to be changed; the first one, when merged records had several."""
        statement = (
            sa.select(milestone.c.id)
            .where(
                tenant_predicate(milestone, self.uow.tenant),
                milestone.c.person_id == person_id,
                milestone.c.kind == MilestoneKind.BIRTHDAY,
                milestone.c.delete_time.is_(None),
            )
            .order_by(milestone.c.id)
            .limit(1)
        )
        found = await self.uow.connection.scalar(statement)
        return None if found is None else await self.find(found)

    async def enter(self, told: Milestone, notice: Notice) -> bool:
        """Enter that `notice` is told; false when it was."""
        statement = insert(milestone_notice).values(
            tenant=self.uow.tenant, milestone_id=told.id, year=notice.year, days_before=notice.days_before
        )
        entered = await self.uow.connection.execute(statement.on_conflict_do_nothing())
        return bool(entered.rowcount)

    async def calendar(self) -> Calendar:
        """What the tenant goes by."""
        time_zone = await TenantProfile(self.uow).time_zone()
        return Calendar(time_zone, (await TenantSettings(self.uow).current()).leap_day)
