"""Writes facts into the event table, in the transaction of the change they tell about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Final
from uuid import UUID

from rapport_kit.cause import Cause
from rapport_kit.errors import Invalid
from rapport_kit.schema.frame import Frame
from rapport_kit.schema.sets import Batch, Row, Sink

LARGEST = 512 * 1024
"""Bytes of a payload: the broker takes 1 MiB with headers, by default."""

_COLUMNS: Final = (
    "tenant",
    "resource",
    "aggregate",
    "sequence",
    "type",
    "payload",
    "occurred",
    "actor",
    "on_behalf_of",
    "job",
    "request_id",
    "traceparent",
    "lane",
)


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


def put(event: EventRow, frame: Frame, batch: Batch) -> None:
    """Have a fact written with `batch`, behind those that it holds already.

    Whoever writes the batch holds the row lock of every aggregate, or makes the aggregate with it: ids, taken then,
    must grow as the sequences do.

    Raises:
        Invalid: the payload is too large to be published.
    """
    if len(event.payload) > LARGEST:
        raise Invalid("RECORD_TOO_LARGE", f"a record may have {LARGEST} bytes as a message", resource=event.resource)
    batch.add(_sink(frame), _row(event))


@cache
def _sink(frame: Frame) -> Sink:
    return Sink(frame.event, _COLUMNS, ordered=True)


def _row(event: EventRow) -> Row:
    return {
        "tenant": event.tenant,
        "resource": event.resource,
        "aggregate": event.aggregate,
        "sequence": event.sequence,
        "type": event.type,
        "payload": event.payload,
        "occurred": event.occurred,
        "actor": event.actor,
        "on_behalf_of": event.on_behalf_of,
        "job": event.cause.job,
        "request_id": event.cause.request_id,
        "traceparent": event.cause.traceparent,
        "lane": int(event.cause.lane),
    }
