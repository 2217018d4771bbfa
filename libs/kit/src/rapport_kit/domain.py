"""What domain code is made of: entities with an identity and a history, and values without."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from rapport_kit.errors import Stale

if TYPE_CHECKING:
    from google.protobuf.message import Message


def uuid7() -> UUID:
    """A new time-ordered UUID (RFC 9562, section 5.7): neighbours in time are neighbours in an index."""
    milliseconds = time.time_ns() // 1_000_000
    tail = int.from_bytes(os.urandom(10), "big")
    return UUID(
        int=(milliseconds & 0xFFFF_FFFF_FFFF) << 80
        | 7 << 76
        | (tail >> 68 & 0xFFF) << 64
        | 2 << 62
        | (tail & 0x3FFF_FFFF_FFFF_FFFF)
    )


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount: `minor` counts the smallest unit of an ISO 4217 currency, such as cents."""

    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A calendar day whose year may be unknown (zero), as in a birthday (google.type.Date)."""

    month: int
    day: int
    year: int = 0


@dataclass(kw_only=True, eq=False)
class Owned:
    """A mutable part of one aggregate, with an identity inside it, kept in a table of its own."""

    id: UUID = field(default_factory=uuid7)


@dataclass(kw_only=True, eq=False)
class Entity:
    """The root of an aggregate: the unit that is read, locked, versioned and told about as a whole.

    `version` and the times are the frame's to set, when the unit of work writes the aggregate;
    `sequence` numbers its facts without a gap, and consumers rely on that.
    """

    id: UUID = field(default_factory=uuid7)
    version: int = 0
    sequence: int = 0
    create_time: datetime | None = None
    update_time: datetime | None = None
    delete_time: datetime | None = None

    def record(self, fact: Message) -> None:
        """Remember a business fact; it is written with the aggregate and published after the commit."""
        self.__dict__.setdefault("_facts", []).append(fact)

    @property
    def etag(self) -> str:
        """The version as callers see it (AIP-154)."""
        return f'"{self.version}"'

    def check_etag(self, etag: str) -> None:
        """Raises Stale when a caller's etag is not the current one; none is any."""
        if etag and etag != self.etag:
            raise Stale("ETAG_MISMATCH", "the resource changed since it was read", id=self.id, etag=etag)

    def take_facts(self) -> list[Message]:
        """Hand over the facts recorded since the last call, oldest first."""
        facts: list[Message] = self.__dict__.pop("_facts", [])
        return facts


@dataclass(kw_only=True, eq=False)
class OwnedByUser:
    """Mixed into an entity that a user answers for: record scopes (own, team, unit) look at these two."""

    owner_id: UUID | None = None
    team_id: UUID | None = None


@dataclass(kw_only=True, eq=False)
class Mergeable:
    """Mixed into an entity that may turn out to be another one, which then answers by the id of this one, too.

    `merged_into` is that one, never one that was merged itself. Whoever is set so is in the trash as well.
    """

    merged_into: UUID | None = None
