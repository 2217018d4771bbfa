"""Data quality: what it is worked out from, and what is kept of it to sort by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from rapport_contact.domain.membership import MemberKind
from rapport_contact.domain.quality import Quality
from rapport_contact.storage.customers import Customers
from rapport_contact.storage.lookups import TENANT, keys, of_each
from rapport_contact.storage.memberships import ENTITIES, TABLES
from rapport_contact.storage.tables import data_quality, schema
from rapport_kit.query.keyset import Key
from rapport_kit.schema.ids import any_of
from rapport_kit.schema.prepared import Prepared
from rapport_kit.uow import UnitOfWork, tenant_predicate

_COLUMNS = {MemberKind.PEOPLE: data_quality.c.person_id, MemberKind.ORGANISATIONS: data_quality.c.organisation_id}
_MAIL: Final[sa.ColumnElement[str]] = sa.literal_column("'%@%'")
_PHONE: Final[sa.ColumnElement[str]] = sa.literal_column("'+%'")


def _sharing(kind: MemberKind) -> Prepared:
    """From one record to its channels, and from each to whom else it leads: see `Qualities.sharing`."""
    channel, table, asked = schema.child_tables(ENTITIES[kind])["channels"], TABLES[kind], keys(sa.Uuid(), "ids")
    owner, other = channel.c[f"{table.name}_id"], channel.alias("other")
    theirs = of_each(
        sa.select(channel.c.normalized).where(
            tenant_predicate(channel, TENANT),
            owner == asked.c.ids,
            channel.c.valid_to.is_(None),
            sa.or_(channel.c.normalized.like(_MAIL), channel.c.normalized.like(_PHONE)),
        ),
        "theirs",
    )
    same = of_each(
        sa.select(other.c[owner.name].label("id")).where(
            tenant_predicate(other, TENANT),
            other.c.normalized == theirs.c.normalized,
            other.c[owner.name] != asked.c.ids,
            other.c.valid_to.is_(None),
        ),
        "same",
    )
    live = of_each(
        sa.select(table.c.id).where(
            tenant_predicate(table, TENANT), table.c.id == same.c.id, table.c.delete_time.is_(None)
        ),
        "live",
    )
    every = asked.join(theirs, sa.true()).join(same, sa.true()).join(live, sa.true())
    others = sa.func.count(sa.distinct(live.c.id)).label("others")
    return Prepared(sa.select(asked.c.ids.label("id"), others).select_from(every).group_by(asked.c.ids))


_SHARING: Final = {kind: _sharing(kind) for kind in MemberKind}


class Qualities:
    """The data quality of people or organisations."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow

    async def records(self, kind: MemberKind, ids: Sequence[UUID]) -> list[Any]:
        """Records to look at, without those in the trash."""
        table = TABLES[kind]
        statement = sa.select(ENTITIES[kind]).where(
            tenant_predicate(table, self.uow.tenant), table.c.id == any_of(ids), table.c.delete_time.is_(None)
        )
        return list(await (await self.uow.session()).scalars(statement))

    async def sharing(self, kind: MemberKind, ids: Sequence[UUID]) -> dict[UUID, int]:
        """For each of `ids` that has an e-mail address or phone number in common with others, with how many.

        Colleagues share a postal address and a website, and are not the same.
        """
        rows = await _SHARING[kind].all(self.uow.connection, ids=list(ids), tenant=self.uow.tenant)
        return {row["id"]: row["others"] for row in rows}

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
        await self.uow.connection.execute(sa.delete(data_quality).where(mine, _COLUMNS[kind] == any_of(ids)))

    async def page(self, kind: MemberKind, *, issue: str, after: Key | None, limit: int) -> list[Any]:
        """Kept results on customers whom the caller may see, the worst first."""
        table = TABLES[kind]
        statement = (
            sa.select(data_quality)
            .join(table, sa.and_(table.c.id == data_quality.c.id, _COLUMNS[kind] == data_quality.c.id))
            .where(
                tenant_predicate(data_quality, self.uow.tenant),
                Customers(self.uow).wholes(table),
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
