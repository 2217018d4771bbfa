"""Writes facts into the event table, in the transaction of the change they tell about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from rapport_kit.cause import Cause
from rapport_kit.errors import Invalid
from rapport_kit.schema.frame import Frame

LARGEST = 512 * 1024
"""Bytes of a payload: the broker takes 1 MiB with headers, by default."""


@dataclass(frozen=True, slots=True)
class EventRow:
    """One fact about one aggregate. `type` is the payload's full proto name; `sequence` has no gap per aggregate."""

    tenant: UUID
    resource: str
    aggregate: UUID
    sequence: int
    type: str
    payload: bytes
    occurred: datetime
    actor: UUID
    on_behalf_of: UUID | None = None
    cause: Cause = field(default_factory=Cause)


async def append(connection: AsyncConnection, frame: Frame, rows: Sequence[EventRow]) -> None:
    """Insert `rows` in their order, in one round trip.

    The caller holds the row lock of every aggregate: ids, taken here, must grow as the sequences do.

    Raises:
        Invalid: a payload is too large to be published.
    """
    for row in rows:
        if len(row.payload) > LARGEST:
            raise Invalid("RECORD_TOO_LARGE", f"a record may have {LARGEST} bytes as a message", resource=row.resource)
    if rows:
        await connection.execute(sa.insert(frame.event), [_values(row) for row in rows])


def _values(row: EventRow) -> dict[str, object]:
    return {
        "tenant": row.tenant,
        "resource": row.resource,
        "aggregate": row.aggregate,
        "sequence": row.sequence,
        "type": row.type,
        "payload": row.payload,
        "occurred": row.occurred,
        "actor": row.actor,
        "on_behalf_of": row.on_behalf_of,
        "job": row.cause.job,
        "request_id": row.cause.request_id,
        "traceparent": row.cause.traceparent,
        "lane": int(row.cause.lane),
    }
