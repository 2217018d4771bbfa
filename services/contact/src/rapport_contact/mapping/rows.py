"""Makes a message of a row, and remembers which column each part of it came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rapport.contact.v1 import organisations_pb2, people_pb2
from rapport_contact.files.records import Fault
from rapport_contact.mapping.channel_puts import channel_put, finish_channels
from rapport_contact.mapping.draft import Draft, Put
from rapport_contact.mapping.field_puts import (
    annotation_put,
    external_id_put,
    json_put,
    put_annual_revenue,
    put_domains,
    put_gender,
    put_kind,
    put_organisation,
    put_size_band,
    put_stage,
    text_put,
)
from rapport_contact.mapping.targets import JSON, PARTS, TEXTS, ImportedResource, Target, parse
from rapport_contact.mapping.values import DateOrder, Unreadable, day, is_no_day

Message = people_pb2.Person | organisations_pb2.Organisation


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
        finish_channels(draft)
        return draft

    def _put(self, target: Target) -> Put:
        name = target.field
        if name in PARTS:
            return channel_put(target)
        if name == "external_id":
            return external_id_put(target.label)
        if name == "annotation":
            key = target.label if target.place == 1 else f"{target.label} {target.place}"
            return annotation_put(key)
        if name in JSON or name == "tax_ids":
            return json_put(name)
        if name == "gender":
            return put_gender
        if name in TEXTS[self._resource]:
            return text_put(name)
        return {
            "birth_date": self._birth_date,
            "kind": put_kind,
            "lifecycle_stage": put_stage,
            "size_band": put_size_band,
            "annual_revenue": put_annual_revenue,
            "organisation": put_organisation,
            "domain": put_domains,
        }[name]

    def _birth_date(self, draft: Draft, value: str, column: str) -> None:
        if is_no_day(value):
            return
        year, month, number = day(value, self._order)
        draft.message.birth_date.year = year
        draft.message.birth_date.month, draft.message.birth_date.day = month, number
        draft.columns["birth_date"] = column
