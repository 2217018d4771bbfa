"""Which channel of a record stands in which columns, and what is left for a column that has them as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from google.protobuf import json_format

from rapport_contact.mapping.targets import PARTS, Target

Place = tuple[str, str, int]
"""Kind, label or "" for any, and number from 1."""
_VALUES = {"email": "address", "phone": "number", "website": "uri", "social": "handle"}
_UNSAID = ("verified_time", "bounced_time", "valid_from", "valid_to")
"""What of a channel no column of its own says."""


class Places:
    """The places that some columns have for channels."""

    def __init__(self, columns: Sequence[Target]) -> None:
        self._parts: dict[Place, set[str]] = {}
        for column in columns:
            if column.field in PARTS:
                self._parts.setdefault((column.field, column.label, column.place), set()).add(column.part)

    def of(self, channels: Sequence[Any]) -> dict[Place, int]:
        """Which channel is at each place: those that are true now, the primary first. What has ended has none."""
        current: dict[str, list[int]] = {}
        for number in sorted(range(len(channels)), key=lambda each: not channels[each].primary):
            if not channels[number].HasField("valid_to"):
                current.setdefault(channels[number].WhichOneof("address") or "", []).append(number)
        found: dict[Place, int] = {}
        for kind, label, place in self._parts:
            fitting = [each for each in current.get(kind, ()) if _fits(channels[each], kind, label)]
            if len(fitting) >= place:
                found[kind, label, place] = fitting[place - 1]
        return found

    def cell(self, channels: Sequence[Any], places: Mapping[Place, int], column: Target) -> str:
        """What a column has to say of the channel at its place."""
        place = (column.field, column.label, column.place)
        if place not in places:
            return ""
        channel = channels[places[place]]
        if column.part in ("primary", "opted_out"):
            return "true" if getattr(channel, column.part) else ""
        if column.part == "label":
            return str(channel.label)
        if column.field == "phone":
            number, region = self._phone(channel, place)
            return region if column.part == "region" else number
        if column.field == "postal":
            return _postal(channel.postal, column.part)
        return str(getattr(getattr(channel, column.field), _VALUES[column.field]))

    def rest(self, channels: Sequence[Any], places: Mapping[Place, int]) -> list[dict[str, Any]]:
        """As JSON, the channels that have no place, and those of whom columns do not say everything."""
        at: dict[int, Place] = {}
        leading: dict[str, Place] = {}
        for place, number in places.items():
            at.setdefault(number, place)
            leading.setdefault(place[0], place)
        left = []
        for number, channel in enumerate(channels):
            stands = at.get(number)
            if stands is None or not self._says_all(channel, stands, leads=leading[stands[0]] == stands):
                left.append(self._as_json(channel, stands))
        return left

    def _says_all(self, channel: Any, place: Place, *, leads: bool) -> bool:
        kind, label, _ = place
        parts = self._parts[place]
        said = _as_read(channel.label) if "label" in parts else "" if kind == "social" else label
        return (
            said == channel.label
            and (not channel.opted_out or "opted_out" in parts)
            and (channel.primary == leads or "primary" in parts)
            and not any(channel.HasField(name) for name in _UNSAID)
            and _addressed(kind) <= parts
        )

    def _phone(self, channel: Any, place: Place | None) -> tuple[str, str]:
        """Number and region; a national number whose region has no column in its international form."""
        number, region = channel.phone.number.strip(), channel.phone.region
        if number.startswith("+"):
            return number, region if place is None or "region" in self._parts[place] else ""
        if place is not None and "region" not in self._parts[place]:
            return channel.normalized or number, ""
        return number, region or _region(channel.normalized)

    def _as_json(self, channel: Any, place: Place | None) -> dict[str, Any]:
        """A channel without what it is given anew, its address as a column has it."""
        copy = type(channel)()
        copy.CopyFrom(channel)
        copy.ClearField("id")
        copy.ClearField("normalized")
        kind = channel.WhichOneof("address")
        if kind == "phone":
            copy.phone.number, copy.phone.region = self._phone(channel, place)
        elif kind == "postal":
            copy.postal.lines[:] = _lines(channel.postal.lines)
            for name in ("city", "region", "postcode", "country"):
                setattr(copy.postal, name, getattr(channel.postal, name).strip())
        elif kind:
            address = getattr(copy, kind)
            setattr(address, _VALUES[kind], getattr(address, _VALUES[kind]).strip())
        if kind == "social":
            copy.social.network = channel.social.network.strip().lower()
        return json_format.MessageToDict(copy, preserving_proto_field_name=True)


def _addressed(kind: str) -> set[str]:
    """The parts without which an address is not whole; of a phone its region goes without."""
    return {"lines", "city", "region", "postcode", "country"} if kind == "postal" else {""}


def _fits(channel: Any, kind: str, label: str) -> bool:
    if kind == "social":
        return bool(channel.social.network.strip().lower() == label.lower())
    return not label or bool(channel.label == label)


def _as_read(label: str) -> str:
    """What an import makes of a label."""
    return label.strip().lstrip("* ").lower()


def _postal(address: Any, part: str) -> str:
    if part == "lines":
        return "\n".join(_lines(address.lines))
    if part == "number":  # of the house: it is part of a line
        return ""
    if part.startswith("line"):
        lines = _lines(address.lines)
        place = int(part.removeprefix("line"))
        return lines[place - 1] if len(lines) >= place else ""
    return str(getattr(address, part))


def _lines(lines: Iterable[str]) -> list[str]:
    return [line.strip() for each in lines for line in each.splitlines() if line.strip()]


def _region(normalized: str) -> str:
    import phonenumbers

    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(normalized)) or ""
    except phonenumbers.NumberParseException:
        return ""
