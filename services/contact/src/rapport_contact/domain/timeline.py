"""The timeline of a customer: entries that are only ever added, and what comes of a record that changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from rapport_contact.domain.customer import AboutCustomer, RelatedRecord
from rapport_kit.errors import Invalid

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SUMMARY = 300
"""The longest summary, in characters."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one entry says. `resource` and `record_id` name the record that tells more."""

    kind: str
    occurred: datetime
    summary: str
    actor: UUID
    resource: str
    record_id: UUID
    person_id: UUID | None = None
    organisation_id: UUID | None = None
    channel: str = ""
    direction: str = ""
    corrects: UUID | None = None
    retracted: bool = False

    @property
    def about(self) -> tuple[UUID | None, UUID | None]:
        """Whom it is about: of one record, one entry for each is in force at most."""
        return self.person_id, self.organisation_id

    @property
    def content(self) -> tuple[object, ...]:
        """What a reader would notice, of a record's entry about one customer."""
        return self.kind, self.occurred, self.summary, self.channel, self.direction, self.retracted


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an entry has from where it was made: its id, and when it was said to have happened."""

    id: UUID
    recorded: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PostedEntry:
    """An entry that was posted, as it was taken out: `TimelineEntry` of the contract."""

    id: UUID
    person_id: UUID | None = None
    organisation_id: UUID | None = None
    occur_time: datetime
    record_time: datetime
    kind: str
    channel: str = ""
    direction: str = ""
    actor_id: UUID
    summary: str
    record: RelatedRecord | None = None
    source: str
    corrects_id: UUID | None = None
    retracted: bool = False

    def __post_init__(self) -> None:
        """Raises Invalid when it is about nobody, or without a record that tells more: itself, where none was named."""
        AboutCustomer(person_id=self.person_id, organisation_id=self.organisation_id).require_customer()
        if self.record is None:
            raise Invalid.field("record", "REQUIRED", "must be set")

    @property
    def line(self) -> Line:
        """What it says."""
        assert self.record is not None, "see above"
        return Line(
            kind=self.kind,
            occurred=self.occur_time,
            summary=self.summary,
            actor=self.actor_id,
            resource=self.record.type,
            record_id=self.record.id,
            person_id=self.person_id,
            organisation_id=self.organisation_id,
            channel=self.channel,
            direction=self.direction,
            corrects=self.corrects_id,
            retracted=self.retracted,
        )


def restated(actor: UUID, kept: Iterable[tuple[UUID, Line]], wanted: Sequence[Line]) -> list[Line]:
    """The lines to add so that those in force are the `wanted` ones.

    Args:
        actor: who changed the record.
        kept: the entries of the record that nothing corrects so far, with their ids.
        wanted: what the record tells now; nothing when it is gone.
    """
    left = {line.about: (id_, line) for id_, line in kept}
    added = []
    for line in wanted:
        id_, before = left.pop(line.about, (None, None))
        if before is None or before.content != line.content:
            added.append(replace(line, corrects=id_))
    for id_, line in left.values():
        if not line.retracted:
            added.append(replace(line, corrects=id_, retracted=True, actor=actor))
    return added


def entry_id(source: str, aggregate: UUID, sequence: int, place: int, occurred: datetime) -> UUID:
    """The id of the entry that comes at `place` out of one event: the same whenever it is made (RFC 9562, UUIDv8).

    It begins with the event's time, so that neighbours in time are neighbours in an index, as with UUIDv7.
    """
    milliseconds = (occurred - EPOCH) // timedelta(milliseconds=1) & 0xFFFF_FFFF_FFFF
    name = f"{source}/{aggregate}/{sequence}/{place}".encode()
    tail = int.from_bytes(hashlib.sha256(name).digest()[:10], "big")
    return UUID(
        int=milliseconds << 80 | 8 << 76 | (tail >> 68 & 0xFFF) << 64 | 2 << 62 | (tail & 0x3FFF_FFFF_FFFF_FFFF)
    )


def summarised(text: str) -> str:
    """The beginning of a text as one line."""
    line = " ".join(text[: 4 * SUMMARY].split())
    return line if len(line) <= SUMMARY else f"{line[: SUMMARY - 1]}…"
