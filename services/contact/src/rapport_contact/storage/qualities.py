"""Data quality: what it is worked out from, and what is kept of it to sort by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from rapport_contact.domain.membership import MemberKind
from rapport_contact.domain.quality import Quality
from rapport_contact.storage.customers import Customers
from rapport_contact.storage.memberships import ENTITIES, TABLES
from rapport_contact.storage.tables import data_quality, schema
from rapport_kit.query.keyset import Key
from rapport_kit.uow import UnitOfWork, tenant_predicate

_COLUMNS = {MemberKind.PEOPLE: data_quality.c.person_id, MemberKind.ORGANISATIONS: data_quality.c.organisation_id}


class Qualities:
    """The data quality of people or organisations."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow

    async def records(self, kind: MemberKind, ids: Sequence[UUID]) -> list[Any]:
        """Records to look at, without those in the trash."""
        table = TABLES[kind]
        statement = sa.select(ENTITIES[kind]).where(
            tenant_predicate(table, self.uow.tenant), table.c.id == _any(ids), table.c.delete_time.is_(None)
        )
        return list(await (await self.uow.session()).scalars(statement))

    async def sharing(self, kind: MemberKind, ids: Sequence[UUID]) -> dict[UUID, int]:
        """For each of `ids` that has an e-mail address or phone number in common with others, with how many.

        Colleagues share a postal address and a website, and are not the same.
        """
        channel = schema.child_tables(ENTITIES[kind])["channels"]
        owner = f"{TABLES[kind].name}_id"
        other, live = channel.alias("other"), TABLES[kind].alias("live")
        statement = (
            sa.select(channel.c[owner], sa.func.count(sa.distinct(other.c[owner])).label("others"))
            .join(other, sa.and_(other.c.tenant == channel.c.tenant, other.c.normalized == channel.c.normalized))
            .join(live, sa.and_(live.c.tenant == other.c.tenant, live.c.id == other.c[owner]))
            .where(
                tenant_predicate(channel, self.uow.tenant),
                channel.c[owner] == _any(ids),
                other.c[owner] != channel.c[owner],
                sa.or_(channel.c.normalized.contains("@"), channel.c.normalized.startswith("+")),
                other.c.valid_to.is_(None),
                channel.c.valid_to.is_(None),
                live.c.delete_time.is_(None),
            )
            .group_by(channel.c[owner])
        )
        return {row[0]: row.others for row in await self.uow.connection.execute(statement)}

    async def outdated(self, kind: MemberKind, before: datetime, limit: int) -> list[UUID]:
        """Records that nobody looked at since `before`."""
        statement = (
            sa.select(_COLUMNS[kind])
            .where(
                tenant_predicate(data_quality, self.uow.tenant),
                data_quality.c.evaluation_time < before,
                _COLUMNS[kind].is_not(None),
            )
            .order_by(data_quality.c.evaluation_time, data_quality.c.id)
            .limit(limit)
        )
        return list((await self.uow.connection.execute(statement)).scalars())

    async def keep(self, kind: MemberKind, found: Iterable[tuple[UUID, Quality]]) -> None:
        """Keep what was found, to sort by."""
        rows = [
            {
                "tenant": self.uow.tenant,
                "id": id_,
                _COLUMNS[kind].name: id_,
                "score": quality.score,
                "dimensions": {dimension.value: points for dimension, points in quality.dimensions.items()},
                "issues": [asdict(issue) for issue in quality.issues],
                "reasons": [issue.reason for issue in quality.issues],
                "evaluation_time": self.uow.now,
            }
            for id_, quality in found
        ]
        if rows:
            statement = insert(data_quality).values(rows)
            new = {name: statement.excluded[name] for name in rows[0] if name not in ("tenant", "id")}
            upsert = statement.on_conflict_do_update(index_elements=["tenant", "id"], set_=new)
            await self.uow.connection.execute(upsert)

    async def forget(self, kind: MemberKind, ids: Collection[UUID]) -> None:
        """Drop what is kept of records that are in the trash, or gone: nobody looks at them any more."""
        mine = tenant_predicate(data_quality, self.uow.tenant)
        await self.uow.connection.execute(sa.delete(data_quality).where(mine, _COLUMNS[kind] == _any(ids)))

    async def page(self, kind: MemberKind, *, issue: str, after: Key | None, limit: int) -> list[Any]:
        """Kept results on customers whom the caller may see, the worst first."""
        table = TABLES[kind]
        statement = (
            sa.select(data_quality)
            .join(table, sa.and_(table.c.id == data_quality.c.id, _COLUMNS[kind] == data_quality.c.id))
            .where(
                tenant_predicate(data_quality, self.uow.tenant),
                Customers(self.uow).within(table),
                table.c.delete_time.is_(None),
            )
            .order_by(data_quality.c.score, data_quality.c.id)
            .limit(limit)
        )
        if issue:
            statement = statement.where(sa.literal(issue) == sa.any_(data_quality.c.reasons))
        if after is not None:
            statement = statement.where(sa.tuple_(data_quality.c.score, data_quality.c.id) > sa.tuple_(*after))
        return list(await self.uow.connection.execute(statement))


def _any(ids: Collection[UUID]) -> Any:
    return sa.any_(sa.cast(list(ids), sa.ARRAY(sa.Uuid)))
