"""What contact knows of identity's users and tenants, from events."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from rapport_contact.storage.tables import colleague, tenant_profile
from rapport_kit.schema.ids import any_of
from rapport_kit.uow import UnitOfWork, tenant_predicate


class Colleagues:
    """What contact knows of identity's users: whose record it may be, and which team that is."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow
        self._known: dict[UUID, Any] = {}

    async def find(self, user_id: UUID) -> Any:
        """The team, the activity and the time zone of a user, or None for one that contact has not heard of."""
        if user_id not in self._known:
            await self.learn([user_id])
        return self._known[user_id]

    async def active(self, user_id: UUID) -> Any:
        """The same of a user who can be given something; None for one who left, or whom nobody knows."""
        known = await self.find(user_id)
        return known if known is not None and known.active else None

    async def learn(self, user_ids: Iterable[UUID]) -> None:
        """Ask about many users at once; `find` then knows."""
        columns = (colleague.c.id, colleague.c.team_id, colleague.c.active, colleague.c.time_zone)
        statement = sa.select(*columns).where(
            tenant_predicate(colleague, self.uow.tenant),
            colleague.c.id == any_of(user_ids),
        )
        found = {row.id: row for row in await self.uow.connection.execute(statement)}
        self._known |= {user: found.get(user) for user in user_ids}

    async def known(self, user_ids: Collection[UUID]) -> frozenset[UUID]:
        """Those of `user_ids` that are users of the tenant, active or not."""
        if not user_ids:
            return frozenset()
        wanted = any_of(user_ids)
        statement = sa.select(colleague.c.id).where(
            tenant_predicate(colleague, self.uow.tenant), colleague.c.id == wanted
        )
        return frozenset((await self.uow.connection.execute(statement)).scalars())

    async def remember(self, user_id: UUID, *, team_id: UUID | None, active: bool, time_zone: str) -> None:
        """Keep what identity last said of a user."""
        self._known.pop(user_id, None)
        state = {"team_id": team_id, "active": active, "time_zone": time_zone}
        statement = insert(colleague).values(tenant=self.uow.tenant, id=user_id, **state)
        await self.uow.connection.execute(statement.on_conflict_do_update(index_elements=["tenant", "id"], set_=state))


class Profile(NamedTuple):
    """What is known of a tenant that nobody spoke of yet."""

    region: str = ""
    time_zone: str = ""


class TenantProfile:
    """What contact knows of the tenant itself."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow
        self._known: Any = None

    async def region(self) -> str:
        """The country that national phone numbers are read in (ISO 3166-1 alpha-2); empty when not known."""
        return str((await self._row()).region)

    async def time_zone(self) -> str:
        """Where the tenant's days begin (IANA); empty when not known."""
        return str((await self._row()).time_zone)

    async def _row(self) -> Any:
        if self._known is None:
            columns = (tenant_profile.c.region, tenant_profile.c.time_zone)
            mine = tenant_predicate(tenant_profile, self.uow.tenant)
            statement = sa.select(*columns).where(mine, tenant_profile.c.id == self.uow.tenant)
            found = (await self.uow.connection.execute(statement)).one_or_none()
            self._known = found or Profile()
        return self._known

    async def remember(self, region: str, time_zone: str = "") -> None:
        """Keep what identity last said of the tenant."""
        self._known = None
        known = {"region": region, "time_zone": time_zone}
        statement = insert(tenant_profile).values(tenant=self.uow.tenant, id=self.uow.tenant, **known)
        await self.uow.connection.execute(statement.on_conflict_do_update(index_elements=["tenant", "id"], set_=known))
