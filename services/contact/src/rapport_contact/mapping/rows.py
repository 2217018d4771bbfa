"""Makes a message of a row, and remembers which column each part of it came from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from google.protobuf import json_format

from rapport.contact.v1 import channels_pb2, organisations_pb2, people_pb2
from rapport_contact.files.records import Fault
from rapport_contact.mapping.targets import JSON, PARTS, TEXTS, ImportedResource, Target, parse
from rapport_contact.mapping.values import (
    TRUE,
    DateOrder,
    Unreadable,
    country,
    day,
    is_no_day,
    money,
    person_kind,
    several,
    size_band,
    stage,
)

Message = people_pb2.Person | organisations_pb2.Organisation
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LINES: Final = ("number", "line1", "line2", "line3")


@dataclass(slots=True)
class Draft:
    """A row as a message; `organisation` is the name of the company that a person works for.

    `columns` says, by the beginning of a path in the message (`given_name`, `channels[2]`), where a value came from.
    """

    message: Any
    organisation: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    channels: dict[tuple[str, str, int], channels_pb2.Channel] = field(default_factory=dict)
    lines: dict[tuple[str, str, int], dict[str, str]] = field(default_factory=dict)

    def column_of(self, path: str) -> str:
        """The column behind a path in the message; empty when it is none's."""
        head = path.partition(".")[0]
        return self.columns.get(head) or self.columns.get(head.partition("[")[0], "")


Put = Callable[[Draft, str, str], None]
"""`(draft, value, column) -> None`; raises `Unreadable`."""


class Mapper:
    """Maps the rows of one file. `targets` is a path by column; what a row has beside it is left out."""

    def __init__(
        self, resource: ImportedResource, targets: Mapping[str, str], date_order: DateOrder = DateOrder.DMY
    ) -> None:
        self._message: Callable[[], Message] = (
            people_pb2.Person if resource is ImportedResource.PERSON else organisations_pb2.Organisation
        )
        self._resource = resource
        self._order = date_order
        self._puts: dict[str, Put] = {}
        for column, path in targets.items():
            if path:
                self._puts[column] = self._put(parse(path, resource))

    def draft(self, cells: Mapping[str, str], *, named: bool = False) -> Draft:
        """The message of a row; with `named`, columns without a target are their own (vCards)."""
        draft = Draft(self._message())
        for column, value in cells.items():
            put = self._puts.get(column)
            if put is None and named:
                put = self._puts[column] = self._put(parse(column, self._resource))
            if put is None or not value or value.isspace():
                continue
            try:
                put(draft, value, column)
            except Unreadable as error:
                draft.faults.append(Fault(error.reason, error.message, column))
        self._finish(draft)
        return draft

    def _put(self, target: Target) -> Put:
        name = target.field
        if name in PARTS:
            return _channel_put(target)
        if name == "external_id":
            return lambda draft, value, column: _add_external(draft, target.label, value, column)
        if name == "annotation":
            key = target.label if target.place == 1 else f"{target.label} {target.place}"
            return lambda draft, value, column: _annotate(draft, key, value, column)
        if name in JSON or name == "tax_ids":
            return lambda draft, value, column: _parse_json(draft, name, value, column)
        if name == "gender":
            return _gender
        if name in TEXTS[self._resource]:
            return lambda draft, value, column: _set(draft, name, value, column)
        return {
            "birth_date": self._birth_date,
            "kind": _kind,
            "lifecycle_stage": _stage,
            "size_band": _size_band,
            "annual_revenue": _annual_revenue,
            "organisation": _organisation,
            "domain": _domains,
        }[name]

    def _birth_date(self, draft: Draft, value: str, column: str) -> None:
        if is_no_day(value):
            return
        year, month, number = day(value, self._order)
        draft.message.birth_date.year = year
        draft.message.birth_date.month, draft.message.birth_date.day = month, number
        draft.columns["birth_date"] = column

    @staticmethod
    def _finish(draft: Draft) -> None:
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


def _set(draft: Draft, name: str, value: str, column: str) -> None:
    if not getattr(draft.message, name):
        written = value.strip()
        setattr(draft.message, name, written.replace("_", "-") if name == "locale" else written)
        draft.columns[name] = column


def _gender(draft: Draft, value: str, column: str) -> None:
    if value.strip().casefold() != "unspecified":  # which Outlook writes of everybody of whom it knows none
        _set(draft, "gender", value, column)


def _stage(draft: Draft, value: str, column: str) -> None:
    name = f"LIFECYCLE_STAGE_{stage(value).upper()}"
    draft.message.lifecycle_stage = people_pb2.LifecycleStage.Value(name)
    draft.columns["lifecycle_stage"] = column


def _kind(draft: Draft, value: str, column: str) -> None:
    draft.message.kind = people_pb2.PersonKind.Value(f"PERSON_KIND_{person_kind(value).upper()}")
    draft.columns["kind"] = column


def _size_band(draft: Draft, value: str, column: str) -> None:
    draft.message.size_band = organisations_pb2.SizeBand.Value(f"SIZE_BAND_{size_band(value).upper()}")
    draft.columns["size_band"] = column


def _annual_revenue(draft: Draft, value: str, column: str) -> None:
    revenue = draft.message.annual_revenue
    revenue.units, revenue.nanos, revenue.currency_code = money(value)
    draft.columns["annual_revenue"] = column


def _organisation(draft: Draft, value: str, column: str) -> None:
    name = " ".join(value.split())[:300]
    if _CONTROL.search(name):
        raise Unreadable("CONTROL_CHARACTER", "must not hold control characters")
    draft.organisation = draft.organisation or name
    draft.columns["organisation_id"] = column


def _domains(draft: Draft, value: str, column: str) -> None:
    draft.message.domains.extend(part for one in several(value) for part in one.split(",") if part)
    draft.columns["domains"] = column


def _add_external(draft: Draft, system: str, value: str, column: str) -> None:
    draft.columns[f"external_ids[{len(draft.message.external_ids)}]"] = column
    draft.message.external_ids.add(system=system, value=value.strip())


def _annotate(draft: Draft, key: str, value: str, column: str) -> None:
    draft.columns.setdefault("annotations", column)
    draft.message.annotations[key] = value.strip()


def _parse_json(draft: Draft, name: str, value: str, column: str) -> None:
    try:
        json_format.ParseDict({name: orjson.loads(value)}, draft.message, ignore_unknown_fields=False)
    except (orjson.JSONDecodeError, json_format.ParseError) as error:
        raise Unreadable("INVALID_JSON", f"must be the JSON of {name}") from error
    draft.columns[name] = column


def _channel_put(target: Target) -> Put:
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
