"""The channels of records that are merged: united without doubles, and taken apart again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rapport_contact.domain.channel import Channel
from rapport_contact.domain.record import ContactRecord

Key = tuple[type, str, bool]


@dataclass(frozen=True, slots=True)
class ChannelMarks:
    """What a merge may change of a channel."""

    primary: bool = False
    opted_out: bool = False
    verified_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class MergedChannel:
    """A channel of the survivor that a merge added (no `former`, and whose it is) or changed."""

    channel_id: UUID
    source_id: UUID | None = None
    marks: ChannelMarks = ChannelMarks()
    former: ChannelMarks | None = None


def unite_channels(
    survivor: ContactRecord, order: Sequence[ContactRecord], chosen: ContactRecord | None
) -> list[MergedChannel]:
    """Give the survivor every channel of the others that it lacks; what changed.

    What one opted out of, all did; what one verified is verified. Of each kind one current channel is primary: of
    those that were, the chosen person's, or else a verified one, or else that of whoever is first in `order`.
    """
    former = {each.id: _marks(each) for each in survivor.channels}
    known = {_key(each): each for each in survivor.channels}
    sources: dict[UUID, UUID] = {}
    claims: dict[UUID, list[ContactRecord]] = {each.id: [survivor] for each in survivor.channels if each.primary}
    for person in order:
        for channel in person.channels if person is not survivor else ():
            mine = known.get(_key(channel))
            if mine is None:
                mine = known[_key(channel)] = _copy(channel)
                survivor.channels.append(mine)
                sources[mine.id] = person.id
            _combine(mine, channel)
            if channel.primary:
                claims.setdefault(mine.id, []).append(person)
    _choose_primaries(survivor.channels, claims, order, chosen)
    changed = []
    for each in survivor.channels:
        if each.id in sources:
            changed.append(MergedChannel(each.id, sources[each.id], _marks(each)))
        elif _marks(each) != former[each.id]:
            changed.append(MergedChannel(each.id, None, _marks(each), former[each.id]))
    return changed


def part_channels(survivor: ContactRecord, merged: Iterable[MergedChannel], losers: Iterable[ContactRecord]) -> None:
    """Take back what a merge made of the survivor's channels, but for what was edited since."""
    theirs = {(person.id, _key(channel)): channel for person in losers for channel in person.channels}
    by_id = {each.id: each for each in survivor.channels}
    for change in merged:
        channel = by_id.get(change.channel_id)
        if channel is None:
            continue
        if change.former is not None:
            _restore(channel, change.marks, change.former)
        elif change.source_id is not None:
            original = theirs.get((change.source_id, _key(channel)))
            if original is not None and _is_same(channel, original, change.marks):
                survivor.channels.remove(channel)


def _choose_primaries(
    channels: Sequence[Channel],
    claims: dict[UUID, list[ContactRecord]],
    order: Sequence[ContactRecord],
    chosen: ContactRecord | None,
) -> None:
    def merit(channel: Channel) -> tuple[bool, bool, int]:
        people = claims[channel.id]
        return chosen in people, channel.verified_time is not None, -min(order.index(each) for each in people)

    for kind in {type(each.address) for each in channels}:
        claimed = [each for each in channels if type(each.address) is kind and each.id in claims]
        primary = max((each for each in claimed if each.valid_to is None), key=merit, default=None)
        for each in channels:
            if type(each.address) is kind and each.primary != (each is primary):
                each.primary = each is primary


def _combine(mine: Channel, other: Channel) -> None:
    if other.opted_out and not mine.opted_out:
        mine.opted_out = True
    if other.verified_time is not None and mine.verified_time is None:
        mine.verified_time = other.verified_time


def _restore(channel: Channel, marks: ChannelMarks, former: ChannelMarks) -> None:
    for name in ("primary", "opted_out", "verified_time"):
        if getattr(channel, name) == getattr(marks, name) != getattr(former, name):
            setattr(channel, name, getattr(former, name))


def _is_same(channel: Channel, original: Channel, marks: ChannelMarks) -> bool:
    """Whether nobody touched a channel that a merge copied; which one is primary may follow from others."""
    names = ("address", "label", "bounced_time", "valid_from", "valid_to", "source")
    return all(getattr(channel, name) == getattr(original, name) for name in names) and (
        channel.opted_out,
        channel.verified_time,
    ) == (marks.opted_out, marks.verified_time)


def _copy(channel: Channel) -> Channel:
    names = ("address", "label", "normalized", "verified_time", "bounced_time", "opted_out")
    more = ("valid_from", "valid_to", "source")
    return Channel(**{name: getattr(channel, name) for name in (*names, *more)})


def _key(channel: Channel) -> Key:
    return type(channel.address), channel.normalized, channel.valid_to is None


def _marks(channel: Channel) -> ChannelMarks:
    return ChannelMarks(channel.primary, channel.opted_out, channel.verified_time)
