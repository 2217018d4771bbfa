"""Puts cells into the channels of a draft: addresses with their parts, several of one kind, several in one cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from rapport.contact.v1 import channels_pb2
from rapport_contact.mapping.draft import Draft, Put
from rapport_contact.mapping.targets import Target
from rapport_contact.mapping.values import TRUE, country, several

_LINES: Final = ("number", "line1", "line2", "line3")


def channel_put(target: Target) -> Put:
    kind, part = target.field, target.part
    key = (kind, target.label, target.place)
    label = "" if kind == "social" else target.label

    def put(draft: Draft, value: str, column: str) -> None:
        channel = draft.channels.get(key)
        if channel is None:
            channel = draft.channels[key] = channels_pb2.Channel(label=label, source="import")
        draft.columns.setdefault(f"{kind}[{target.label}]#{target.place}", column)
        if part == "label":
            channel.label = value.strip().lstrip("* ").lower()[:60]
        elif part in ("primary", "opted_out"):
            setattr(channel, part, value.strip().casefold() in TRUE)
        elif kind == "postal":
            _postal(draft, key, channel, part, value)
        else:
            _ADDRESS[kind](draft, key, channel, part, value, column)

    return put


def _postal(draft: Draft, key: tuple[str, str, int], channel: channels_pb2.Channel, part: str, value: str) -> None:
    if part == "lines":
        channel.postal.lines.extend(_lines(value))
    elif part in _LINES:
        channel.postal.SetInParent()
        draft.lines.setdefault(key, {})[part] = value.strip()
    else:
        setattr(channel.postal, part, country(value) if part == "country" else value.strip())


def _lines(value: str) -> list[str]:
    """The lines of a cell: what other programs call a street may be more than one."""
    return [line.strip() for line in value.splitlines() if line.strip()]


def _email(
    draft: Draft, key: tuple[str, str, int], channel: channels_pb2.Channel, part: str, value: str, column: str
) -> None:
    first, *others = _split(value)
    channel.email.address = first
    _further(draft, key, channel, "email", "address", others, column)


def _phone(
    draft: Draft, key: tuple[str, str, int], channel: channels_pb2.Channel, part: str, value: str, column: str
) -> None:
    if part == "region":
        channel.phone.region = country(value)
        return
    first, *others = value.split(" ::: ") if " ::: " in value else [value]
    channel.phone.number = first.strip()
    _further(draft, key, channel, "phone", "number", others, column)


def _split(value: str) -> Sequence[str]:
    return several(value) or [value.strip()]


def _further(
    draft: Draft,
    key: tuple[str, str, int],
    channel: channels_pb2.Channel,
    kind: str,
    name: str,
    others: Sequence[str],
    column: str,
) -> None:
    """Channels of their own for the other values of a cell."""
    for offset, other in enumerate(others, 1):
        place = key[2] + 100 * offset
        further = draft.channels[kind, key[1], place] = channels_pb2.Channel(label=channel.label, source="import")
        setattr(getattr(further, kind), name, other.strip())
        draft.columns[f"{kind}[{key[1]}]#{place}"] = column


def _website(
    draft: Draft, key: tuple[str, str, int], channel: channels_pb2.Channel, part: str, value: str, column: str
) -> None:
    channel.website.uri = value.strip()


def _social(
    draft: Draft, key: tuple[str, str, int], channel: channels_pb2.Channel, part: str, value: str, column: str
) -> None:
    channel.social.network, channel.social.handle = key[1].lower(), value.strip()


_ADDRESS: Final = {"email": _email, "phone": _phone, "website": _website, "social": _social}


def finish_channels(draft: Draft) -> None:
    """Put the channels into the message, each address once, in the order of their places.

    What JSON says of a channel goes before what columns say of it; what has ended stands beside them.
    """
    for place, parts in draft.lines.items():
        number = parts.pop("number", "")
        lines = [line for name in _LINES if name in parts for line in _lines(parts[name])]
        if number:
            lines[:1] = [f"{number} {lines[0]}" if lines else number]
        draft.channels[place].postal.lines.extend(lines)
    said = list(draft.message.channels)
    del draft.message.channels[:]
    whole = {_address(channel): channel for channel in said if not channel.HasField("valid_to")}
    seen: set[bytes] = set()
    columns, channels = draft.columns, draft.message.channels
    for (kind, label, order), channel in sorted(draft.channels.items(), key=_place):
        if channel.WhichOneof("address") is None or (written := _address(channel)) in seen:
            continue
        seen.add(written)
        columns[f"channels[{len(channels)}]"] = columns.get(f"{kind}[{label}]#{order}", "")
        channels.append(whole.get(written, channel))
    channels.extend(channel for channel in said if channel.HasField("valid_to") or _address(channel) not in seen)


def _place(item: tuple[tuple[str, str, int], Any]) -> int:
    return item[0][2]


def _address(channel: channels_pb2.Channel) -> bytes:
    """Equal for equal addresses of one kind."""
    kind = channel.WhichOneof("address") or ""
    return kind.encode() + (getattr(channel, kind).SerializeToString(deterministic=True) if kind else b"")
