"""Follows merges: rows keep the id they were written with, and are found under whoever that is now (CON-18)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from rapport.contact.v1 import events_pb2
from rapport_kit.uow import tenant_predicate
from tests.orders.tables import OrdersUnitOfWork, customer_alias


async def people_merged(event: events_pb2.PeopleMerged, uow: OrdersUnitOfWork) -> None:
    """Others became a survivor, and so did whoever had become one of them before."""
    await _mean(dict.fromkeys(event.merged_ids, event.person_id), uow)


async def people_unmerged(event: events_pb2.PeopleUnmerged, uow: OrdersUnitOfWork) -> None:
    """They are themselves again, and older ids mean them again."""
    meaning = {alias: each.person_id for each in event.people for alias in (each.person_id, *each.merged_ids)}
    await _mean(meaning, uow)


async def _mean(meaning: Mapping[str, str], uow: OrdersUnitOfWork) -> None:
    """Keep whom ids mean from now on.

    Facts of different people come in any order: of what they say of one id, the one that was published last counts.
    """
    assert uow.event is not None, "a subscriber is called with an event"
    told = uow.event.published_seq
    said = [
        {"tenant": uow.tenant, "id": UUID(id_), "current_id": UUID(current), "told": told}
        for id_, current in sorted(meaning.items())
    ]
    statement = insert(customer_alias).values(said)
    await uow.connection.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant", "id"],
            set_={"current_id": statement.excluded.current_id, "told": statement.excluded.told},
            where=customer_alias.c.told < statement.excluded.told,
        )
    )


def written_for(column: sa.Column[UUID], customer_id: UUID, uow: OrdersUnitOfWork) -> sa.ColumnElement[bool]:
    """Rows about a customer, whichever of that customer's ids they were written with, and are asked for by."""
    mine = tenant_predicate(customer_alias, uow.tenant)
    known = sa.select(customer_alias.c.current_id).where(mine, customer_alias.c.id == customer_id).scalar_subquery()
    current = sa.select(sa.func.coalesce(known, customer_id)).scalar_subquery()
    aliases = sa.select(customer_alias.c.id).where(mine, customer_alias.c.current_id == current)
    return sa.or_(column == current, column.in_(aliases))
