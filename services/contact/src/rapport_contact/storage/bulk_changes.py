"""The slices of bulk changes: whom the next one is about."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from rapport.contact.v1 import organisations_pb2, people_pb2
from rapport_contact.domain.bulk_change import BulkChange, SetOperation, Slice
from rapport_contact.domain.membership import MemberKind
from rapport_contact.storage.memberships import ENTITIES, TABLES
from rapport_contact.storage.tables import membership, schema
from rapport_kit.auth.permissions import reached_teams, record_scope
from rapport_kit.auth.principal import Principal, Scope
from rapport_kit.query import Columns, Fields, Filter
from rapport_kit.uow import Repository, tenant_predicate

SLICE = 10_000
"""At most so many records are looked at in one transaction, whether they match or not."""

_FIELDS = {
    MemberKind.PEOPLE: Fields.of(people_pb2.Person),
    MemberKind.ORGANISATIONS: Fields.of(organisations_pb2.Organisation),
}


def parse_filter(kind: MemberKind, text: str) -> Filter:
    """A filter on people or organisations; raises Invalid on the field `filter`."""
    return Filter.parse(text, _FIELDS[kind])


def reach_of(principal: Principal, scope: Scope) -> list[str]:
    """What a later slice must know to see what the caller sees."""
    return [scope.value, *(str(team) for team in sorted(reached_teams(principal, scope)))]


class BulkChanges(Repository[BulkChange]):
    """All bulk changes of the tenant."""

    entity = BulkChange

    async def total(self, change: BulkChange) -> int:
        """How many records a change looks at in all."""
        table = TABLES[change.resource]
        mine = tenant_predicate(table, self.uow.tenant)
        return int(await self.uow.connection.scalar(sa.select(sa.func.count()).select_from(table).where(mine)) or 0)

    async def matching(self, change: BulkChange, size: int = SLICE) -> Slice:
        """The next members among the records after the cursor."""
        table = TABLES[change.resource]
        window = sa.select(table.c.id).where(tenant_predicate(table, self.uow.tenant)).order_by(table.c.id).limit(size)
        if change.cursor is not None:
            window = window.where(table.c.id > change.cursor)
        part = window.cte("part").prefix_with("MATERIALIZED")
        matches = sa.select(table.c.id).where(
            tenant_predicate(table, self.uow.tenant),
            table.c.id.in_(sa.select(part.c.id)),
            table.c.delete_time.is_(None),
            table.c.create_time <= change.create_time,  # not those who come while it runs
            self._reached(change, table),
            self._filtered(change, table),
            self._listed(change, table),
        )
        end = sa.select(sa.func.count(), sa.func.max(sa.cast(part.c.id, sa.Text))).select_from(part)
        looked_at, last = (await self.uow.connection.execute(end)).one()
        members = list((await self.uow.connection.execute(matches)).scalars())
        return Slice(members, looked_at, UUID(last) if looked_at == size else None)

    async def to_undo(self, change: BulkChange, size: int = SLICE) -> Slice:
        """The next members whom the change added, or removed."""
        was = membership.c.added_in if change.action.value == "add" else membership.c.removed_in
        statement = (
            sa.select(membership.c.member_id)
            .where(tenant_predicate(membership, self.uow.tenant), was == change.id)
            .order_by(membership.c.member_id)
            .limit(size)
        )
        if change.cursor is not None:
            statement = statement.where(membership.c.member_id > change.cursor)
        members = list((await self.uow.connection.execute(statement)).scalars())
        return Slice(members, len(members), members[-1] if len(members) == size else None)

    def _reached(self, change: BulkChange, table: sa.Table) -> sa.ColumnElement[bool]:
        """What the requester could see when the change began."""
        assert change.owner_id is not None
        scope, *teams = change.reach
        ids = frozenset(UUID(team) for team in teams)
        requester = Principal(self.uow.tenant, change.owner_id, team_ids=ids)
        within = record_scope(requester, Scope(scope), table)
        return sa.true() if within is None else within

    def _filtered(self, change: BulkChange, table: sa.Table) -> sa.ColumnElement[bool]:
        columns = Columns.of(_FIELDS[change.resource], schema.columns(ENTITIES[change.resource]), table)
        return parse_filter(change.resource, change.filter).sql(columns.within(self.uow.tenant))

    def _listed(self, change: BulkChange, table: sa.Table) -> sa.ColumnElement[bool]:
        if not change.list_ids:
            return sa.true()
        first, *others = [self._on(list_id, table) for list_id in change.list_ids]
        match change.operation:
            case SetOperation.UNION:
                return sa.or_(first, *others)
            case SetOperation.INTERSECTION:
                return sa.and_(first, *others)
            case SetOperation.DIFFERENCE:
                return sa.and_(first, *(sa.not_(other) for other in others))

    def _on(self, list_id: UUID, table: sa.Table) -> Any:
        """Whether a row of `table` is on a list."""
        member = membership.alias()
        return (
            sa.select(sa.literal(1))
            .select_from(member)
            .where(
                tenant_predicate(member, self.uow.tenant),
                member.c.set_id == list_id,
                member.c.member_id == table.c.id,
                member.c.remove_time.is_(None),
            )
            .correlate(table)
            .exists()
        )
