"""What a record has to say in each column of a file: the way back of `rows`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from google.protobuf import json_format
from google.protobuf.message import Message

from rapport.contact.v1 import organisations_pb2, people_pb2
from rapport_contact.mapping.channels import Place, Places
from rapport_contact.mapping.columns import OWN
from rapport_contact.mapping.targets import PARTS, TEXTS, ImportedResource, Target


@dataclass(slots=True)
class Source:
    """A record on its way into a file; `organisation` is the name of the company that a person works for."""

    message: Any
    organisation: str = ""
    channels: Sequence[Any] = ()
    places: Mapping[Place, int] = field(default_factory=dict)


Get = Callable[[Source], str]
"""`source -> cell`"""


class Cells:
    """The cells of the records of one kind, in the order of `columns`."""

    def __init__(self, resource: ImportedResource, columns: Sequence[Target]) -> None:
        self._places = Places(columns)
        self._resource = resource
        self._gets = [self._get(column) for column in columns]

    def row(self, message: Any, organisation: str = "") -> list[str]:
        """The cells of one record; empty where it has nothing to say."""
        channels = list(message.channels)
        source = Source(message, organisation, channels, self._places.of(channels))
        return [get(source) for get in self._gets]

    def _get(self, column: Target) -> Get:
        name = column.field
        if name in PARTS:
            return lambda source: self._places.cell(source.channels, source.places, column)
        if name in TEXTS[self._resource] or (name in OWN[self._resource] and not name.endswith("_time")):
            return lambda source: str(getattr(source.message, name))
        if name == "external_id":
            return lambda source: _external_id(source.message, column)
        if name == "annotation":
            key = column.label if column.place == 1 else f"{column.label} {column.place}"
            return lambda source: str(source.message.annotations.get(key, ""))
        if name.endswith("_time"):
            return lambda source: _time(source.message, name)
        return {
            "organisation": lambda source: source.organisation,
            "channels": lambda source: _json(self._places.rest(source.channels, source.places)),
            "external_ids": lambda source: _json([_dict(each) for each in source.message.external_ids]),
            "annotations": lambda source: _json(dict(sorted(source.message.annotations.items()))),
            "tax_ids": lambda source: _json([_dict(each) for each in source.message.tax_ids]),
            **_OWN_WAY,
        }[name]


def _json(value: Any) -> str:
    return orjson.dumps(value).decode() if value else ""


def _dict(message: Message) -> dict[str, Any]:
    return json_format.MessageToDict(message, preserving_proto_field_name=True)


def _external_id(message: Any, column: Target) -> str:
    found = [each.value for each in message.external_ids if each.system == column.label]
    return found[column.place - 1] if len(found) >= column.place else ""


def _time(message: Any, name: str) -> str:
    return str(getattr(message, name).ToJsonString()) if message.HasField(name) else ""


def _birth_date(source: Source) -> str:
    if not source.message.HasField("birth_date"):
        return ""
    date = source.message.birth_date
    return f"{f'{date.year:04}' if date.year else '-'}-{date.month:02}-{date.day:02}"


def _amount(source: Source) -> str:
    if not source.message.HasField("annual_revenue"):
        return ""
    money = source.message.annual_revenue
    sign = "-" if money.units < 0 or money.nanos < 0 else ""
    parts = f"{abs(money.nanos):09}".rstrip("0").ljust(2, "0")
    return f"{sign}{abs(money.units)}.{parts} {money.currency_code}"


def _word(number: int, enum: Any, prefix: str) -> str:
    return str(enum.Name(number)).removeprefix(prefix).lower() if number else ""


_OWN_WAY: Final[dict[str, Get]] = {
    "birth_date": _birth_date,
    "annual_revenue": _amount,
    "domain": lambda source: ";".join(source.message.domains),
    "kind": lambda source: _word(source.message.kind, people_pb2.PersonKind, "PERSON_KIND_"),
    "lifecycle_stage": lambda source: _word(
        source.message.lifecycle_stage, people_pb2.LifecycleStage, "LIFECYCLE_STAGE_"
    ),
    "size_band": lambda source: _word(source.message.size_band, organisations_pb2.SizeBand, "SIZE_BAND_"),
}
