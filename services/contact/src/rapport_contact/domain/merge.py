"""Records that become one, and that are parted again: people, or organisations."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from rapport_contact.domain.channel import Channel
from rapport_contact.domain.organisation import Organisation
from rapport_contact.domain.person import Person
from rapport_contact.domain.record import ContactRecord, ExternalId
from rapport_contact.domain.survivorship import (
    CHANNELS,
    MergedField,
    changes,
    check_choices,
    choose_fields,
    ranked,
    revert_fields,
    texts,
)
from rapport_contact.domain.uniting import MergedChannel, part_channels, unite_channels
from rapport_kit.domain import Entity
from rapport_kit.errors import Invalid, Refused

R = TypeVar("R", bound=ContactRecord)
UNDO = timedelta(days=90)
"""How long records that were merged can be parted."""
MOST: Mapping[str, int] = {"channels": 100, "external_ids": 50, "annotations": 50, "domains": 50, "tax_ids": 20}
"""As much as one record can have."""


class MergeState(StrEnum):
    """Whether the records are merged."""

    MERGED = "merged"
    UNMERGED = "unmerged"


@dataclass(frozen=True, slots=True)
class MergedExternalId:
    """A name in another system that was handed to the survivor."""

    system: str
    value: str
    source_id: UUID


@dataclass(kw_only=True, eq=False)
class Union(Entity):
    """That records of a kind became one (CON-18), and what is needed to part them."""

    survivor_id: UUID
    merged_ids: list[UUID] = field(default_factory=list)
    state: MergeState = MergeState.MERGED
    field_choices: dict[str, str] = field(default_factory=dict)
    fields: list[MergedField] = field(default_factory=list)
    channels: list[MergedChannel] = field(default_factory=list)
    external_ids: list[MergedExternalId] = field(default_factory=list)
    actor_id: UUID | None = None
    unmerge_time: datetime | None = None
    unmerged_by: UUID | None = None

    def check_undo(self, now: datetime, latest: Union | None) -> None:
        """Whether the records can be parted; `latest` is what was merged last into the survivor, and still is.

        Raises:
            Refused: they were, it is too late, or a later merge must be undone first.
        """
        if self.state is MergeState.UNMERGED:
            raise Refused("MERGE_UNDONE", "they were parted already", id=self.id)
        assert self.create_time is not None, "a stored merge is dated"
        if now - self.create_time > UNDO:
            raise Refused("MERGE_TOO_OLD", f"what was merged can be parted for {UNDO.days} days", id=self.id)
        if latest is not None and latest.id != self.id:
            raise Refused("MERGE_NOT_LATEST", "a later merge must be undone first", id=self.id, merge_id=latest.id)

    def undone(self, by: UUID, now: datetime) -> None:
        """Remember who parted them, and when."""
        self.state, self.unmerged_by, self.unmerge_time = MergeState.UNMERGED, by, now


@dataclass(kw_only=True, eq=False)
class Merge(Union):
    """That people became one."""


@dataclass(kw_only=True, eq=False)
class OrganisationMerge(Union):
    """That organisations became one."""


UNIONS: Mapping[type[ContactRecord], type[Union]] = {Person: Merge, Organisation: OrganisationMerge}


def plan(
    survivor: ContactRecord,
    losers: Sequence[ContactRecord],
    choices: Mapping[str, str],
    default_region: str = "",
    barred: Collection[UUID] = (),
) -> Union:
    """Make the survivor what the merge comes to; the losers stay as they are.

    What is `barred` cannot be the survivor's parent: it is one of them, or below one.

    Raises:
        Invalid: a choice is none, or together they are more than one record can have.
    """
    order = ranked(survivor, losers)
    chosen = check_choices(choices, order)
    merge = UNIONS[type(survivor)](
        survivor_id=survivor.id, merged_ids=[each.id for each in losers], field_choices=dict(choices)
    )
    before = texts(survivor)
    sources = choose_fields(survivor, order, chosen, barred)
    merge.channels = unite_channels(survivor, order, chosen.get(CHANNELS))
    merge.external_ids = _hand_over(survivor, losers)
    survivor.settle(default_region)
    merge.fields = changes(before, survivor, sources)
    for name, most in MOST.items():
        if len(getattr(survivor, name, ())) > most:
            raise Invalid.field("ids", "TOO_MUCH", f"together they have more than {most} {name.replace('_', ' ')}")
    return merge


def become(loser: ContactRecord, survivor_id: UUID, handed_over: Collection[MergedExternalId], now: datetime) -> None:
    """Have a record answer as the survivor; all else stays what it was, for the day that they part."""
    gone = {(each.system, each.value) for each in handed_over if each.source_id == loser.id}
    loser.merged_into, loser.delete_time = survivor_id, now
    if gone:
        loser.external_ids = [each for each in loser.external_ids if (each.system, each.value) not in gone]


def part(
    merge: Union, survivor: ContactRecord, losers: Sequence[ContactRecord], default_region: str = ""
) -> list[ExternalId]:
    """Make the survivor what it was, but for what was edited since; the external ids that go back to their owners."""
    revert_fields(survivor, merge.fields)
    part_channels(survivor, merge.channels, losers)
    handed = [ExternalId(each.system, each.value) for each in merge.external_ids]
    returned = [each for each in handed if each in survivor.external_ids]
    if returned:
        survivor.external_ids = [each for each in survivor.external_ids if each not in returned]
    survivor.settle(default_region)
    return returned


def revive(loser: ContactRecord, merge: Union, returned: Collection[ExternalId]) -> None:
    """Have a record be itself again."""
    loser.merged_into = loser.delete_time = None
    mine = [ExternalId(each.system, each.value) for each in merge.external_ids if each.source_id == loser.id]
    back = [each for each in mine if each in returned]
    if back:
        loser.external_ids = [*loser.external_ids, *back]


def draft(record: R) -> R:
    """A copy to try things on.

    The collection of channels is not copied: a copy of a mapped one still tells its owner what it takes in.
    """
    others = (each.name for each in fields(record) if each.name != "channels")
    values: dict[str, Any] = {name: copy(getattr(record, name)) for name in others}
    of_channel = [each.name for each in fields(Channel)]
    values["channels"] = [Channel(**{name: getattr(each, name) for name in of_channel}) for each in record.channels]
    return type(record)(**values)


def _hand_over(survivor: ContactRecord, losers: Sequence[ContactRecord]) -> list[MergedExternalId]:
    """Give the survivor the losers' names in systems that have none for it yet."""
    known = {each.system for each in survivor.external_ids}
    handed = []
    for person in losers:
        for each in person.external_ids:
            if each.system not in known:
                known.add(each.system)
                handed.append(MergedExternalId(each.system, each.value, person.id))
    if handed:
        survivor.external_ids = [*survivor.external_ids, *(ExternalId(each.system, each.value) for each in handed)]
    return handed
