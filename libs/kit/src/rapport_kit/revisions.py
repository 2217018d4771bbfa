"""The history of a resource (AIP-162), read from the facts that its changes left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from rapport_kit.paging import Paging
from rapport_kit.resources import ResourceType
from rapport_kit.uow import UnitOfWork, tenant_predicate


async def revisions(
    resource: ResourceType[Any], request: Any, revision: type[Message], uow: UnitOfWork
) -> tuple[list[Message], str]:
    """A page of what a resource was after each change, the newest first, and the token of the next page.

    Whether the caller may see the resource at all must have been checked before.
    """
    paging = Paging(request, uow)
    event = uow.schema.frame.event
    author = sa.func.coalesce(event.c.on_behalf_of, event.c.actor).label("author")
    statement = (
        sa.select(event.c.sequence, event.c.payload, event.c.occurred, author)
        .where(
            tenant_predicate(event, uow.tenant),
            event.c.aggregate == UUID(request.id),
            event.c.type == resource.changed.DESCRIPTOR.full_name,
        )
        .order_by(event.c.sequence.desc())
        .limit(paging.limit)
    )
    if paging.start is not None:
        statement = statement.where(event.c.sequence < paging.after)
    shown, token = paging.page((await uow.connection.execute(statement)).all(), "sequence")
    changes: list[Any] = [resource.changed.FromString(row.payload) for row in shown]
    await uow.privacy.open(*changes)
    return [_revision(resource, revision, change, row) for change, row in zip(changes, shown, strict=True)], token


async def states_at(resource: ResourceType[Any], points: Mapping[UUID, int], uow: UnitOfWork) -> dict[UUID, Message]:
    """What aggregates were when their fact of a sequence had been told, by id; what history forgot is not there."""
    event = uow.schema.frame.event
    wanted = (
        sa.func.unnest(
            sa.cast(list(points), sa.ARRAY(sa.Uuid)), sa.cast(list(points.values()), sa.ARRAY(sa.BigInteger))
        )
        .table_valued("aggregate", "sequence", name="wanted")
        .render_derived()
    )
    last = (
        sa.select(event.c.payload)
        .where(
            tenant_predicate(event, uow.tenant),
            event.c.aggregate == sa.type_coerce(wanted.c.aggregate, sa.Uuid),
            event.c.sequence <= wanted.c.sequence,
            event.c.type == resource.changed.DESCRIPTOR.full_name,
        )
        .order_by(event.c.sequence.desc())
        .limit(1)
        .lateral("last")
    )
    rows = await uow.connection.execute(
        sa.select(sa.type_coerce(wanted.c.aggregate, sa.Uuid).label("aggregate"), last.c.payload).select_from(
            wanted.join(last, sa.true())
        )
    )
    changes: dict[UUID, Any] = {row.aggregate: resource.changed.FromString(row.payload) for row in rows}
    await uow.privacy.open(*changes.values())
    return {aggregate: getattr(change, resource.field) for aggregate, change in changes.items()}


def _revision(resource: ResourceType[Any], revision: type[Message], change: Any, row: Any) -> Message:
    created = Timestamp()
    created.FromDatetime(row.occurred)
    return revision(
        snapshot=getattr(change, resource.field),
        update_mask=change.update_mask,
        create_time=created,
        actor=str(row.author),
    )
