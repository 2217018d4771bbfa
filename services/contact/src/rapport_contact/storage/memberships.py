"""Who has a tag or is on a list, now and at any time before.

Whoever changes the members of a set holds the lock of its root, so that nobody comes to be on it twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from rapport_contact.domain.favourite import Favourite
from rapport_contact.domain.membership import CustomerSet, MemberKind, SetMember
from rapport_contact.domain.organisation import Organisation
from rapport_contact.domain.person import Person
from rapport_contact.storage.customers import Customers
from rapport_contact.storage.tables import bulk_change, favourite, membership, organisation, person, static_list, tag
from rapport_kit.auth.principal import NOBODY
from rapport_kit.query import Count, capped_count
from rapport_kit.schema.ids import any_of
from rapport_kit.schema.sets import Sink
from rapport_kit.uow import Repository, UnitOfWork, tenant_predicate

_SINK: Final = Sink(membership, ["tenant", *(field.name for field in fields(SetMember))])
ENTITIES: dict[MemberKind, type[Any]] = {MemberKind.PEOPLE: Person, MemberKind.ORGANISATIONS: Organisation}
TABLES = {MemberKind.PEOPLE: person, MemberKind.ORGANISATIONS: organisation}
COLUMNS = {MemberKind.PEOPLE: membership.c.person_id, MemberKind.ORGANISATIONS: membership.c.organisation_id}
_BULK: Final = sa.and_(bulk_change.c.tenant == membership.c.tenant, bulk_change.c.id == membership.c.added_in)
_WITH_REASON: Final = membership.outerjoin(bulk_change, _BULK)
_REASON: Final = sa.func.coalesce(bulk_change.c.reason, membership.c.reason).label("reason")
"""Why somebody came to be a member: that of a bulk change is kept once, with the change."""


class Memberships:
    """The members of all tags and lists of the tenant."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow

    async def add(
        self, group: CustomerSet, kind: MemberKind, ids: Collection[UUID], reason: str, *, job: UUID | None = None
    ) -> list[UUID]:
        """Add those of `ids` that are not on it; returns them. `job` is the bulk change that does it, and says why."""
        new = sa.select(sa.func.unnest(sa.cast(list(ids), sa.ARRAY(sa.Uuid))).label("id")).cte("new")
        there = sa.select(sa.literal(1)).where(self._of(group), membership.c.member_id == new.c.id, _stays())
        values: dict[str, Any] = {
            "tenant": self.uow.tenant,
            group.named: group.id,
            COLUMNS[kind].name: new.c.id,
            "add_time": self.uow.now,
            "actor_id": self.uow.principal.author,
            "reason": reason,
            "added_in": sa.cast(job, sa.Uuid),
        }
        wanted = sa.select(
            *(value if isinstance(value, sa.ColumnElement) else sa.literal(value) for value in values.values())
        ).where(sa.not_(there.exists()))
        statement = sa.insert(membership).from_select(list(values), wanted, include_defaults=False)
        return list((await self.uow.connection.execute(statement.returning(membership.c.member_id))).scalars())

    async def remove(self, group: CustomerSet, ids: Collection[UUID], *, job: UUID | None = None) -> list[UUID]:
        """Remove those of `ids` that are on it; returns them."""
        wanted = membership.c.member_id == any_of(ids)
        statement = (
            sa.update(membership)
            .where(self._of(group), wanted, _stays())
            .values(remove_time=self.uow.now, remover_id=self.uow.principal.author, removed_in=job)
            .returning(membership.c.member_id)
        )
        return list(dict.fromkeys((await self.uow.connection.execute(statement)).scalars()))

    async def take_back(self, group: CustomerSet, job: UUID, ids: Collection[UUID]) -> list[UUID]:
        """Remove those of `ids` whom the bulk change `job` has added; who was removed and added anew since, stays."""
        wanted = membership.c.member_id == any_of(ids)
        statement = (
            sa.update(membership)
            .where(self._of(group), membership.c.added_in == job, wanted, _stays())
            .values(remove_time=self.uow.now, remover_id=self.uow.principal.author)
            .returning(membership.c.member_id)
        )
        return list((await self.uow.connection.execute(statement)).scalars())

    async def page(self, set_id: UUID, at: datetime | None, *, after: UUID | None, limit: int) -> list[Any]:
        """Members whom the caller may see, in the order of their ids from after `after`; of now when `at` is None."""
        statement = self._members(set_id, at).order_by(membership.c.member_id, membership.c.add_time).limit(limit)
        if after is not None:
            statement = statement.where(membership.c.member_id > after)
        return list(await self.uow.connection.execute(statement))

    async def count(self, set_id: UUID, at: datetime | None) -> Count:
        """How many members the caller may see."""
        distinct = self._members(set_id, at).with_only_columns(membership.c.member_id).subquery()
        return await capped_count(self.uow.connection, sa.select(distinct).select_from(distinct))

    async def tags_of(self, kind: MemberKind, id: UUID) -> list[UUID]:  # noqa: A002 - the field's name
        """The tags that a customer has, by their names."""
        statement = (
            sa.select(tag.c.id)
            .where(
                tenant_predicate(tag, self.uow.tenant),
                tag.c.delete_time.is_(None),
                tag.c.id.in_(
                    sa.select(membership.c.tag_id).where(
                        tenant_predicate(membership, self.uow.tenant), COLUMNS[kind] == id, _stays()
                    )
                ),
            )
            .order_by(tag.c.display_name)
        )
        return list((await self.uow.connection.execute(statement)).scalars())

    async def whole(self, after: UUID | None, limit: int, *conditions: sa.ColumnElement[bool]) -> list[SetMember]:
        """The first after an id, in the order of their ids, those that have ended included; `conditions` narrow it."""
        columns = [_REASON if field.name == "reason" else membership.c[field.name] for field in fields(SetMember)]
        mine = tenant_predicate(membership, self.uow.tenant)
        statement = sa.select(*columns).select_from(_WITH_REASON).where(mine, *conditions).limit(limit)
        later = statement.where(membership.c.id > (after or NOBODY)).order_by(membership.c.id)
        return [SetMember(**row) for row in (await self.uow.connection.execute(later)).mappings()]

    async def lock(self, sets: Collection[UUID]) -> None:
        """Let nobody else change the members of tags and lists until this transaction ends."""
        for table in (tag, static_list):
            wanted = table.c.id == any_of(sets)
            mine = sa.select(table.c.id).where(tenant_predicate(table, self.uow.tenant), wanted).order_by(table.c.id)
            await self.uow.connection.execute(mine.with_for_update(key_share=True))

    async def any_twice(self, sets: Collection[UUID], members: Collection[UUID]) -> bool:
        """Whether one of `members` is on one of `sets` more than once; of those that were written."""
        statement = (
            sa.select(sa.literal(1))
            .where(
                tenant_predicate(membership, self.uow.tenant),
                membership.c.set_id == any_of(sets),
                membership.c.member_id == any_of(members),
                _stays(),
            )
            .group_by(membership.c.set_id, membership.c.member_id)
            .having(sa.func.count() > 1)
        )
        return await self.uow.connection.scalar(statement.limit(1)) is not None

    def restore(self, member: SetMember) -> None:
        """Insert one as it was, with what waits."""
        self.uow.waiting.add(_SINK, {"tenant": self.uow.tenant, **asdict(member)})

    def _members(self, set_id: UUID, at: datetime | None) -> sa.Select[Any]:
        """One row a member: of merged records, each may have been on it."""
        customers = Customers(self.uow)
        within = _stays() if at is None else _was(at)
        return (
            sa.select(
                membership.c.member_id,
                membership.c.person_id,
                membership.c.organisation_id,
                membership.c.add_time,
                membership.c.actor_id,
                _REASON,
                sa.func.coalesce(person.c.display_name, organisation.c.display_name).label("name"),
            )
            .ext(distinct_on(membership.c.member_id))
            .select_from(_WITH_REASON)
            .outerjoin(person, sa.and_(person.c.id == membership.c.person_id, customers.within(person)))
            .outerjoin(
                organisation, sa.and_(organisation.c.id == membership.c.organisation_id, customers.within(organisation))
            )
            .where(
                tenant_predicate(membership, self.uow.tenant),
                membership.c.set_id == set_id,
                within,
                sa.or_(
                    sa.and_(person.c.id.is_not(None), person.c.delete_time.is_(None)),
                    sa.and_(organisation.c.id.is_not(None), organisation.c.delete_time.is_(None)),
                ),
            )
        )

    def _of(self, group: CustomerSet) -> sa.ColumnElement[bool]:
        return sa.and_(tenant_predicate(membership, self.uow.tenant), membership.c.set_id == group.id)


def _stays() -> sa.ColumnElement[bool]:
    return membership.c.remove_time.is_(None)


def _was(at: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(membership.c.add_time <= at, sa.or_(_stays(), membership.c.remove_time > at))


class Favourites(Repository[Favourite]):
    """Everybody's favourites."""

    entity = Favourite

    async def has(self, owner_id: UUID, about: Mapping[str, UUID]) -> bool:
        """Whether a user has a customer, by the name of its column, among the favourites."""
        statement = sa.select(sa.literal(1)).where(
            tenant_predicate(favourite, self.uow.tenant),
            favourite.c.owner_id == owner_id,
            *(favourite.c[name] == id_ for name, id_ in about.items()),
            favourite.c.delete_time.is_(None),
        )
        return await self.uow.connection.scalar(statement.limit(1)) is not None
